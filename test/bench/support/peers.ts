import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import { Client } from 'pg';
import { PgBoss } from 'pg-boss';
import { until } from '../../support/until.ts';

/** Jobs that are due at given times, and when each was begun. All times in epoch milliseconds. */
export interface Peer {
  readonly name: string;
  /** @returns how late each was, in milliseconds, when all have been begun */
  fire(dueAt: readonly number[]): Promise<number[]>;
  stop(): Promise<void>;
}

const queue = 'remind';
const concurrency = 10;
const pollMilliseconds = 100;
/** The shortest that pg-boss takes. */
const bossPollSeconds = 0.5;
const bossBatch = 200;
const patienceMilliseconds = 300_000;

/**
 * graphile-worker in this process, on a database of its own. Its jobs only note the time: what the reminder worker does
 * besides, such as publishing to Kafka, they need not.
 */
export async function startGraphileWorker(databaseUri: string): Promise<Peer> {
  const begun: number[] = [];
  // It would log a line for each job.
  const logger = new Logger(() => () => {});
  const utils = await makeWorkerUtils({ connectionString: databaseUri, logger });
  await utils.migrate();
  const runner = await run({
    connectionString: databaseUri,
    logger,
    ...{ concurrency, pollInterval: pollMilliseconds, noHandleSignals: true, maxPoolSize: concurrency + 2 },
    taskList: {
      [queue]: (payload) => {
        const { dueAt } = payload as { dueAt: number };
        begun.push(Date.now() - dueAt);
      },
    },
  });
  const client = new Client({ connectionString: databaseUri });
  await client.connect();
  return {
    name: `graphile-worker (${concurrency} at once, polls every ${pollMilliseconds} ms)`,
    fire: async (dueAt) => {
      begun.length = 0;
      await client.query(
        `SELECT graphile_worker.add_job('${queue}', json_build_object('dueAt', due_at), run_at := to_timestamp(due_at / 1000.0))
         FROM unnest($1::float8[]) AS due_at`,
        [dueAt],
      );
      await until(() => begun.length >= dueAt.length, patienceMilliseconds);
      return [...begun];
    },
    stop: async () => {
      await runner.stop();
      await utils.release();
      await client.end();
    },
  };
}

/** pg-boss in this process, on a database of its own; its jobs only note the time, too. */
export async function startPgBoss(databaseUri: string): Promise<Peer> {
  const begun: number[] = [];
  const boss = new PgBoss(databaseUri);
  boss.on('error', (error) => console.error(error));
  await boss.start();
  await boss.createQueue(queue);
  await boss.work<{ dueAt: number }>(
    queue,
    { batchSize: bossBatch, pollingIntervalSeconds: bossPollSeconds },
    (jobs) => {
      for (const { data } of jobs) begun.push(Date.now() - data.dueAt);
      return Promise.resolve();
    },
  );
  return {
    name: `pg-boss (batches of ${bossBatch}, polls every ${bossPollSeconds * 1000} ms)`,
    fire: async (dueAt) => {
      begun.length = 0;
      const jobs = dueAt.map((time) => ({ data: { dueAt: time }, startAfter: new Date(time) }));
      for (let first = 0; first < jobs.length; first += 1000) await boss.insert(queue, jobs.slice(first, first + 1000));
      await until(() => begun.length >= dueAt.length, patienceMilliseconds);
      return [...begun];
    },
    stop: () => boss.stop({ graceful: false }),
  };
}
