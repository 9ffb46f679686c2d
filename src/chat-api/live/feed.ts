import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../lib/database.ts';
import { Wakeup } from '../../lib/wakeup.ts';
import { changesSince, currentRevision } from '../tasks/changes-since.ts';
import type { Announcements } from './announcements.ts';
import { lastReminder, remindersSince } from './reminders.ts';

export interface FeedDependencies {
  readonly database: Database;
  readonly announcements: Pick<Announcements, 'onChange'>;
  readonly clock: Clock;
}

/** What a page has seen: the user's revision, and the number of the last reminder. Both are counted by the database. */
export interface FeedPosition {
  readonly revision: number;
  readonly reminder: number;
}

/** A server-sent event; a heartbeat keeps proxies from closing a silent connection. */
export type FeedItem =
  | {
      readonly kind: 'event';
      readonly id: string;
      readonly event: 'ready' | 'task' | 'reminder';
      readonly data: unknown;
    }
  | { readonly kind: 'heartbeat' };

const heartbeatMilliseconds = 15_000;

export function formatPosition({ revision, reminder }: FeedPosition): string {
  return `${revision}.${reminder}`;
}

/** The position that a Last-Event-ID names; undefined for one that we never gave. */
export function parsePosition(id: string | undefined): FeedPosition | undefined {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(id ?? '');
  return match ? { revision: Number(match[1]), reminder: Number(match[2]) } : undefined;
}

/**
 * What a page is told: that it may read the list now (`ready`), then every change of the user's tasks and every
 * reminder, until the signal aborts. A page that comes back with its last position misses no task: each that changed
 * meanwhile is sent as it is now. Also looks by itself with each heartbeat, should an announcement be lost.
 */
export async function* feed(
  { database, announcements, clock }: FeedDependencies,
  userId: string,
  from: FeedPosition | undefined,
  signal: AbortSignal,
): AsyncGenerator<FeedItem> {
  const wakeup = new Wakeup(clock);
  const end = announcements.onChange((changed) => (changed === undefined || changed === userId) && wakeup.wake());
  try {
    let { revision, reminder } = await startingPosition(database, userId, from);
    const item = (event: 'ready' | 'task' | 'reminder', data: unknown) =>
      ({ kind: 'event', id: formatPosition({ revision, reminder }), event, data }) as const;
    yield item('ready', { revision });
    while (!signal.aborted) {
      const changes = await changesSince(database, userId, revision);
      for (const { revision: changed, ...change } of changes) {
        revision = changed;
        yield item('task', change);
      }
      for (const fired of await remindersSince(database, userId, { number: reminder, now: clock.now() })) {
        reminder = fired.number;
        yield item('reminder', fired.reminder);
      }
      if (changes.length > 0) continue;
      await wakeup.sleep(heartbeatMilliseconds, { signal });
      yield { kind: 'heartbeat' };
    }
  } finally {
    end();
  }
}

/**
 * Where a page goes on. A number that is greater than any that was given is not of this database, such as one from
 * before a backup was restored: the page begins anew, as one does that has no position.
 */
async function startingPosition(
  database: Database,
  userId: string,
  from: FeedPosition | undefined,
): Promise<FeedPosition> {
  const [revision, reminder] = await Promise.all([currentRevision(database, userId), lastReminder(database)]);
  return {
    revision: from && from.revision <= revision ? from.revision : revision,
    reminder: from && from.reminder <= reminder ? from.reminder : 0,
  };
}
