import type { Frequency, Rule } from '../meaning/rule.ts';
import { recurringParts, units, type DayPart, type Unit } from '../vocabulary/time-words.ts';
import { look, readNumber, readOrdinal } from './number.ts';
import { at, skip, type Read, type Tokens } from './token.ts';
import { skipSeparators } from './weekday-list.ts';

/** How often something is done, as a sentence has it. */
export interface Recurrence {
  readonly rule?: Rule;
  /** "every morning and evening" */
  readonly parts?: readonly DayPart[];
  /** Why the words mean nothing. */
  readonly problem?: string;
  /** The question that would make them mean something. */
  readonly ask?: string;
  readonly remark?: string;
  /** Whether a noun behind it would make it mean something else: "weekly report", "every 10th page". */
  readonly needsBoundary?: boolean;
  /** Whether its times of day, and the remark about them, only count where none are said. */
  readonly isTimeTaken?: boolean;
  /** Whether it counts from the day on which the task is done, not by the calendar: "every! 3 months". */
  readonly isFromCompletion?: boolean;
}

export type ReadRecurrence = (tokens: Tokens, index: number) => Read<Recurrence> | undefined;

const frequencyOf: Readonly<Record<Exclude<Unit['name'], 'second'>, Frequency>> = {
  minute: 'MINUTELY',
  hour: 'HOURLY',
  day: 'DAILY',
  week: 'WEEKLY',
  month: 'MONTHLY',
  year: 'YEARLY',
};

export function ruleOf({ name, count }: Unit, times: number): Rule | undefined {
  if (name === 'second') return undefined;
  return { frequency: frequencyOf[name], interval: times * count };
}

export function readIntervalCount(tokens: Tokens, index: number): Read<number> | undefined {
  if (['other', 'alternate'].includes(at(tokens, index).text)) return { value: 2, end: index + 1 };
  if (at(tokens, index).text === 'couple') return { value: 2, end: skip(tokens, index + 1, 'of') };
  const ordinal = readOrdinal(tokens, index);
  if (ordinal && ordinal.value > 1 && look(units, tokens, ordinal.end)) return ordinal;
  return readNumber(tokens, index);
}

/** With "morning" or "mornings and evenings" behind the days. */
export function withParts(tokens: Tokens, rule: Rule, index: number): Read<Recurrence> {
  const parts = readPartList(tokens, index);
  return parts ? { value: { rule, parts: parts.value }, end: parts.end } : { value: { rule }, end: index };
}

export const readParts: ReadRecurrence = (tokens, index) => {
  const parts = readPartList(tokens, index);
  return parts && { value: { rule: { frequency: 'DAILY', interval: 1 }, parts: parts.value }, end: parts.end };
};

function readPartList(tokens: Tokens, index: number): Read<readonly DayPart[]> | undefined {
  const found: DayPart[] = [];
  let end = index;
  for (let next = index; found.length < 5;) {
    const part = look(recurringParts, tokens, next);
    if (!part) break;
    found.push(part);
    end = next + 1;
    next = skipSeparators(tokens, end);
    if (next === end) break;
  }
  return found.length > 0 ? { value: found, end } : undefined;
}

export function monthly(days: readonly number[], end: number, interval: number): Read<Recurrence> {
  const impossible = days.find((day) => day > 31 || day === 0);
  if (impossible !== undefined) return { value: { problem: `No month has a day ${impossible}.` }, end };
  const late = days.filter((day) => day > 28);
  const remark =
    late.length > 1
      ? 'Months without one of these days skip it.'
      : late.length === 1
        ? 'In shorter months, it is due on the last day.'
        : undefined;
  return { value: { rule: { frequency: 'MONTHLY', interval, days }, ...(remark && { remark }) }, end };
}

export function weeklyOn(days: readonly number[]): Rule {
  return { frequency: 'WEEKLY', interval: 1, weekdays: days.map((weekday) => ({ weekday })) };
}
