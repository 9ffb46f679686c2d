import { encodeEvent } from '../events/encode.ts';
import type { EncodedEvent } from '../events/message.ts';
import { batches } from '../kafka/batches.ts';
import type { Unsent } from '../kafka/send-each.ts';
import type { Clock } from '../lib/clock.ts';
import { errorCode, ExpectedError, toError } from '../lib/errors.ts';
import { openTask } from './open-task.ts';
import { reminderDueEvent } from './reminder-due.ts';
import type { DueReminder } from './schedule/due-reminders.ts';
import type { UntakenReminder } from './schedule/fire-due-reminders.ts';
import { cutTitle, longestTitle } from './title.ts';

export interface ReminderPublisherOptions {
  /** Resolves when Kafka has acknowledged all of them, but for those it returns: their partitions take none now. */
  readonly send: (messages: readonly EncodedEvent[]) => Promise<Unsent<EncodedEvent>>;
  readonly clock: Clock;
}

interface Outgoing {
  readonly reminder: DueReminder;
  readonly message: EncodedEvent;
}

/** How much is sent at once at first: well below the megabyte that Kafka takes for one partition when nobody says otherwise. */
const usualBytes = 512 * 1024;
/** What a message has beside key and value: its headers, and Kafka's own lengths. */
const overheadBytes = 512;
/** Where even a title that was cut does not fit, the topic takes next to nothing. */
const shortTitle = 60;
/** Less than the time after which the database takes the claimed rows back. */
const limitMilliseconds = 10_000;

/**
 * Publishes reminders, in requests that the topic takes: when one was too large, this and all later ones are smaller. A
 * reminder that does not fit by itself is sent with a short title, and is refused when that does not fit either.
 */
export class ReminderPublisher {
  readonly #options: ReminderPublisherOptions;
  #requestBytes = usualBytes;

  constructor(options: ReminderPublisherOptions) {
    this.#options = options;
  }

  /**
   * @returns what Kafka does not take; the others are acknowledged
   * @throws {ExpectedError} PublishTimeout, with a KafkaErrorCode; some may have been published all the same
   */
  async publish(reminders: readonly DueReminder[]): Promise<readonly UntakenReminder[]> {
    const done = new AbortController();
    const late = this.#options.clock.sleep(limitMilliseconds, done.signal).then(() => {
      if (done.signal.aborted) return [];
      const message = `Kafka has not acknowledged ${reminders.length} reminders within ${limitMilliseconds} ms`;
      throw new ExpectedError('PublishTimeout', message, { retryable: true });
    });
    try {
      return await Promise.race([this.#publishAll(reminders, done.signal), late]);
    } finally {
      done.abort();
    }
  }

  async #publishAll(reminders: readonly DueReminder[], signal: AbortSignal): Promise<UntakenReminder[]> {
    const { outgoing, refused: untaken } = this.#encode(reminders, longestTitle);
    for (let left: readonly Outgoing[] = outgoing; left.length > 0 && !signal.aborted;) {
      const limits = { items: left.length, weight: this.#requestBytes };
      const [request = []] = batches(left, limits, (one) => sizeOf([one]));
      const sent = await this.#send(request);
      if (!(sent instanceof Error)) {
        untaken.push(...sent);
        left = left.slice(request.length);
      } else if (request.length > 1) this.#requestBytes = Math.ceil(sizeOf(request) / 2);
      else {
        untaken.push(...(await this.#sendShort(request[0]!.reminder)));
        left = left.slice(1);
      }
    }
    return untaken;
  }

  /** One that cannot be encoded is refused, so that the others do not wait for it. */
  #encode(reminders: readonly DueReminder[], longest: number): { outgoing: Outgoing[]; refused: UntakenReminder[] } {
    const now = this.#options.clock.now();
    const outgoing: Outgoing[] = [];
    const refused: UntakenReminder[] = [];
    for (const reminder of reminders) {
      const task = openTask(reminder.state);
      if (!task) continue;
      try {
        const event = reminderDueEvent(reminder, { ...task, title: cutTitle(task.title, longest) }, now);
        outgoing.push({ reminder, message: encodeEvent(event, task.version) });
      } catch (error) {
        refused.push({ reminder, error: toError(error) });
      }
    }
    return { outgoing, refused };
  }

  async #sendShort(reminder: DueReminder): Promise<readonly UntakenReminder[]> {
    const { outgoing, refused } = this.#encode([reminder], shortTitle);
    const sent = await this.#send(outgoing);
    return sent instanceof Error ? [{ reminder, error: sent }] : [...refused, ...sent];
  }

  /** @returns what could not be sent; or the error when they are too large for the topic */
  async #send(request: readonly Outgoing[]): Promise<readonly UntakenReminder[] | Error> {
    try {
      const unsent = await this.#options.send(request.map(({ message }) => message));
      return request.flatMap(({ reminder, message }) => {
        const error = unsent.get(message);
        return error ? [{ reminder, error, isPassing: true }] : [];
      });
    } catch (error) {
      if (errorCode(error) !== 'MessageTooLarge') throw error;
      return toError(error);
    }
  }
}

function sizeOf(outgoing: readonly Outgoing[]): number {
  return outgoing.reduce((sum, { message }) => sum + Buffer.byteLength(message.value) + overheadBytes, 0);
}
