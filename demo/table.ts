import type { InstallTimes } from './install.ts';
import type { StoryTimes } from './story.ts';
import type { Times } from './times.ts';

/** A promise of the specification, or one of our own, and what this run made of it. */
interface Row {
  readonly promise: string;
  readonly limit: string;
  readonly measured: string;
  /** Undefined where nothing was promised. */
  readonly kept: boolean | undefined;
  /** What else is worth knowing. */
  readonly note?: string;
}

/** The closing table. */
export function rows(install: InstallTimes, story: StoryTimes, totalSeconds: number): readonly Row[] {
  const valid = story.events - story.invalidEvents.length;
  return [
    seconds('SC-001  helm install to EventCluster Ready', install.cluster, 180),
    seconds('SC-002  then all topics Ready', install.topics, 30),
    milliseconds('SC-003  request to event in topic', story.eventInTopic, 1000),
    milliseconds('SC-004  event to schedule', story.scheduled, 2000),
    {
      promise: 'SC-005  events that pass their schema',
      limit: 'all',
      measured: `${valid} of ${story.events}`,
      kept: story.events > 0 && valid === story.events,
    },
    milliseconds('        chat request to answer', story.answer, 1000),
    milliseconds('        reminder after its due time', story.reminderLate, 1000),
    { promise: '        the whole demo', limit: '', measured: `${totalSeconds.toFixed(0)} s`, kept: undefined },
  ];
}

export function renderTable(table: readonly Row[]): string {
  const promises = Math.max(...table.map(({ promise }) => promise.length));
  const limits = Math.max(...table.map(({ limit }) => limit.length));
  return table
    .map(({ promise, limit, measured, kept, note = '' }) =>
      `  ${mark(kept)} ${promise.padEnd(promises)}  ${measured.padStart(9)}  ${(limit && `limit ${limit}`).padEnd(limits + 6)}  ${note}`.trimEnd(),
    )
    .join('\n');
}

function mark(kept: boolean | undefined): string {
  if (kept === undefined) return ' ';
  return kept ? '✓' : '✗';
}

function seconds(promise: string, value: number, limit: number): Row {
  return { promise, limit: `${limit} s`, measured: `${value.toFixed(1)} s`, kept: value <= limit };
}

/** A promise must hold every time, so the slowest counts; the typical one is shown as well. */
function milliseconds(promise: string, { typical, slowest }: Times, limit: number): Row {
  const note = `typical ${typical} ms`;
  return { promise, limit: `${limit} ms`, measured: `${slowest} ms`, kept: slowest <= limit, note };
}
