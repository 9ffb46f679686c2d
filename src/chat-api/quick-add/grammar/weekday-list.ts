import type { WeekdayRule } from '../meaning/rule.ts';
import { pluralWeekdays, twoLetterWeekdays, weekdays } from '../vocabulary/time-words.ts';
import { look } from './number.ts';
import { at, isGlued, phrases, skip, type Read, type Tokens } from './token.ts';

export const everyWords = new Set(['every', 'each', 'ev']);

export const workdays: readonly WeekdayRule[] = [1, 2, 3, 4, 5].map((weekday) => ({ weekday }));
export const weekendDays: readonly WeekdayRule[] = [6, 7].map((weekday) => ({ weekday }));
export const readWorkday = phrases({
  weekday: workdays,
  weekdays: workdays,
  'week day': workdays,
  'week days': workdays,
  workday: workdays,
  workdays,
  'working day': workdays,
  'working days': workdays,
  'work day': workdays,
  'business day': workdays,
  'business days': workdays,
  weekend: weekendDays,
  weekends: weekendDays,
  'week end': weekendDays,
  'week ends': weekendDays,
});

/** "monday", "mon, wed and fri", "mon wed fri", "mon-fri"; plurals, too. */
export function readWeekdayList(
  tokens: Tokens,
  index: number,
  names = eachWeekday,
): Read<readonly WeekdayRule[]> | undefined {
  const found: WeekdayRule[] = [];
  let end = index;
  for (let next = index; found.length < 31;) {
    const weekday = readWeekday(tokens, next, names);
    if (!weekday) break;
    end = weekday.end;
    const last = readWeekdayRange(tokens, end, names);
    // "every monday until monday"
    if (last && last.value !== weekday.value) {
      for (let day = weekday.value; ; day = (day % 7) + 1) {
        found.push({ weekday: day });
        if (day === last.value) break;
      }
      end = last.end;
    } else {
      found.push({ weekday: weekday.value });
    }
    next = skipSeparators(tokens, end);
  }
  return found.length > 0 ? { value: found, end } : undefined;
}

const eachWeekday: Readonly<Record<string, number>> = { ...weekdays, ...pluralWeekdays };
/** Behind "every", two letters are enough. */
export const shortenedWeekdays = { ...eachWeekday, ...twoLetterWeekdays };

export function readWeekday(tokens: Tokens, index: number, names = eachWeekday): Read<number> | undefined {
  const weekday = look(names, tokens, index);
  // "wed. at 9"
  const isAbbreviated =
    isGlued(tokens, index + 1, '.') && !isGlued(tokens, index + 2) && !at(tokens, index).text.endsWith('day');
  const isLast = at(tokens, index + 2).kind === 'end';
  return weekday === undefined ? undefined : { value: weekday, end: isAbbreviated && !isLast ? index + 2 : index + 1 };
}

const rangeWords = new Set(['-', '–', '—', 'to', 'through', 'thru', 'till', 'until']);

export function readWeekdayRange(tokens: Tokens, index: number, names = eachWeekday): Read<number> | undefined {
  return rangeWords.has(at(tokens, index).text) ? readWeekday(tokens, index + 1, names) : undefined;
}

/** "mon, wed and fri", "mon/wed", "mon & wed", "mon wed" */
export function skipSeparators(tokens: Tokens, index: number): number {
  let next = skip(tokens, index, ',', '/');
  next = skip(tokens, next, 'and', '&', '+', 'or', 'n');
  return everyWords.has(at(tokens, next).text) && next > index ? next + 1 : skip(tokens, next, 'on');
}
