import type { Client } from 'pg';
import { until } from '../../support/until.ts';

export interface OutboxGrowthOptions {
  readonly client: Client;
  readonly topic: string;
  readonly count: number;
  /** How many events of the topic have been published. */
  readonly published: () => Promise<number>;
}

export interface OutboxGrowth {
  /** The size of the table with its indexes, after each tenth of the events, in bytes. */
  readonly sizes: readonly number[];
  readonly perSecond: number;
}

const perStatement = 1000;
/** As much as a relay that keeps up leaves there at most. */
const mostWaiting = 5000;

/** Sends a great many events through the outbox, as fast as they are published, and looks how large its table gets. */
export async function measureOutboxGrowth(options: OutboxGrowthOptions): Promise<OutboxGrowth> {
  const { client, topic, count, published } = options;
  const sizes: number[] = [];
  const begun = performance.now();
  for (let inserted = 0; inserted < count;) {
    const next = Math.min(count, inserted + perStatement);
    await client.query(
      `INSERT INTO chat.outbox (id, aggregatetype, aggregateid, type, payload, topic, headers, sequence, created_at)
       SELECT gen_random_uuid(), 'task', gen_random_uuid(), 'task-created', to_json(repeat('x', 600)), $2,
         '{}', 1, clock_timestamp() FROM generate_series(1, $1)`,
      [next - inserted, topic],
    );
    await client.query(`SELECT pg_notify('chat_changes', 'bench')`);
    const tenth = (number: number) => Math.floor((10 * number) / count);
    if (tenth(next) > tenth(inserted)) sizes.push(await outboxBytes(client));
    inserted = next;
    await until(async () => (await published()) >= inserted - mostWaiting, 60_000);
  }
  await until(async () => (await published()) >= count, 60_000);
  return { sizes, perSecond: Math.round((count / (performance.now() - begun)) * 1000) };
}

export async function outboxBytes(client: Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(`SELECT pg_total_relation_size('chat.outbox') AS bytes`);
  return Number(rows[0]!.bytes);
}
