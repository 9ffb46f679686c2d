/** A change of a task that the API has answered: it is done, whatever happens afterwards. Times in epoch milliseconds. */
export interface Change {
  readonly taskId: string;
  /** The task's version after it: 1 when it is created, and one more with each change. */
  readonly version: number;
  /** When it was first asked for, and when it was answered. It was done at some time in between. */
  readonly askedAt: number;
  readonly answeredAt: number;
  /** When the task is due after it; undefined when there is nothing to remind of. */
  readonly dueAt: number | undefined;
  readonly recurs: boolean;
}

/** An event as somebody who reads a topic sees it. */
export interface SeenEvent {
  readonly eventId: string;
  readonly taskId: string;
  readonly version: number;
}

export interface SeenReminder {
  readonly eventId: string;
  readonly taskId: string;
  readonly dueAt: number;
  readonly leadTimeSeconds: number;
  /** When the broker got it. */
  readonly at: number;
}

export interface Seen {
  readonly events: readonly SeenEvent[];
  readonly reminders: readonly SeenReminder[];
  readonly deadLetters: number;
}

/** Lead times that the workers were given, from one rollout to the next. Zero is always among them. */
export interface LeadTimes {
  readonly seconds: readonly number[];
  /** When the first worker got them, and when the last one had them; undefined when the rollout was not completed. */
  readonly askedAt: number;
  readonly doneAt?: number;
}

export interface Account {
  /** What is wrong, in words; none when all is well. */
  readonly problems: readonly string[];
  readonly figures: {
    readonly changes: number;
    readonly events: number;
    /** Events and reminders that came again, with the same id: readers recognise them. */
    readonly repeated: number;
    readonly reminders: number;
    /** Reminders that had to come. The others may have come: their tasks changed at about the time. */
    readonly remindersDue: number;
    /** Of these, due times that a user changed before even the others of the same seconds were reminded of. */
    readonly overtaken: number;
    readonly lateness: { readonly p50: number; readonly p99: number; readonly maximum: number };
  };
}

/** Nobody can tell whether a task that changed this soon after its due time had to be reminded of, while parts fail. */
const graceMilliseconds = 60_000;
/** The same, once others that were due at about the time have been reminded of: rows may be locked for this long. */
const lockedMilliseconds = 15_000;
/**
 * How long after a rollout of lead times some series may go on with those of before. They are adopted in the background,
 * by a worker that may be killed: two minutes were not enough on a machine that had much other work.
 */
const adoptionMilliseconds = 300_000;

/**
 * Compares what the users were told with what the topics hold.
 *
 * @param rollouts of lead times, in their order; before the first one, reminders come at the due time only
 */
export function settle(
  changes: readonly Change[],
  seen: Seen,
  now: number,
  rollouts: readonly LeadTimes[] = [],
): Account {
  const periods = leadTimePeriods(rollouts);
  const histories = Map.groupBy(changes, ({ taskId }) => taskId);
  const events = distinct(seen.events, versionKey);
  const reminders = distinct(seen.reminders, occurrenceKey);
  const wanted = new Set(changes.map(versionKey));
  const due = dueReminders(histories, periods, now);
  const missing = due.filter(({ key }) => !reminders.has(key)).map((one) => ({ ...one, late: lateness(one, seen) }));
  const isOvertaken = ({ fires, changedAt, late }: (typeof missing)[number]) =>
    changedAt <= fires + late + lockedMilliseconds;
  const problems = [
    ...withoutEvent(changes, seen.events).map((change) => `lost: ${eventText(change)}`),
    ...seen.events.filter((event) => !wanted.has(versionKey(event))).map((event) => `of nobody: ${eventText(event)}`),
    ...twice(events).map(([key, ids]) => `twice: ${key} as ${ids.join(' and ')}`),
    ...missing.filter((one) => !isOvertaken(one)).map((one) => `no reminder of ${one.key}${standing(one)}`),
    ...seen.reminders
      .filter((reminder) => !mayCome(reminder, histories, periods))
      .map((reminder) => `untimely: ${text(reminder)}`),
    ...twice(reminders).map(([key, ids]) => `reminded twice of ${key} as ${ids.join(' and ')}`),
    ...(seen.deadLetters > 0 ? [`${seen.deadLetters} dead letters`] : []),
  ];
  const firsts = [...Map.groupBy(seen.reminders, ({ eventId }) => eventId).values()].map(([first]) => first!);
  return {
    problems,
    figures: {
      changes: changes.length,
      events: seen.events.length,
      repeated: seen.events.length + seen.reminders.length - idCount(seen.events) - idCount(seen.reminders),
      reminders: firsts.length,
      remindersDue: due.length,
      overtaken: missing.filter(isOvertaken).length,
      lateness: percentiles(firsts.map((reminder) => reminder.at - fireAt(reminder))),
    },
  };
}

/** The changes of which no event was seen. */
export function withoutEvent(changes: readonly Change[], events: readonly SeenEvent[]): Change[] {
  const seen = new Set(events.map(versionKey));
  return changes.filter((change) => !seen.has(versionKey(change)));
}

const versionKey = ({ taskId, version }: { readonly taskId: string; readonly version: number }) =>
  `${taskId} ${version}`;

type Occurrence = Pick<SeenReminder, 'taskId' | 'dueAt' | 'leadTimeSeconds'>;

const occurrenceKey = ({ taskId, dueAt, leadTimeSeconds }: Occurrence) =>
  `${taskId} ${new Date(dueAt).toISOString()}${leadTimeSeconds > 0 ? ` ${leadTimeSeconds} s ahead` : ''}`;
