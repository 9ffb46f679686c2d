import type { Queryable } from '../../lib/database.ts';
import { waitingTopics } from './outbox-rows.ts';

export interface OutboxStatus {
  readonly pending: number;
  /** Age of the oldest event that waits; 0 when none does. */
  readonly oldestSeconds: number;
  /** How many events their topics do not take, with those that must not overtake them. */
  readonly setAside: number;
}

export async function outboxStatus(database: Queryable, now: Date): Promise<OutboxStatus> {
  const [heads, counts] = await Promise.all([
    outboxHeads(database),
    database.query<{ pending: string; set_aside: string }>(
      `SELECT (SELECT count(*) FROM chat.outbox WHERE error_code IS NULL) AS pending,
         (SELECT count(*) FROM chat.outbox WHERE error_code IS NOT NULL) AS set_aside`,
    ),
  ]);
  const { pending, set_aside: setAside } = counts.rows[0]!;
  const ages = heads.map(({ createdAt }) => (now.getTime() - createdAt.getTime()) / 1000);
  return { pending: Number(pending), oldestSeconds: Math.max(0, ...ages), setAside: Number(setAside) };
}

/** The event of a topic that is the next to be published. */
export interface OutboxHead {
  readonly topic: string;
  readonly position: string;
  readonly createdAt: Date;
}

export async function outboxHeads(database: Queryable): Promise<OutboxHead[]> {
  const { rows } = await database.query<{ topic: string; position: string; createdAt: Date }>(
    `WITH RECURSIVE ${waitingTopics}
     SELECT head.* FROM topics CROSS JOIN LATERAL (
       SELECT topic, position, created_at AS "createdAt" FROM chat.outbox
       WHERE error_code IS NULL AND topic = topics.topic ORDER BY position LIMIT 1
     ) AS head`,
  );
  return rows;
}
