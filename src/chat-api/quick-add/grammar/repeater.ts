import { own } from '../own.ts';
import { units, type Unit } from '../vocabulary/time-words.ts';
import { isNumber } from './number.ts';
import { ruleOf, type Recurrence } from './recurrence-form.ts';
import { at, isGlued, type Read, type Tokens } from './token.ts';

const shortUnits: Readonly<Record<string, Unit | undefined>> = {
  h: units['hour'],
  d: units['day'],
  w: units['week'],
  m: units['month'],
  y: units['year'],
};

/**
 * "++1w" and ".+2d" behind a day, as org-mode writes how often; the second one counts from when the task is done. "+1m"
 * behind a day may be a month later, unless the day is written as programs do.
 */
export function readRepeater(tokens: Tokens, index: number, isWrittenDay: boolean): Read<Recurrence> | undefined {
  const first = at(tokens, index).text;
  const isDouble = (first === '+' || first === '.') && isGlued(tokens, index + 1, '+');
  if (!isDouble && !(first === '+' && isWrittenDay)) return undefined;
  const number = isDouble ? index + 2 : index + 1;
  const isCount = isGlued(tokens, number) && isNumber(tokens, number, /^[1-9]\d{0,2}$/);
  const unit = isCount && isGlued(tokens, number + 1) ? own(shortUnits, at(tokens, number + 1).text) : undefined;
  const rule = unit && ruleOf(unit, Number(at(tokens, number).text));
  if (!rule) return undefined;
  return { value: { rule, ...(first === '.' && { isFromCompletion: true }) }, end: number + 2 };
}
