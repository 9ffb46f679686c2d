import type { Queryable } from '../../lib/database.ts';

/** An event that waits to be published. */
export interface OutboxRow {
  /** pg gives bigint as text. */
  readonly position: string;
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly created_at: Date;
}

/** The first rows in order, without those of the topics that are left alone for now. */
export async function readOutbox(
  database: Pick<Queryable, 'query'>,
  { limit, except }: { limit: number; except: readonly string[] },
): Promise<OutboxRow[]> {
  const { rows } = await database.query<OutboxRow & Record<string, unknown>>(
    `SELECT position, topic, aggregateid AS key, payload::text AS value, headers, created_at FROM chat.outbox
     WHERE topic <> ALL($1) ORDER BY position LIMIT $2`,
    [except, limit],
  );
  return rows;
}

export async function deleteFromOutbox(database: Pick<Queryable, 'query'>, rows: readonly OutboxRow[]): Promise<void> {
  await database.query('DELETE FROM chat.outbox WHERE position = ANY($1::bigint[])', [
    rows.map(({ position }) => position),
  ]);
}

export interface OutboxStatus {
  readonly pending: number;
  /** Age of the oldest event that waits; 0 when none does. */
  readonly oldestSeconds: number;
}

export async function outboxStatus(database: Queryable, now: Date): Promise<OutboxStatus> {
  const { rows } = await database.query<{ pending: string; oldest: Date | null }>(
    'SELECT count(*) AS pending, min(created_at) AS oldest FROM chat.outbox',
  );
  const { pending, oldest } = rows[0]!;
  const age = oldest ? (now.getTime() - oldest.getTime()) / 1000 : 0;
  return { pending: Number(pending), oldestSeconds: Math.max(0, age) };
}
