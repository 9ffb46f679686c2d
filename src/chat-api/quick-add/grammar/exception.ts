import { months } from '../vocabulary/time-words.ts';
import { look } from './number.ts';
import { at, phrases, skip, type Read, type Tokens } from './token.ts';
import { readWeekdayList, readWorkday, skipSeparators } from './weekday-list.ts';

/** What a series leaves out. */
export type Exception = { readonly weekdays: readonly number[] } | { readonly months: readonly number[] };

const exceptWords = phrases({
  except: true,
  'except on': true,
  'except in': true,
  'except for': true,
  excluding: true,
  but: true,
  'but on': true,
  'other than': true,
  bar: true,
  save: true,
  'save for': true,
  besides: true,
  excl: true,
  exc: true,
  'excluding on': true,
  minus: true,
  'but not': true,
  'but not on': true,
  'but not in': true,
  'apart from': true,
  'not on': true,
  not: true,
  unless: true,
  'unless on': true,
  'unless it is': true,
  "unless it's": true,
  without: true,
  skip: true,
  skipping: true,
});

/** Behind "except", its equals and nothing else. */
export function readExceptWord(tokens: Tokens, index: number): number | undefined {
  return exceptWords(tokens, index)?.end;
}

/** "weekends", "wednesdays and sundays", "weekends and mondays" */
function readLeftDays(tokens: Tokens, index: number): Read<Exception & { weekdays: readonly number[] }> | undefined {
  const days = readWorkday(tokens, index) ?? readWeekdayList(tokens, index);
  if (!days) return undefined;
  const next = skipSeparators(tokens, days.end);
  const more = next > days.end ? readLeftDays(tokens, next) : undefined;
  const weekdays = days.value.map(({ weekday }) => weekday);
  return more
    ? { value: { weekdays: [...new Set([...weekdays, ...more.value.weekdays])] }, end: more.end }
    : { value: { weekdays }, end: days.end };
}

export function readException(tokens: Tokens, index: number): Read<Exception> | undefined {
  const except = exceptWords(tokens, index);
  if (!except) return undefined;
  const days = readLeftDays(tokens, skip(tokens, except.end, 'the'));
  if (days) return days;
  const found: number[] = [];
  let end = except.end;
  for (let next = except.end; found.length < 12;) {
    const month = look(months, tokens, next);
    if (month === undefined || at(tokens, next + 1).kind === 'number') break;
    found.push(month);
    end = next + 1;
    next = skipSeparators(tokens, end);
  }
  return found.length > 0 ? { value: { months: found }, end } : undefined;
}
