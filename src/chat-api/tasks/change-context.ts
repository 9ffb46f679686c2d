import type { Transaction } from '../../lib/database.ts';
import type { NumberedWrite } from './task-content.ts';

/** Who changes something, why, and in which transaction: what every change of a task needs. */
export interface ChangeContext {
  readonly transaction: Transaction;
  readonly userId: string;
  /** UUID that goes from the request into the event and the log. */
  readonly correlationId: string;
  /** W3C trace context of the request, passed on in the event's headers. */
  readonly traceparent?: string | undefined;
  readonly now: Date;
  /** Gives UUIDs. */
  readonly newId: () => string;
  /** Every write of a task is added here: what an undo takes back. */
  readonly writes: NumberedWrite[];
  readonly topics: { readonly events: string; readonly updates: string };
}
