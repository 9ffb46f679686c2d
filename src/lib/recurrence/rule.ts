export const frequencies = ['SECONDLY', 'MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof frequencies)[number];

/** A day of the week, 0 for Monday, and which of them in its month or year: -1 is the last, 0 is every one. */
export interface WeekdayNumber {
  readonly weekday: number;
  readonly ordinal: number;
}

/** When a series ends: at an instant in milliseconds since 1970, or with a second on the wall clock (see ZoneClock). */
export type Until = { readonly instant: number } | { readonly wall: number };

/** The parts of an RRULE (RFC 5545, 3.3.10), absent when left out. Lists are sorted and have no repetitions. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count?: number;
  readonly until?: Until;
  readonly bySecond?: readonly number[];
  readonly byMinute?: readonly number[];
  readonly byHour?: readonly number[];
  readonly byDay?: readonly WeekdayNumber[];
  readonly byMonthDay?: ReadonlySet<number>;
  readonly byYearDay?: ReadonlySet<number>;
  readonly byWeekNumber?: ReadonlySet<number>;
  readonly byMonth?: ReadonlySet<number>;
  readonly bySetPosition?: readonly number[];
  /** 0 for Monday, which is the default. */
  readonly weekStart: number;
}

/** Longer than a rule with each list complete. */
const maximumLength = 20_000;
const maximumNumber = 999_999_999;

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

type Parts = ReadonlyMap<string, string>;

/**
 * Reads an RRULE without its name. What RFC 5545 forbids but has a plain meaning all the same is read; see
 * {@link violation}.
 *
 * @throws {Error} that names the part, its value and what is allowed
 */
export function parseRule(text: string): Rule {
  if (text.length > maximumLength) {
    throw new Error(`it has ${text.length} characters; at most ${maximumLength} are allowed`);
  }
  if (/[\r\n]/.test(text)) throw new Error('a rule is one line');
  const parts = splitParts(text);
  const frequency = readFrequency(parts);
  const optional = {
    count: readNumber(parts, 'COUNT'),
    until: readUntil(parts),
    bySecond: readList(parts, 'BYSECOND', 0, 60),
    byMinute: readList(parts, 'BYMINUTE', 0, 59),
    byHour: readList(parts, 'BYHOUR', 0, 23),
    byDay: readWeekdays(parts),
    byMonthDay: toSet(readSignedList(parts, 'BYMONTHDAY', 31)),
    byYearDay: toSet(readSignedList(parts, 'BYYEARDAY', 366)),
    byWeekNumber: toSet(readSignedList(parts, 'BYWEEKNO', 53)),
    byMonth: toSet(readList(parts, 'BYMONTH', 1, 12)),
    bySetPosition: readSignedList(parts, 'BYSETPOS', 366),
  };
  return {
    frequency,
    interval: readNumber(parts, 'INTERVAL') ?? 1,
    weekStart: readWeekStart(parts),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<Rule>),
  };
}

/** Why RFC 5545 forbids a rule that could be read, in words; undefined when it allows the rule. */
export function violation(text: string): string | undefined {
  const names = text.split(';').map((part) => part.split('=')[0]!);
  const { frequency, ...rule } = parseRule(text);
  const local = /UNTIL=([\dT]+)(?:;|$)/.exec(text)?.[1];
  const violations: readonly [boolean, string][] = [
    [names[0] !== 'FREQ', 'FREQ must come first'],
    [new Set(names).size < names.length, `${names.find((name, index) => names.indexOf(name) < index)} occurs twice`],
    [
      names.some((name) => !partNames.has(name)),
      `${names.find((name) => !partNames.has(name))} is not a part of a rule`,
    ],
    [rule.count !== undefined && rule.until !== undefined, 'COUNT and UNTIL must not occur together'],
    [local !== undefined, `UNTIL is "${local}"; it must be a UTC time such as 20261231T235959Z`],
    [rule.byWeekNumber !== undefined && frequency !== 'YEARLY', 'BYWEEKNO needs FREQ=YEARLY'],
    [
      rule.byYearDay !== undefined && ['DAILY', 'WEEKLY', 'MONTHLY'].includes(frequency),
      `BYYEARDAY must not occur with FREQ=${frequency}`,
    ],
    [rule.byMonthDay !== undefined && frequency === 'WEEKLY', 'BYMONTHDAY must not occur with FREQ=WEEKLY'],
    [
      Boolean(rule.byDay?.some(({ ordinal }) => ordinal !== 0)) &&
        (!['MONTHLY', 'YEARLY'].includes(frequency) || rule.byWeekNumber !== undefined),
      'a number in BYDAY needs FREQ=MONTHLY, or FREQ=YEARLY without BYWEEKNO',
    ],
    [
      rule.bySetPosition !== undefined && !names.some((name) => name.startsWith('BY') && name !== 'BYSETPOS'),
      'BYSETPOS needs another BY part',
    ],
  ];
  return violations.find(([isViolated]) => isViolated)?.[1];
}

