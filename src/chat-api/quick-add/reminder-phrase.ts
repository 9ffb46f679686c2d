import { readLength } from './grammar/length.ts';
import { look } from './grammar/number.ts';
import { at, isGlued, isPunctuation, skip, tokenize, type Read, type Tokens } from './grammar/token.ts';
import type { TextSpan } from './text-span.ts';
import type { WorkingText } from './working-text.ts';

const before = new Set(['before', 'beforehand', 'ahead', 'early', 'earlier', 'prior']);
const wholes: Readonly<Record<string, number>> = { hour: 3600, day: 86_400, week: 604_800 };

/** "10 minutes before", "1 day and 2 hours before", "the day before", "2 hours early", "an hour in advance": in seconds. */
export function readLead(tokens: Tokens, index: number): Read<readonly number[]> | undefined {
  const found: number[] = [];
  for (let next = index; found.length < 10;) {
    const lead = readSeconds(tokens, next);
    if (!lead) return undefined;
    found.push(lead.value);
    const end = readBefore(tokens, lead.end);
    const more = skip(tokens, skip(tokens, end ?? lead.end, ','), 'and', '&');
    const isMore = more > (end ?? lead.end) && readSeconds(tokens, more) !== undefined;
    if (!isMore) return end === undefined ? undefined : { value: found, end };
    next = more;
  }
  return undefined;
}

function readSeconds(tokens: Tokens, index: number): Read<number> | undefined {
  // "the day before", and "day before" as hurried people write
  const unit = skip(tokens, index, 'the');
  const whole = look(wholes, tokens, unit);
  if (whole !== undefined && (unit > index || before.has(at(tokens, unit + 1).text)))
    return { value: whole, end: unit + 1 };
  const length = readLength(tokens, index);
  if (!length || length.value.months !== 0) return undefined;
  const seconds = length.value.days * 86_400 + length.value.seconds;
  return seconds > 0 && seconds <= 366 * 86_400 ? { value: seconds, end: length.end } : undefined;
}

/** Behind "before", "ahead of time", "in advance". */
function readBefore(tokens: Tokens, index: number): number | undefined {
  if (at(tokens, index).text === 'in' && at(tokens, index + 1).text === 'advance') return index + 2;
  if (!before.has(at(tokens, index).text)) return undefined;
  const isOfTime = at(tokens, index + 1).text === 'of' && at(tokens, index + 2).text === 'time';
  return isOfTime ? index + 3 : index + 1;
}

const verbs = new Set(['remind', 'notify', 'alert', 'warn', 'ping']);
const nouns = new Set(['reminder', 'reminders', 'rem', 'alert', 'alarm', 'notification']);

/**
 * "…, remind me 1 hour before", "with a reminder 30 minutes before": what a text says about reminders before its due
 * time, in seconds, and the text without that.
 */
export function takeReminders(text: WorkingText): { text: WorkingText; reminders: readonly number[] } {
  if (!/\b(?:remind|notify|alert|warn|ping|alarm|notification|rem\b)/i.test(text.visible) || text.visible.length > 1200)
    return { text, reminders: [] };
  const tokens = tokenize(text.visible);
  const spans: TextSpan[] = [];
  const reminders: number[] = [];
  for (let index = 1; index < tokens.length; index++) {
    const phrase = readPhrase(tokens, index);
    if (!phrase) continue;
    reminders.push(...phrase.value);
    const start = at(tokens, startOf(tokens, index)).start;
    spans.push({ start, end: at(tokens, phrase.end - 1).end, means: 'reminder' });
    index = phrase.end - 1;
  }
  return { text: spans.length > 0 ? text.take(...spans) : text, reminders: [...new Set(reminders)].slice(0, 10) };
}

function readPhrase(tokens: Tokens, index: number): Read<readonly number[]> | undefined {
  const { text } = at(tokens, index);
  // "with a 15 min reminder"
  const ahead = ['a', 'an', 'with'].includes(at(tokens, index - 1).text) ? readSeconds(tokens, index) : undefined;
  if (ahead && nouns.has(at(tokens, ahead.end).text)) {
    const isLast = isPunctuation(tokens, ahead.end + 1);
    return isLast ? { value: [ahead.value], end: ahead.end + 1 } : undefined;
  }
  const isVerb = verbs.has(text) && at(tokens, index + 1).text === 'me';
  if (!isVerb && !nouns.has(text)) return undefined;
  const colon = isGlued(tokens, index + 1, ':') ? index + 2 : index + 1;
  const lead =
    readLead(tokens, skip(tokens, isVerb ? index + 2 : colon, 'at', 'set', 'for')) ??
    (isVerb ? undefined : readLeadAlone(tokens, index, colon));
  if (!lead) return undefined;
  // "remind me 10 minutes before the dentist" is about another task.
  const end = skip(tokens, lead.end, 'it', 'that', 'this');
  const next = at(tokens, end);
  // "send the reminder 10 days before due date"
  if (next.text === 'due' && ['date', 'time'].includes(at(tokens, end + 1).text)) return undefined;
  const isLast = next.kind === 'end' || next.kind === 'mark' || ['at', 'on', 'every', 'due', 'by'].includes(next.text);
  return isLast ? { value: lead.value, end } : undefined;
}

/** "alert 30 minutes" at the end; "set an alert 30 minutes" says from when on no less than how long. */
function readLeadAlone(tokens: Tokens, index: number, from: number): Read<readonly number[]> | undefined {
  if (['a', 'an', 'the', 'set', 'add'].includes(at(tokens, index - 1).text)) return undefined;
  const lead = at(tokens, index).text === 'alarm' ? undefined : readSeconds(tokens, from);
  return lead && isPunctuation(tokens, lead.end) ? { value: [lead.value], end: lead.end } : undefined;
}

const beforeReminder: ReadonlySet<string> = new Set(
  'a an with and please set then needs need wants has gets requires include including plus add'.split(' '),
);

/** With "and", "please", "with a", "needs a" before it. */
function startOf(tokens: Tokens, index: number): number {
  let start = index;
  while (start > 1 && beforeReminder.has(at(tokens, start - 1).text)) start--;
  return start;
}
