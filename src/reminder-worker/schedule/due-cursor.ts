/** A place in the order in which reminders are claimed. */
export interface Place {
  readonly fireAt: Date;
  readonly taskId: string;
}

/**
 * How far a worker has got with what is due. It keeps claims from passing over the remains of all that was published
 * before, which PostgreSQL cannot remove while a transaction anywhere might still look at them.
 */
export interface DueCursor {
  /** Nothing pending lies before it, as far as the worker knows. */
  readonly start: Place;
  /** How far it has got with what is overdue; what somebody else held meanwhile lies between `start` and this. */
  readonly reached: Place;
  /** What has come due since then is fresh: it is claimed along with what is overdue, and does not wait for it. */
  readonly freshSince: Date;
}

const lowestId = '00000000-0000-0000-0000-000000000000';

/** Before every task id at that time. */
export function placeAt(fireAt: Date): Place {
  return { fireAt, taskId: lowestId };
}

/** Earlier than any due date that a task can have (the year 0). */
export const longAgo = new Date(-1e14);

export const beginning: DueCursor = { start: placeAt(longAgo), reached: placeAt(longAgo), freshSince: longAgo };

/** The cursor once reminders were added, the earliest of them at this time. */
export function movedBack(cursor: DueCursor, addedAt: Date): DueCursor {
  const added = placeAt(addedAt);
  return { ...cursor, start: earlier(cursor.start, added), reached: earlier(cursor.reached, added) };
}

/** The cursor, but that it has got past reminders up to this time. */
export function movedOn(cursor: DueCursor, passed: Date): DueCursor {
  const beyond = placeAt(new Date(passed.getTime() + 1));
  return cursor.reached.fireAt < beyond.fireAt ? { ...cursor, reached: beyond } : cursor;
}

function earlier(one: Place, other: Place): Place {
  return one.fireAt < other.fireAt ? one : other;
}
