import type { Queryable } from '../../lib/database.ts';
import type { OutboxRow } from './outbox-rows.ts';

/** The error of a row that would be published, but for an earlier event of its task. */
const waitsForEarlier = 'WaitsForEarlierEvent';
const waitsMessage = 'An earlier event of this task is set aside, and must not be overtaken';

type Statements = Pick<Queryable, 'query'>;

/** A row that its topic does not take, and why. */
export interface RefusedRow {
  readonly row: OutboxRow;
  readonly code: string;
  readonly message: string;
}

/** Keeps the rows in the outbox with their errors; the relay reads them no more. */
export async function setAside(database: Statements, refused: readonly RefusedRow[], now: Date): Promise<void> {
  await database.query(
    `UPDATE chat.outbox SET error_code = code, error_message = message, set_aside_at = $4
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS refused (refused_id, code, message) WHERE id = refused_id`,
    [refused.map(({ row }) => row.id), refused.map(({ code }) => code), refused.map(({ message }) => message), now],
  );
}

/** Keeps rows from being read that must not overtake one that is set aside. */
export async function holdBack(database: Statements, rows: readonly OutboxRow[], now: Date): Promise<void> {
  const held = rows.map((row) => ({ row, code: waitsForEarlier, message: waitsMessage }));
  await setAside(database, held, now);
}

/** @returns the topics of rows that were set aside since they are too large */
export async function topicsWithTooLarge(database: Statements): Promise<string[]> {
  const { rows } = await database.query<{ topic: string }>(
    `SELECT DISTINCT topic FROM chat.outbox WHERE error_code = 'MessageTooLarge'`,
  );
  return rows.map(({ topic }) => topic);
}

/** Has rows read again that were too large for a topic, and would fit now. */
export async function releaseFitting(database: Statements, topic: string, maximumBytes: number): Promise<void> {
  await database.query(
    `UPDATE chat.outbox SET ${released}
     WHERE error_code = 'MessageTooLarge' AND topic = $1
       AND octet_length(payload::text) + octet_length(headers::text) + 256 <= $2`,
    [topic, maximumBytes],
  );
}

/**
 * Has rows read again that wait for none any longer: the one before them was published, deleted, or is to be sent again.
 */
export async function releaseHeld(database: Statements): Promise<void> {
  await database.query(
    `UPDATE chat.outbox AS held SET ${released}
     WHERE error_code = '${waitsForEarlier}' AND NOT EXISTS (
       SELECT FROM chat.outbox AS earlier WHERE earlier.error_code <> '${waitsForEarlier}'
         AND earlier.topic = held.topic AND earlier.aggregateid = held.aggregateid AND earlier.position < held.position
     )`,
  );
}

const released = 'error_code = NULL, error_message = NULL, set_aside_at = NULL';

/** An event that is set aside, as people look at it; without its payload, which is a user's. */
export interface SetAsideEvent {
  readonly id: string;
  readonly type: string;
  readonly topic: string;
  readonly taskId: string;
  readonly version: number;
  /** Of the payload. */
  readonly bytes: number;
  readonly code: string;
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** How many events one look lists. */
const listed = 100;

/** The events that are set aside, in order; the first hundred. */
export async function listSetAside(database: Statements): Promise<SetAsideEvent[]> {
  const { rows } = await database.query<Omit<SetAsideEvent, 'version' | 'since'> & { version: string; since: Date }>(
    `SELECT id, type, topic, aggregateid AS "taskId", sequence AS version, octet_length(payload::text) AS bytes,
       error_code AS code, error_message AS message, set_aside_at AS since
     FROM chat.outbox WHERE error_code IS NOT NULL ORDER BY topic, aggregateid, position LIMIT ${listed}`,
  );
  return rows.map(({ version, since, ...row }) => ({ ...row, version: Number(version), since: since.toISOString() }));
}
