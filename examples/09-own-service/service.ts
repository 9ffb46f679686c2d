// Places an order, and prints every order that it reads, until it is stopped.
//   npm install kafkajs && KAFKA_SECRET=/etc/kafka-user node service.ts
import { existsSync, readFileSync } from 'node:fs';
import { Kafka } from 'kafkajs';

// The EventUser's Secret, mounted as a volume: one file per key.
const folder = process.env['KAFKA_SECRET'] ?? '/etc/kafka-user';
const read = (key: string) => readFileSync(`${folder}/${key}`, 'utf8');

const usesTls = read('security.protocol') === 'SASL_SSL';
const kafka = new Kafka({
  clientId: 'order-service',
  brokers: read('bootstrap.servers').split(','),
  // Without ca.crt, the certificate must be from an authority that Node knows.
  ssl: usesTls && (existsSync(`${folder}/ca.crt`) ? { ca: read('ca.crt') } : true),
  sasl: { mechanism: 'scram-sha-512', username: read('username'), password: read('password') },
});

const producer = kafka.producer({ idempotent: true });
await producer.connect();
await producer.send({
  topic: 'orders',
  messages: [{ key: 'order-typescript', value: JSON.stringify({ item: 'apples', from: 'typescript' }) }],
});

const consumer = kafka.consumer({ groupId: 'order-service-typescript' });
await consumer.connect();
await consumer.subscribe({ topics: ['orders'], fromBeginning: true });
await consumer.run({
  // The offset is committed after this returns: a crash repeats the message, so handle each key only once.
  eachMessage: ({ partition, message }) => {
    console.log(`partition ${partition} offset ${message.offset}: ${String(message.value)}`);
    return Promise.resolve();
  },
});

process.once('SIGTERM', () => {
  void Promise.all([consumer.disconnect(), producer.disconnect()]).then(() => process.exit(0));
});
