import { startKafka } from '../../localcluster/parts/kafka.ts';
import { Kafka, logLevel } from 'kafkajs';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageFlow } from './support/message-flow.ts';
const kafka = await startKafka({ brokers: 3, properties: { 'min.insync.replicas': 2 } });
const client = new Kafka({ brokers: kafka.bootstrapServers.split(','), logLevel: logLevel.NOTHING });
const admin = client.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic: 'flow', numPartitions: 3, replicationFactor: 3 }], waitForLeaders: true });
for (let round = 0; round < Number(process.env['ROUNDS'] ?? 2); round += 1) {
  for (const broker of kafka.brokers) {
    const flow = await MessageFlow.start({ clientId: 'x', bootstrapServers: kafka.bootstrapServers.split(',') }, 'flow', 'group');
    const figures = await flow.during(async () => {
    await delay(3000);
    console.log('restart');
    if (process.env['KILL']) await broker.kill(); else await broker.stop();
    await delay(15000);
    await broker.start();
    await delay(5000);
    });
    console.log(JSON.stringify(figures));
    await flow.stop();
  }
}
await admin.disconnect();
await kafka.stop();