const partNames = new Set([
  ...['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'WKST', 'BYSETPOS'],
  ...['BYSECOND', 'BYMINUTE', 'BYHOUR', 'BYDAY', 'BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH'],
]);

function splitParts(text: string): Parts {
  return new Map(
    text.split(';').map((part) => {
      const match = /^([A-Z-]+)=(.+)$/.exec(part);
      if (!match) throw new Error(`"${shorten(part)}" is not a part such as FREQ=DAILY`);
      return [match[1]!, match[2]!];
    }),
  );
}

function readFrequency(parts: Parts): Frequency {
  const frequency = frequencies.find((candidate) => candidate === parts.get('FREQ'));
  if (frequency) return frequency;
  throw notAllowed('FREQ', parts.get('FREQ') ?? '', `one of ${frequencies.join(', ')}`);
}

function readNumber(parts: Parts, name: string): number | undefined {
  const text = parts.get(name);
  if (text === undefined) return undefined;
  return toNumber(name, text, /^\d{1,20}$/, 1, maximumNumber);
}

function readList(parts: Parts, name: string, minimum: number, maximum: number): number[] | undefined {
  return sorted(
    parts
      .get(name)
      ?.split(',')
      .map((text) => toNumber(name, text, /^\d{1,9}$/, minimum, maximum)),
  );
}

/** From -maximum to maximum, without 0. */
function readSignedList(parts: Parts, name: string, maximum: number): number[] | undefined {
  const toSigned = (text: string) => toNumber(name, text, /^[+-]?0*[1-9]\d{0,9}$/, -maximum, maximum);
  return sorted(parts.get(name)?.split(',').map(toSigned));
}

function toNumber(name: string, text: string, form: RegExp, minimum: number, maximum: number): number {
  const number = form.test(text) ? Number(text) : NaN;
  if (number >= minimum && number <= maximum) return number;
  throw notAllowed(name, text, `${minimum} to ${maximum}${minimum < 0 ? ', not 0' : ''}`);
}

function toSet(numbers: number[] | undefined): ReadonlySet<number> | undefined {
  return numbers && new Set(numbers);
}

function sorted(numbers: number[] | undefined): number[] | undefined {
  return numbers && [...new Set(numbers)].sort((one, other) => one - other);
}

function readWeekdays(parts: Parts): WeekdayNumber[] | undefined {
  const texts = parts.get('BYDAY')?.split(',');
  return (
    texts &&
    [...new Set(texts)].map((text) => {
      const [, ordinal, code] = /^([+-]?0?\d{1,2})?([A-Z]{2})$/.exec(text) ?? [];
      const weekday = weekdays.indexOf(code ?? '');
      const number = ordinal === undefined ? 0 : Number(ordinal);
      const isAllowed = weekday >= 0 && Math.abs(number) <= 53 && (ordinal === undefined || number !== 0);
      if (!isAllowed)
        throw notAllowed('BYDAY', text, `one of ${weekdays.join(', ')}, or such as 1MO or -1MO, up to 53`);
      return { weekday, ordinal: number };
    })
  );
}

function readWeekStart(parts: Parts): number {
  const text = parts.get('WKST') ?? 'MO';
  if (weekdays.includes(text)) return weekdays.indexOf(text);
  throw notAllowed('WKST', text, `one of ${weekdays.join(', ')}`);
}

function readUntil(parts: Parts): Until | undefined {
  const text = parts.get('UNTIL');
  if (text === undefined) return undefined;
  const match = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z)?)?$/.exec(text);
  // A day that stands alone ends with its last second.
  const [year = NaN, month = NaN, day = NaN, hour = 23, minute = 59, second = 59] =
    match?.slice(1, 7).map(toOptionalNumber) ?? [];
  const midnight = Date.UTC(year, month - 1, day);
  const isDay = new Date(midnight).getUTCDate() === day && month >= 1 && month <= 12 && year >= 100;
  if (isDay && hour < 24 && minute < 60 && second <= 60) {
    const seconds = midnight / 1000 + (hour * 60 + minute) * 60 + second;
    return match?.[7] ? { instant: seconds * 1000 } : { wall: seconds };
  }
  throw notAllowed('UNTIL', text, 'a UTC time such as 20261231T235959Z');
}

function toOptionalNumber(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function notAllowed(name: string, value: string, allowed: string): Error {
  return new Error(`${name} is "${shorten(value)}"; it must be ${allowed}`);
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
