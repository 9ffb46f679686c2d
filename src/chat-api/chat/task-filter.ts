import { Temporal } from 'temporal-polyfill';
import { zoned, type UserTime } from '../quick-add/when.ts';
import type { TaskFilter } from '../tasks/read-tasks.ts';
import { storable } from './due-date.ts';
import type { ToolArguments } from './tool-calls.ts';

/** The most tasks that one answer has. */
export const mostListed = 100;

/** Which tasks a call is about, as the store asks for them. */
export function toFilter(
  { due, from: first, until, text, tag, priority, status, recurring }: Partial<ToolArguments<'list_tasks'>>,
  { now, zone }: UserTime,
): TaskFilter {
  const open = ['TODO', 'IN_PROGRESS'] as const;
  const filter: TaskFilter = {
    tag,
    priority,
    text,
    recurring,
    status: status ? [status] : open,
    ...(first && { due_from: startOf(first, zone) }),
    ...(until && { due_before: startOf(until, zone, 1) }),
  };
  if (!due) return filter;
  if (due === 'none') return { ...filter, undated: true };
  if (due === 'overdue') return { ...filter, due_before: now.toISOString() };
  const today = zoned(now, zone).toPlainDate();
  const days = due === 'week' ? 7 : 1;
  const from = due === 'today' || due === 'week' ? today : due === 'tomorrow' ? today.add({ days: 1 }) : day(due);
  return { ...filter, due_from: startOfDay(from, zone), due_before: startOfDay(from.add({ days }), zone) };
}

/** Where a local day or minute begins, or the one that is so many later. */
function startOf(text: string, zone: string, later = 0): string {
  if (!text.includes('T')) return startOfDay(day(text).add({ days: later }), zone);
  const minute = Temporal.PlainDateTime.from(text).add({ minutes: later });
  return storable(new Date(minute.toZonedDateTime(zone).epochMilliseconds));
}

const day = (text: string) => Temporal.PlainDate.from(text);

function startOfDay(date: Temporal.PlainDate, zone: string): string {
  return storable(new Date(date.toZonedDateTime(zone).epochMilliseconds));
}
