import { fileURLToPath } from 'node:url';
import type { Clock } from '../lib/clock.ts';
import type { Database } from '../lib/database.ts';
import { isRetryable } from '../lib/errors.ts';
import type { Check } from '../lib/health.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { migrate } from '../lib/migrations.ts';
import { outlast } from '../lib/outlast.ts';

const backoff = { initial: 200, maximum: 5000, factor: 2, jitter: 'full' } as const;

export interface Schema extends Component {
  /** Fails until the schema is up to date: nothing can be answered before. */
  readonly check: Check;
}

/** Brings the schema `chat` up to date, as soon as the database can be reached. */
export function createSchema(database: Database, clock: Clock, logger: Logger): Schema {
  let isUpToDate = false;
  return {
    name: 'database schema',
    start: async ({ signal }) => {
      const onFailure = (error: unknown, attempt: number) => {
        if (attempt === 1) logger.warn({ err: error }, 'Waiting for the database');
      };
      const patience = { clock, backoff, signal, isToOutlast: isRetryable, onFailure };
      const files = await outlast(() => migrateChat(database), patience);
      isUpToDate = true;
      if (files.length > 0) logger.info({ files }, 'Brought the database schema up to date');
    },
    stop: () => {},
    check: () => {
      if (!isUpToDate) throw new Error('the database schema is not up to date yet');
    },
  };
}

/** @returns the files that ran */
export function migrateChat(database: Database): Promise<string[]> {
  const directory = fileURLToPath(new URL('./migrations', import.meta.url));
  return migrate(database, { schema: 'chat', directory });
}
