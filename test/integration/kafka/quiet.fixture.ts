/** Sends and receives one message, in a process whose stderr a test looks at. */
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { createLogger } from '../../../src/lib/log.ts';

const connection = JSON.parse(process.argv[2] ?? '') as KafkaConnection;
const logger = createLogger({ name: 'fixture', level: 'warn', destination: process.stderr });
const producer = createProducer(connection, { logger });
await producer.send('secret', [{ key: 'a', value: 'b' }]);
const received = Promise.withResolvers<string>();
const consumer = createConsumer(connection, {
  groupId: 'quiet',
  topics: ['secret'],
  logger,
  process: ([message]) => Promise.resolve(received.resolve(String(message?.value))),
});
await consumer.start({ signal: new AbortController().signal, fail: () => {} });
process.stdout.write(`${await received.promise}\n`);
await consumer.stop();
await producer.stop();
