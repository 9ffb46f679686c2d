/** A consumer in a process of its own, that prints each message and dies by SIGKILL before it commits the tenth. */
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createLogger } from '../../../src/lib/log.ts';

const [bootstrapServers = '', topic = '', groupId = ''] = process.argv.slice(2);
let count = 0;
const consumer = createConsumer(
  { bootstrapServers: bootstrapServers.split(','), clientId: 'fixture' },
  {
    groupId,
    topics: [topic],
    maximumMessages: 1,
    sessionMilliseconds: 1500,
    logger: createLogger({ name: 'fixture', level: 'warn', destination: process.stderr }),
    process: ([message]) => {
      process.stdout.write(`${String(message?.value)}\n`);
      if (++count === 10) process.kill(process.pid, 'SIGKILL');
      return Promise.resolve();
    },
  },
);
await consumer.start({ signal: new AbortController().signal, fail: () => {} });
