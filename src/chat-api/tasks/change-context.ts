import type { Queryable } from '../../lib/database.ts';

/** Who changes something, why, and in which transaction: what every change of a task needs. */
export interface ChangeContext {
  readonly transaction: Queryable;
  readonly userId: string;
  /** UUID that goes from the request into the event and the log. */
  readonly correlationId: string;
  /** W3C trace context of the request, passed on in the event's headers. */
  readonly traceparent?: string | undefined;
  readonly now: Date;
  /** Gives UUIDs. */
  readonly newId: () => string;
  readonly topics: { readonly events: string; readonly updates: string };
}
