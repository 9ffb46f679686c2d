import { expect, it } from '@jest/globals';
import { createReminderFeed } from '../../../../src/chat-api/live/reminder-feed.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import { createLogger } from '../../../../src/lib/log.ts';

it('waits at its start for a database that is away', async () => {
  let asked = 0;
  const consumerGroup = () => {
    asked += 1;
    const away = new ExpectedError('DatabaseUnreachable', 'as scripted', { retryable: true });
    return asked < 3 ? Promise.reject(away) : Promise.resolve('group');
  };
  const feed = createReminderFeed({
    connection: { bootstrapServers: ['127.0.0.1:9'], clientId: 'test' },
    topic: 'reminders',
    reminders: { consumerGroup, add: () => Promise.resolve() },
    clock: { ...systemClock, sleep: () => Promise.resolve() },
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  await feed.start({ signal: new AbortController().signal, fail: (error) => expect(error).toBeUndefined() });
  expect(asked).toBe(3);
  await feed.stop();
});
