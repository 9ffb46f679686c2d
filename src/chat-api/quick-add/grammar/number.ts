import { smallNumbers, smallOrdinals, tens } from '../vocabulary/time-words.ts';
import { own } from '../own.ts';
import { at, isGlued, type Read, type Tokens } from './token.ts';

/** "15", "fifteen", "twenty-one"; a decimal fraction only where asked for. */
export function readNumber(tokens: Tokens, index: number, { fraction = false } = {}): Read<number> | undefined {
  const token = at(tokens, index);
  if (token.kind === 'number') {
    if (token.text.length > 9) return undefined;
    const next = at(tokens, index + 2);
    const isFraction =
      fraction && (isGlued(tokens, index + 1, '.') || isGlued(tokens, index + 1, ',')) && isGlued(tokens, index + 2);
    if (isFraction && next.kind === 'number' && next.text.length < 4)
      return { value: Number(`${token.text}.${next.text}`), end: index + 3 };
    if (fraction && isGlued(tokens, index + 1, '½')) return { value: Number(token.text) + 0.5, end: index + 2 };
    return { value: Number(token.text), end: index + 1 };
  }
  return readTens(tokens, index, smallNumbers);
}

function readTens(tokens: Tokens, index: number, small: Readonly<Record<string, number>>): Read<number> | undefined {
  const { text } = at(tokens, index);
  const whole = own(small, text) ?? (small === smallNumbers ? own(tens, text) : undefined);
  const ten = own(tens, text);
  if (ten !== undefined) {
    const next = isGlued(tokens, index + 1, '-') ? index + 2 : index + 1;
    const one = own(small, at(tokens, next).text);
    if (one !== undefined && one < 10) return { value: ten + one, end: next + 1 };
  }
  return whole === undefined ? undefined : { value: whole, end: index + 1 };
}

const suffixes = new Set(['st', 'nd', 'rd', 'th']);

/** "20th", "twentieth", "thirty-first"; "last" is -1. */
export function readOrdinal(tokens: Tokens, index: number): Read<number> | undefined {
  const token = at(tokens, index);
  if (token.text === 'last') return { value: -1, end: index + 1 };
  if (token.kind !== 'number') return readTens(tokens, index, smallOrdinals);
  const suffix = at(tokens, index + 1);
  if (suffix.isSpaced || !suffixes.has(suffix.text) || token.text.length > 4) return undefined;
  return { value: Number(token.text), end: index + 2 };
}

/** The value of a table's row by its name, and only its own. */
export function look<Value>(table: Readonly<Record<string, Value>>, tokens: Tokens, index: number): Value | undefined {
  return own(table, at(tokens, index).text);
}

/** Whether it is a number in figures, of that form. */
export const isNumber = (tokens: Tokens, index: number, pattern = /^\d+$/) => pattern.test(at(tokens, index).text);
