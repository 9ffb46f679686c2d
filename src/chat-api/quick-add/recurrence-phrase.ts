import { spanOf } from './labels.ts';
import type { WorkingText } from './working-text.ts';

const unit = '(minute|hour|day|week|month|quarter|year)s?';
const weekday =
  '(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)s?';
const weekdays = `${weekday}(?:(?:\\s*,\\s*(?:and\\s+)?|\\s+and\\s+|\\s*&\\s*)${weekday})*`;
const ordinal = '(\\d{1,2})(?:st|nd|rd|th)';

interface Phrase {
  readonly pattern: RegExp;
  /** The RRULE, or undefined when the words mean none after all ("every 0 days"). */
  readonly rule: (match: RegExpExecArray) => string | undefined;
}

/** Tried in this order, the longer phrase before the one it begins with. */
const phrases: readonly Phrase[] = [
  {
    pattern: new RegExp(`\\b(?:every|each)\\s+(?:(other|\\d{1,3})\\s+)?weeks?\\s+on\\s+(${weekdays})(?![\\w'’])`, 'i'),
    rule: ([, count, days]) => every('WEEKLY', interval(count), `BYDAY=${dayCodes(days!)}`),
  },
  {
    pattern: new RegExp(`\\b(?:every|each)\\s+(?:(other|\\d{1,3})\\s+)?months?\\s+on\\s+the\\s+${ordinal}\\b`, 'i'),
    rule: ([, count, day]) => onDayOfMonth(interval(count), Number(day)),
  },
  {
    pattern: new RegExp(`\\b(?:every|each)\\s+(?:(other|\\d{1,3})\\s+)?${unit}(?![\\w'’])`, 'i'),
    rule: ([, count, word]) => everyUnit(word!.toLowerCase(), interval(count)),
  },
  { pattern: /\b(?:every|each)\s+(?:weekday|workday)s?(?![\w'’])/i, rule: () => every('WEEKLY', 1, workdays) },
  { pattern: /\b(?:every|each)\s+weekends?(?![\w'’])/i, rule: () => every('WEEKLY', 1, 'BYDAY=SA,SU') },
  {
    pattern: new RegExp(`\\b(?:every|each)\\s+(?:(other)\\s+)?(${weekdays})(?![\\w'’])`, 'i'),
    rule: ([, count, days]) => every('WEEKLY', interval(count), `BYDAY=${dayCodes(days!)}`),
  },
  {
    pattern: new RegExp(`\\b(?:every|each)\\s+${ordinal}(?:\\s+of\\s+(?:the|each)\\s+month)?\\b`, 'i'),
    rule: ([, day]) => onDayOfMonth(1, Number(day)),
  },
  { pattern: /(?:\bon\s+)?\b(?:weekdays|workdays)\b(?=[\s.,;!]*$|\s+at\b)/i, rule: () => every('WEEKLY', 1, workdays) },
  {
    // "weekly report" is a title; "report weekly" is a recurrence.
    pattern: /\b(hourly|daily|weekly|monthly|quarterly|yearly|annually)(?=[\s.,;!]*$|\s+at\b)/i,
    rule: ([, word]) => everyUnit(adverbs[word!.toLowerCase()]!, 1),
  },
];

const workdays = 'BYDAY=MO,TU,WE,TH,FR';
const adverbs: Readonly<Record<string, string>> = {
  hourly: 'hour',
  daily: 'day',
  weekly: 'week',
  monthly: 'month',
  quarterly: 'quarter',
  yearly: 'year',
  annually: 'year',
};

/** The first recurrence in the text, as an RFC 5545 RRULE without its name, for example `FREQ=WEEKLY;BYDAY=MO`. */
export function takeRecurrence(text: WorkingText): { text: WorkingText; rule?: string } {
  for (const { pattern, rule: toRule } of phrases) {
    const match = pattern.exec(text.visible);
    const rule = match ? toRule(match) : undefined;
    if (match && rule) return { text: text.take(spanOf(match)), rule };
  }
  return { text };
}

function everyUnit(word: string, count: number | undefined): string | undefined {
  const frequencies: Readonly<Record<string, string>> = {
    minute: 'MINUTELY',
    hour: 'HOURLY',
    day: 'DAILY',
    week: 'WEEKLY',
    month: 'MONTHLY',
    year: 'YEARLY',
  };
  if (word === 'quarter') return every('MONTHLY', count && count * 3);
  return every(frequencies[word]!, count);
}

function every(frequency: string, count: number | undefined, part?: string): string | undefined {
  if (!count) return undefined;
  return [`FREQ=${frequency}`, count > 1 ? `INTERVAL=${count}` : '', part ?? ''].filter(Boolean).join(';');
}

function onDayOfMonth(count: number | undefined, day: number): string | undefined {
  return day >= 1 && day <= 31 ? every('MONTHLY', count, dayOfMonth(day)) : undefined;
}

/** The day, or the last one in a month that is too short for it. */
export function dayOfMonth(day: number): string {
  if (day <= 28) return `BYMONTHDAY=${day}`;
  return `BYMONTHDAY=${[28, 29, 30, 31].filter((candidate) => candidate <= day).join(',')};BYSETPOS=-1`;
}

function interval(count: string | undefined): number | undefined {
  if (!count) return 1;
  return count.toLowerCase() === 'other' ? 2 : Number(count);
}

const dayOrder = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

function dayCodes(days: string): string {
  const named = new Set(days.match(/[a-z]{3,}/gi)!.map((day) => day.slice(0, 2).toUpperCase()));
  return dayOrder.filter((code) => named.has(code)).join(',');
}
