import { expect, it } from '@jest/globals';
import { Announcements, type AnnouncementOptions } from '../../../../src/chat-api/live/announcements.ts';
import { systemClock } from '../../../../src/lib/clock.ts';
import { createLogger } from '../../../../src/lib/log.ts';

it('announces changes that come while a statement is under way in one more, also those of one user', async () => {
  const statements: unknown[] = [];
  let answer = (): void => {};
  const database = {
    query: (_: string, [, users]: readonly unknown[]) => {
      statements.push(users);
      return new Promise<void>((resolve) => (answer = resolve));
    },
  } as unknown as AnnouncementOptions['database'];
  const logger = createLogger({ name: 'test', level: 'silent' });
  const announcements = new Announcements({ database, logger, clock: systemClock });
  announcements.announce('one');
  await new Promise(setImmediate);
  for (let changes = 0; changes < 3; changes += 1) announcements.announce('one');
  announcements.announce('two');
  for (let answers = 0; answers < 5; answers += 1) {
    answer();
    await new Promise(setImmediate);
  }
  expect(statements).toEqual([['one'], ['one', 'two']]);
});
