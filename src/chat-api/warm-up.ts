import { randomUUID } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import { withTransaction, type Database } from '../lib/database.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { runTool } from './chat/run-tool.ts';
import { readCommand } from './quick-add/command.ts';
import type { ChangeContext } from './tasks/change-context.ts';
import { keepChange } from './tasks/undo-change.ts';

export interface WarmUpOptions {
  readonly database: Database;
  readonly publisher: { prepare(): Promise<void> };
  readonly topics: ChangeContext['topics'];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long the start waits at most: what is away then is waited for by whoever asks. */
const warmUpMilliseconds = 5_000;
const connections = 4;
const rounds = 5;

/** Does all that the first change would have to wait for: connects, and runs changes that are rolled back. */
export function createWarmUp(options: WarmUpOptions): Component {
  const { publisher, clock, logger } = options;
  return {
    name: 'warm-up',
    start: async ({ signal }) => {
      const done = new AbortController();
      const changes = rehearse(options).catch((error: unknown) =>
        logger.debug({ err: error }, 'The first change will take longer than others'),
      );
      const late = clock.sleep(warmUpMilliseconds, AbortSignal.any([done.signal, signal]));
      await Promise.race([Promise.all([publisher.prepare(), changes]), late]);
      done.abort();
    },
    stop: () => {},
  };
}

async function rehearse(options: WarmUpOptions): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await Promise.all(Array.from({ length: connections }, () => rehearseOnce(options)));
  }
}

/** A change of nobody's tasks, of which nothing stays. */
async function rehearseOnce({ database, topics, clock }: WarmUpOptions): Promise<void> {
  const time = { now: clock.now(), zone: 'UTC' };
  const rollback = new Error('Rolls the transaction back');
  const changed = withTransaction(database, async (transaction) => {
    const ids = { userId: randomUUID(), correlationId: randomUUID() };
    const change = { transaction, ...ids, now: time.now, newId: randomUUID, writes: [], topics };
    for (const message of ['Warm up tomorrow at 9am #test', 'move it to friday 10:00', 'delete it']) {
      await runTool(readCommand(message, time), { change, time }, 'warm-up');
    }
    keepChange(change);
    throw rollback;
  });
  await changed.catch((error: unknown) => {
    if (error !== rollback) throw error;
  });
}
