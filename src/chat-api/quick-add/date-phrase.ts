import { casual } from 'chrono-node/en';
import type { Component, ParsedResult } from 'chrono-node';
import { Temporal } from 'temporal-polyfill';
import { zoned, type UserTime, type When } from './when.ts';
import type { Span, WorkingText } from './working-text.ts';

/** Words before a date that belong to it and leave the title with it. */
const introduction = /(?:\b(?:due|starting|beginning)\s+)?(?:(?:\b(?:on|at|by|before|until|till|for|from)|@)\s+)?$/i;
/** Words before a date that make it part of the title: "notes of friday", "the 4th of July party". */
const holdsOnToIt = /\b(?:about|of|the|a|an|and|or|like|versus|vs|my|our|than|to|per)\s+$/i;
/** Dates that can hardly be anything else; in lower case, since "Tomorrow" within a text is likelier a name. */
const plain = /^(?:today|tonight|tomorrow|in\s+\S+\s+\w+|(?:this|next)\s+\w+)\b/;

/** No date is said in more characters; a longer text would be searched for one at length and in vain. */
export const longestDate = 100;

/**
 * The date or time that a text is about, and the text without it.
 *
 * A phrase counts where people put dates: at the end, behind a preposition, or leading the text. Numbers with a slash
 * ("9/11 report"), bare hours ("look at 3 flats") and lengths ("walk 30 minutes") need more than that.
 */
export function takeDate(text: WorkingText, time: UserTime): { text: WorkingText; when?: When } {
  for (const result of findDates(text.visible, time).reverse()) {
    const span = { start: result.index, end: result.index + result.text.length };
    const introduced = introductionOf(text.visible, span);
    if (!isMeant(text.visible, result, span, introduced)) continue;
    return { text: text.take({ start: introduced.start, end: span.end }), when: toWhen(result) };
  }
  return { text };
}

/** What a text that should be a date and nothing else means; undefined when it is more, or no date. */
export function readDate(visible: string, time: UserTime): When | undefined {
  const trimmed = visible.trim();
  if (trimmed.length > longestDate) return undefined;
  const [result] = findDates(trimmed, time);
  if (!result || trimmed.slice(result.index + result.text.length).replace(/[\s.!?]+/g, '') !== '') return undefined;
  const before = introductionOf(trimmed, { start: result.index, end: trimmed.length });
  return before.start === 0 || /^the\s+$/i.test(trimmed.slice(0, before.start)) ? toWhen(result) : undefined;
}

/** chrono's results that name a day or a time which is not over; it knows no IANA zones, so it gets today's offset. */
function findDates(visible: string, { now, zone }: UserTime): ParsedResult[] {
  const offset = zoned(now, zone).offsetNanoseconds / 60e9;
  const results = casual.parse(visible, { instant: now, timezone: offset }, { forwardDate: true });
  return results.filter((result) => isMoment(result) && !isOver(result, { now, zone }));
}

function isMoment(result: ParsedResult): boolean {
  const { start } = result;
  if (isLength(result) || part(start, 'year') > 9999) return false;
  return (['day', 'weekday', 'hour'] as const).some((part) => start.isCertain(part)) || isRelative(start);
}

/** "10 minutes" is how long something takes; "in 10 minutes" is when it is due. */
function isLength({ start, text }: ParsedResult): boolean {
  return isRelative(start) && !/^(?:in|within|after|next|this|the)\b|\b(?:later|from now)$/i.test(text);
}

function isOver({ start }: ParsedResult, { now, zone }: UserTime): boolean {
  if (start.isCertain('timezoneOffset') && start.isCertain('hour')) return start.date() < now;
  const today = zoned(now, zone).toPlainDate();
  return Temporal.PlainDate.compare(plainDate(start), today) < 0;
}

interface Introduction {
  /** Where the phrase begins, its preposition included. */
  readonly start: number;
  readonly preposition: boolean;
}

function introductionOf(visible: string, { start }: Span): Introduction {
  const words = introduction.exec(visible.slice(0, start))![0];
  return { start: start - words.length, preposition: words !== '' };
}

function isMeant(visible: string, result: ParsedResult, span: Span, { start, preposition }: Introduction): boolean {
  const before = visible.slice(0, start);
  const after = visible.slice(span.end);
  const startsWithPreposition = preposition || /^(?:on|at|by|until|from)\s/i.test(result.text);
  if (!preposition && holdsOnToIt.test(before)) return false;
  if (/^[\w'’/-]/.test(after)) return false;
  if (isSlashDate(result.text) && !startsWithPreposition) return false;
  if (/^[\s.,;!?)]*$/.test(after)) return true;
  if (isBareHour(result.text) || isSlashDate(result.text)) return false;
  if (before.trim() === '') return leads(result, after);
  return startsWithPreposition || plain.test(result.text);
}

/** "Tomorrow call Bob", "Friday: report"; "Tomorrow Never Dies" and "Sunday roast" are titles. */
function leads({ text }: ParsedResult, after: string): boolean {
  if (/^\s*[,:]/.test(after)) return true;
  return /^\s+\p{Ll}/u.test(after) && !/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*$/i.test(text);
}

function isSlashDate(text: string): boolean {
  return /^(?:on\s+)?\d{1,2}[/.-]\d{1,2}\b(?![/.-]\d)/i.test(text);
}

function isBareHour(text: string): boolean {
  return /^(?:at\s+)?\d{1,2}$/i.test(text);
}

/** The most that the words are certain of; the user's zone is applied later, when the time of day is known. */
function toWhen({ start, text }: ParsedResult): When {
  const hasTime = start.isCertain('hour') || isTimeOfDay(start);
  if (start.isCertain('timezoneOffset') && hasTime) return start.date().toISOString();
  const time = hasTime ? plainTime(start, text) : undefined;
  if (!time) return plainDate(start).toString();
  const hasDay = (['day', 'weekday', 'month'] as const).some((part) => start.isCertain(part)) || isRelative(start);
  return hasDay ? `${plainDate(start).toString()}T${time}` : time;
}

type Components = ParsedResult['start'];

function isRelative(start: Components): boolean {
  return start.tags().has('result/relativeDate');
}

/** "tonight", "friday evening": chrono implies the hour only, but the words do name one. */
function isTimeOfDay(start: Components): boolean {
  return [...start.tags()].some((tag) =>
    /^casualReference\/(?:tonight|evening|afternoon|morning|midnight|noon)$/.test(tag),
  );
}

function plainDate(start: Components): Temporal.PlainDate {
  return Temporal.PlainDate.from({ year: part(start, 'year'), month: part(start, 'month'), day: part(start, 'day') });
}

function plainTime(start: Components, text: string): string {
  // "at 5" is in the afternoon, unless somebody says otherwise.
  const afternoon = /(?:^|\s)at\s+[1-6]$/i.test(text) && !start.isCertain('meridiem') ? 12 : 0;
  const time = new Temporal.PlainTime(part(start, 'hour') + afternoon, part(start, 'minute'), part(start, 'second'));
  return time.toString({ smallestUnit: time.second ? 'second' : 'minute' });
}

function part(start: Components, name: Component): number {
  return start.get(name) ?? 0;
}
