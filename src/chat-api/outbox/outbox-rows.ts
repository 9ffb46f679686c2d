import type { Queryable } from '../../lib/database.ts';

/** An event that waits to be published. */
export interface OutboxRow {
  readonly id: string;
  /** pg gives bigint as text. */
  readonly position: string;
  readonly topic: string;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly created_at: Date;
  /** An earlier event of the same task is set aside, so this one must wait, too. */
  readonly held: boolean;
}

export interface ReadLimits {
  /** Of each topic. */
  readonly rows: number;
  /** Of each topic's payloads together; the first row of a topic is read whatever its size. */
  readonly bytes: number;
}

/** What is left alone for now. */
export interface Exceptions {
  readonly topics: readonly string[];
  /** Single keys of topics. */
  readonly keys: readonly Pick<OutboxRow, 'topic' | 'key'>[];
}

type Statements = Pick<Queryable, 'query'>;

/**
 * The first rows of each topic, in order, without what is left alone for now. A topic costs one step in
 * the index, however many rows of it wait.
 */
export async function readOutbox(
  database: Statements,
  { limits, except }: { limits: ReadLimits; except: Exceptions },
): Promise<OutboxRow[]> {
  const { topics, keys } = except;
  const values = [topics, limits.rows, limits.bytes, keys.map(({ topic }) => topic), keys.map(({ key }) => key)];
  const { rows } = await database.query<OutboxRow & Record<string, unknown>>(read, values);
  return rows;
}

/** The topics that rows wait for, found by a step in the index for each. The last row is null. */
export const waitingTopics = `
  topics AS (
    (SELECT topic FROM chat.outbox WHERE error_code IS NULL ORDER BY topic LIMIT 1)
    UNION ALL
    SELECT (SELECT topic FROM chat.outbox WHERE error_code IS NULL AND topic > topics.topic ORDER BY topic LIMIT 1)
    FROM topics WHERE topics.topic IS NOT NULL
  )`;

const read = `
  WITH RECURSIVE ${waitingTopics}
  SELECT id, position, rows.topic, key, value, headers, created_at,
    EXISTS (
      SELECT FROM chat.outbox AS earlier WHERE earlier.error_code IS NOT NULL
        AND earlier.topic = rows.topic AND earlier.aggregateid = key AND earlier.position < rows.position
    ) AS held
  FROM topics CROSS JOIN LATERAL (
    SELECT *, row_number() OVER in_order AS number, sum(octet_length(value)) OVER in_order AS bytes
    FROM (
      SELECT id, position, topic, aggregateid AS key, payload::text AS value, headers, created_at
      FROM chat.outbox WHERE error_code IS NULL AND topic = topics.topic
        AND (topic, aggregateid) NOT IN (SELECT * FROM unnest($4::text[], $5::text[]))
      ORDER BY position LIMIT $2
    ) AS first
    WINDOW in_order AS (ORDER BY position)
  ) AS rows
  WHERE topics.topic <> ALL($1) AND (number = 1 OR bytes <= $3)
  ORDER BY rows.topic, position`;

export async function deleteFromOutbox(database: Statements, rows: readonly OutboxRow[]): Promise<void> {
  await database.query('DELETE FROM chat.outbox WHERE id = ANY($1::uuid[])', [rows.map(({ id }) => id)]);
}
