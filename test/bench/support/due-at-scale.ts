import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { ReminderWorkerProcess } from '../../support/reminder-worker.ts';
import { until } from '../../support/until.ts';
import { addPending, fillPending, type Reminded } from './due-load.ts';
import { limitProcessor } from './processor-limit.ts';
import { processorTime, spent } from './process-usage.ts';
import { ratio, report } from './report.ts';

export interface AtScaleOptions {
  readonly client: Client;
  readonly databaseUri: string;
  /** How many reminders are due at one instant. */
  readonly herd: number;
  readonly limits: { readonly latenessMilliseconds: number; readonly herdPerSecond: number };
  /** Starts one more worker of the same group. */
  readonly startWorker: () => Promise<ReminderWorkerProcess>;
  /** All reminders that were published, once there are so many. */
  readonly read: (count: number) => Promise<readonly Reminded[]>;
}

/** Puts reminders there that are due in days, which is not what is measured. */
export async function fill(client: Client, count: number): Promise<void> {
  const begun = performance.now();
  await fillPending(client, count, `now() + interval '1 day' + n * interval '1 second'`);
  const size = `SELECT pg_size_pretty(sum(pg_total_relation_size(oid)::numeric)) AS size FROM pg_class
    WHERE relname IN ('tasks', 'reminders') AND relkind = 'r'`;
  const { rows } = await client.query<{ size: string }>(size);
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(`${count} pending, put there in ${seconds} s: ${rows[0]!.size} with indexes`);
}

const steady = { perSecond: 1000, seconds: 20 };
/** Reminders of somebody else that come due one by one while the herd is published. */
const others = 190;
/** Long enough to put a herd there before it is due. */
const herdSeconds = 20;
const patienceMilliseconds = 300_000;
/** Two workers without a limit share two cores with the brokers and the database: they cannot add up. */
const confinedCores = 0.25;
const goalOfTwo = 1.6;

/**
 * With a great many pending: reminders that come due steadily, and so while an old snapshot is held open; herds that are
 * due at one instant, of one user, of many, and with a second worker.
 */
export class AtScale {
  readonly #options: AtScaleOptions;
  readonly #workers: ReminderWorkerProcess[] = [];
  #published = 0;

  constructor(options: AtScaleOptions) {
    this.#options = options;
  }

  /** @returns the workers, which have done nothing else */
  async run(): Promise<readonly ReminderWorkerProcess[]> {
    const { startWorker, databaseUri } = this.#options;
    this.#workers.push(await startWorker());
    await this.#steadily('');
    const one = await this.#herd('of one user');
    await this.#herd('each of another user', { isOfMany: true });
    await whileSnapshotIsHeld(databaseUri, () => this.#steadily(' while an old snapshot is held open'));
    const oneConfined = await this.#confined('of one user, one worker');
    this.#workers.push(await startWorker());
    const two = await this.#herd('of one user, two workers');
    console.log(`two workers achieve ${(two / one).toFixed(2)} times what one does`);
    const twoConfined = await this.#confined('of one user, two workers');
    const times = (twoConfined / oneConfined).toFixed(2);
    console.log(`where the cores allow it, two workers achieve ${times} times what one does (goal ${goalOfTwo})`);
    return this.#workers;
  }

  /** What workers achieve that leave most of the cores to what is beneath them. */
  async #confined(name: string): Promise<number> {
    const release = await Promise.all(this.#workers.map(({ process }) => limitProcessor(process.pid!, confinedCores)));
    try {
      return await this.#herd(`${name}, ${confinedCores} of a core each`);
    } finally {
      await Promise.all(release.map((free) => free()));
    }
  }

  async #steadily(when: string): Promise<void> {
    const { client, read, limits } = this.#options;
    const count = steady.perSecond * steady.seconds;
    const before = this.#published;
    const apart = new Set(
      await addPending(client, count, `'${inSeconds(8)}'::timestamptz + n * interval '1 millisecond'`),
    );
    await this.#awaitPublished(before + count);
    const early = (await read(before + count)).filter(({ taskId }) => apart.has(taskId));
    const what = `lateness, ${steady.perSecond} a second for ${steady.seconds} s${when}`;
    report(what, milliseconds(early), limits.latenessMilliseconds);
  }

  /** @returns how many of the herd are published a second */
  async #herd(name: string, { isOfMany = false } = {}): Promise<number> {
    const { client, herd, read, limits } = this.#options;
    const before = this.#published;
    const begin = inSeconds(herdSeconds);
    await fillPending(client, herd, `'${begin}'::timestamptz`, { isOfMany });
    const apart = new Set(
      await addPending(client, others, `'${begin}'::timestamptz + n * interval '100 milliseconds'`),
    );
    await until(() => Date.now() >= Date.parse(begin), 60_000);
    const usageBefore = await processorTime();
    console.log(`${herd} due at once, ${name}; published each second: ${(await this.#rates(before + herd)).join(' ')}`);
    const usage = spent(usageBefore, await processorTime());
    await this.#awaitPublished(before + herd + others);
    const all = await read(before + herd + others);
    // Others come due a tenth of a second after it and later.
    const ofHerd = all.filter(({ dueAt }) => dueAt === Date.parse(begin));
    if (ofHerd.length < herd) throw new Error(`only ${ofHerd.length} of ${herd} reminders are of the herd`);
    const last = ofHerd.reduce((most, one) => Math.max(most, one.milliseconds), 0);
    const rate = Math.round(herd / (last / 1000));
    console.log(`  ${rate} a second in all: ${ratio(rate, limits.herdPerSecond)}; processor time: ${shares(usage)}`);
    const meanwhile = milliseconds(all.filter(({ taskId }) => apart.has(taskId)));
    report(`  lateness of ${others} others meanwhile`, meanwhile, limits.latenessMilliseconds);
    return rate;
  }

  /** How many are published in each second, until so many are. */
  async #rates(count: number): Promise<number[]> {
    const rates: number[] = [];
    for (let before = this.#published, begun = performance.now(); before < count;) {
      await delay(1000);
      const [fired, now] = [await this.#countPublished(), performance.now()];
      rates.push(Math.round((fired - before) / ((now - begun) / 1000)));
      [before, begun] = [fired, now];
    }
    return rates;
  }

  async #awaitPublished(count: number): Promise<void> {
    await until(async () => (await this.#countPublished()) >= count, patienceMilliseconds);
    this.#published = count;
  }

  async #countPublished(): Promise<number> {
    const bodies = await Promise.all(this.#workers.map((worker) => worker.get('/metrics')));
    const count = /^reminder_worker_reminder_lateness_seconds_count\S* (\d+)$/m;
    return bodies.reduce((sum, { body }) => sum + Number(count.exec(body)?.[1]), 0);
  }
}

/** Nothing that was removed since it began can be vacuumed meanwhile. */
async function whileSnapshotIsHeld(databaseUri: string, work: () => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: databaseUri });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await client.query('SELECT 1 FROM reminders.reminders LIMIT 1');
    await work();
  } finally {
    await client.end();
  }
}

function shares(usage: ReadonlyMap<string, number>): string {
  const total = [...usage.values()].reduce((sum, seconds) => sum + seconds, 0);
  const parts = [...usage].map(([name, seconds]) => [name, Math.round((100 * seconds) / total)] as const);
  const shown = parts.filter(([, share]) => share > 0).map(([name, share]) => `${name} ${share} %`);
  return `${shown.join(', ')} of ${total.toFixed(0)} s`;
}

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const milliseconds = (reminded: readonly Reminded[]) => reminded.map((one) => one.milliseconds);