const fireAt = ({ dueAt, leadTimeSeconds }: Omit<Occurrence, 'taskId'>) => dueAt - leadTimeSeconds * 1000;

const eventText = (event: { readonly taskId: string; readonly version: number }) =>
  `the event of version ${event.version} of task ${event.taskId}`;
const text = (reminder: SeenReminder) =>
  `a reminder of ${occurrenceKey(reminder)} at ${new Date(reminder.at).toISOString()}`;

/** The ids under which each was seen. */
function distinct<T extends { readonly eventId: string }>(seen: readonly T[], keyOf: (one: T) => string) {
  const ids = new Map<string, Set<string>>();
  for (const one of seen) {
    const key = keyOf(one);
    ids.set(key, (ids.get(key) ?? new Set()).add(one.eventId));
  }
  return ids;
}

const twice = (ids: ReadonlyMap<string, ReadonlySet<string>>): [string, string[]][] =>
  [...ids].filter(([, { size }]) => size > 1).map(([key, set]) => [key, [...set]]);

const idCount = (seen: readonly { readonly eventId: string }[]) => new Set(seen.map(({ eventId }) => eventId)).size;

/** Lead times, and when reminders may come by them: from when the first worker had them until the last one had others. */
interface LeadTimePeriod {
  readonly seconds: readonly number[];
  readonly from: number;
  readonly to: number;
}

const leadTimePeriods = (rollouts: readonly LeadTimes[]): LeadTimePeriod[] =>
  [{ seconds: [0], askedAt: -Infinity }, ...rollouts].map(({ seconds, askedAt }, index) => {
    const next = rollouts[index];
    return { seconds, from: askedAt, to: next ? (next.doneAt ?? Infinity) + adoptionMilliseconds : Infinity };
  });

/** The lead times that counted all the time between two instants. */
function leadTimesBetween(periods: readonly LeadTimePeriod[], from: number, to: number): number[] {
  const during = periods.filter((period) => period.from <= to && period.to >= from);
  return during[0]?.seconds.filter((lead) => during.every(({ seconds }) => seconds.includes(lead))) ?? [];
}

interface DueReminder {
  readonly key: string;
  readonly fires: number;
  readonly answeredAt: number;
  /** When it was asked for another due time; infinity when it never was. */
  readonly changedAt: number;
}

/**
 * Reminders that had to come: of due times that stood long enough, by lead times that did. Of a series, only
 * the first is that.
 */
function dueReminders(
  histories: ReadonlyMap<string, readonly Change[]>,
  periods: readonly LeadTimePeriod[],
  now: number,
): DueReminder[] {
  const leadTimes = [...new Set(periods.flatMap(({ seconds }) => seconds))];
  const due = [...histories.values()].flatMap((history) =>
    history.flatMap((change, index) => {
      const { taskId, dueAt, answeredAt } = change;
      if (dueAt === undefined || dueAt > now) return [];
      const next = history.slice(index + 1).find((later) => later.dueAt !== dueAt);
      const changedAt = next?.askedAt ?? Infinity;
      const isFirst = history.slice(0, index).every(({ recurs }) => !recurs);
      if (change.recurs && !isFirst) return [];
      return leadTimes.flatMap((leadTimeSeconds) => {
        const occurrence = { taskId, dueAt, leadTimeSeconds };
        const fires = fireAt(occurrence);
        const inTime = Math.max(fires, answeredAt) + graceMilliseconds;
        if (changedAt <= inTime) return [];
        const isLeadTime = leadTimesBetween(periods, fires, inTime).includes(leadTimeSeconds);
        return isLeadTime ? [{ key: occurrenceKey(occurrence), fires, answeredAt, changedAt }] : [];
      });
    }),
  );
  // A change of something else leaves the due time as it is.
  return [...new Map(due.map((reminder) => [reminder.key, reminder])).values()];
}

/** How late others were that were due within five seconds of it. */
function lateness({ fires }: DueReminder, { reminders }: Seen): number {
  const near = reminders.filter((reminder) => Math.abs(fireAt(reminder) - fires) < 5000);
  return near.reduce((most, reminder) => Math.max(most, reminder.at - fireAt(reminder)), 0);
}

/** What a person needs who looks for the reason: how long the due time stood, and how late others were meanwhile. */
function standing({ fires, answeredAt, changedAt, late }: DueReminder & { readonly late: number }): string {
  const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;
  const until = changedAt === Infinity ? 'to the end' : `until ${seconds(changedAt - fires)} after it`;
  return ` (asked for ${seconds(fires - answeredAt)} before, stood ${until}; others of that time up to ${seconds(late)} late)`;
}

/**
 * Whether some version of the task was due then, and had been asked for, as had the lead time. Occurrences of a series
 * are not counted out.
 */
function mayCome(
  reminder: SeenReminder,
  histories: ReadonlyMap<string, readonly Change[]>,
  periods: readonly LeadTimePeriod[],
): boolean {
  const { taskId, dueAt, leadTimeSeconds, at } = reminder;
  if (at < fireAt(reminder)) return false;
  const inUse = periods.filter(({ from, to }) => from <= at && at <= to);
  if (!inUse.some(({ seconds }) => seconds.includes(leadTimeSeconds))) return false;
  return (histories.get(taskId) ?? []).some(
    (change) => change.askedAt <= at && (change.dueAt === dueAt || (change.recurs && change.dueAt! <= dueAt)),
  );
}

function percentiles(milliseconds: readonly number[]): Account['figures']['lateness'] {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), maximum: at(1) };
}
