import type { ReminderDue } from '../../events/catalogue.ts';

/** A reminder as pages get it. */
export interface Reminder {
  /** The event's id: the same when it arrives again. */
  readonly id: string;
  readonly task_id: string;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly due_date: string;
  readonly lead_time_seconds: number;
  /** When the worker fired it; ISO 8601, UTC. */
  readonly fired_at: string;
}

export interface NumberedReminder {
  /** Grows with each reminder that this replica reads; milliseconds since the epoch, so that replicas agree roughly. */
  readonly number: number;
  readonly reminder: Reminder;
}

export type ReminderListener = (reminder: NumberedReminder) => void;

/** How many of a user's reminders are kept for pages that come back. */
const kept = 100;

/** The reminders that have fired lately, by user, for the pages that are open and those that connect again. */
export class RecentReminders {
  readonly #byUser = new Map<string, NumberedReminder[]>();
  readonly #listeners = new Map<string, Set<ReminderListener>>();
  #last = 0;

  add(event: ReminderDue): void {
    const { task_id, title, due_date, user_id, lead_time_seconds } = event.payload;
    const recent = this.#byUser.get(user_id) ?? [];
    if (recent.some(({ reminder }) => reminder.id === event.event_id)) return;
    this.#last = Math.max(this.#last + 1, Date.parse(event.timestamp));
    const reminder = { id: event.event_id, task_id, title, due_date, lead_time_seconds, fired_at: event.timestamp };
    const numbered = { number: this.#last, reminder };
    this.#byUser.set(user_id, [...recent.slice(1 - kept), numbered]);
    for (const listener of this.#listeners.get(user_id) ?? []) listener(numbered);
  }

  /** The user's reminders after the number, in order. */
  since(userId: string, number: number): NumberedReminder[] {
    return (this.#byUser.get(userId) ?? []).filter((recent) => recent.number > number);
  }

  /** The number of the last reminder. */
  get last(): number {
    return this.#last;
  }

  /** @returns ends the listening */
  onReminder(userId: string, listener: ReminderListener): () => void {
    const listeners = this.#listeners.get(userId) ?? new Set();
    this.#listeners.set(userId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(userId);
    };
  }
}
