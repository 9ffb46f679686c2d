import { types, type CustomTypesConfig } from 'pg';

const parse = types.getTypeParser(types.builtins.TIMESTAMPTZ, 'text') as (text: string) => Date;

/** The calendar repeats itself after 400 years; PostgreSQL's times begin less than 8,000 years before the year 1. */
const shift = { years: 8000, milliseconds: 20 * 146_097 * 86_400_000 };

/**
 * Reads a timestamptz. pg takes the 29th of February of 1 BC, which is the year 0, for the day after: by such a time, a row
 * would not be found again.
 */
export function parseTime(text: string): Date {
  const [, year, rest] = /^(\d+)(-.*) BC$/.exec(text) ?? [];
  if (year === undefined) return parse(text);
  const later = parse(`${shift.years + 1 - Number(year)}${rest}`);
  return new Date(later.getTime() - shift.milliseconds);
}

/** How values of PostgreSQL's types are read: as pg does, but for times. */
export const timeTypes: CustomTypesConfig = {
  getTypeParser: (type: number, format?: 'text' | 'binary') => {
    const isTime = type === Number(types.builtins.TIMESTAMPTZ) && format !== 'binary';
    return isTime ? parseTime : (types.getTypeParser(type, format) as (value: string) => unknown);
  },
};
