import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../lib/database.ts';
import { Wakeup } from '../../lib/wakeup.ts';
import { changesSince, currentRevision } from '../tasks/changes-since.ts';
import type { Announcements } from './announcements.ts';
import type { RecentReminders } from './reminders.ts';

export interface FeedDependencies {
  readonly database: Database;
  readonly announcements: Pick<Announcements, 'onChange'>;
  readonly reminders: RecentReminders;
  readonly clock: Clock;
}

/** What a page has seen: the user's revision, and the number of the last reminder. */
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
  { database, announcements, reminders, clock }: FeedDependencies,
  userId: string,
  from: FeedPosition | undefined,
  signal: AbortSignal,
): AsyncGenerator<FeedItem> {
  const wakeup = new Wakeup(clock);
  const ends = [
    announcements.onChange((changed) => (changed === undefined || changed === userId) && wakeup.wake()),
    reminders.onReminder(userId, () => wakeup.wake()),
  ];
  try {
    let { revision, reminder } = from ?? { revision: await currentRevision(database, userId), reminder: 0 };
    const item = (event: 'ready' | 'task' | 'reminder', data: unknown) =>
      ({ kind: 'event', id: formatPosition({ revision, reminder }), event, data }) as const;
    yield item('ready', { revision });
    while (!signal.aborted) {
      const changes = await changesSince(database, userId, revision);
      for (const { revision: changed, ...change } of changes) {
        revision = changed;
        yield item('task', change);
      }
      for (const fired of reminders.since(userId, reminder)) {
        reminder = fired.number;
        yield item('reminder', fired.reminder);
      }
      if (changes.length > 0) continue;
      await wakeup.sleep(heartbeatMilliseconds, { signal });
      yield { kind: 'heartbeat' };
    }
  } finally {
    for (const end of ends) end();
  }
}
