import type { ReminderDue } from '../events/catalogue.ts';
import { decodeEvent } from '../events/decode.ts';
import type { ConsumedMessage } from '../kafka/consumer-options.ts';
import { ExpectedError } from '../lib/errors.ts';

export interface Reminder {
  readonly event: ReminderDue;
  /** As it lies in the topic. */
  readonly body: Buffer;
}

/** @throws {ExpectedError} BatchUnreadable; what `decodeEvent` throws; UnexpectedEvent for any other event */
export function readReminder(message: ConsumedMessage): Reminder {
  if (message.unreadable) throw message.unreadable;
  const { event } = decodeEvent(message);
  if (event.event_type !== 'reminder-due' || message.value === null) {
    throw new ExpectedError('UnexpectedEvent', `A ${event.event_type} is no reminder`);
  }
  return { event, body: message.value };
}
