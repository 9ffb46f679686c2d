import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { readTask } from '../../../../src/chat-api/quick-add/task-phrase.ts';

// A Tuesday, 14:30 in Berlin.
const time = { now: new Date('2026-03-10T13:30:00Z'), zone: 'Europe/Berlin' };
const today = Temporal.PlainDate.from('2026-03-10');

const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july'],
  ...['august', 'september', 'october', 'november', 'december'],
];
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const codes = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const two = (number: number) => String(number).padStart(2, '0');

function ordinal(number: number): string {
  const isTeen = number >= 11 && number <= 13;
  const suffix = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${suffix}`;
}

/** A day that is not over, and every usual way to say it. */
const saidDay = fc.integer({ min: 1, max: 700 }).chain((days) => {
  const date = today.add({ days });
  const { year, month, day, dayOfWeek } = date;
  const name = months[month - 1]!;
  const short = name.slice(0, 3);
  const isNext = Temporal.PlainDate.compare(date, today.add({ years: 1 })) < 0;
  const ways = [
    date.toString(),
    `${day} ${name} ${year}`,
    `${name} ${day}, ${year}`,
    `${short} ${ordinal(day)} ${year}`,
    `the ${ordinal(day)} of ${name} ${year}`,
    `${day}.${month}.${year}`,
    `${two(day)}/${two(month)}/${year}`,
    `${weekdays[dayOfWeek - 1]!}, ${day} ${name} ${year}`,
    ...(isNext ? [`${day} ${name}`, `${name} the ${ordinal(day)}`, `${day}. ${short}`, `${day}.${month}.`] : []),
    ...(days <= 7 ? [weekdays[dayOfWeek - 1]!] : []),
    ...(days === 1 ? ['tomorrow'] : []),
    ...(days === 2 ? ['the day after tomorrow'] : []),
  ];
  return fc.constantFrom(...ways.map((words) => ({ date, words })));
});

/** A time of day, and every usual way to say it. */
const saidTime = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 5, 15, 30, 45))
  .chain(([hour, minute]) => {
    const twelve = hour % 12 === 0 ? 12 : hour % 12;
    const half = hour < 12 ? 'am' : 'pm';
    const part = hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : 'in the evening';
    const clock = `${twelve}:${two(minute)}`;
    const ways = [
      `${two(hour)}:${two(minute)}`,
      `${clock}${half}`,
      `${clock} ${half}`,
      `${clock} ${half[0]!}.m.`,
      ...(hour > 12 ? [`${hour}h${two(minute)}`] : []),
      ...(minute === 0 ? [`${twelve}${half}`, `${twelve} ${half}`] : []),
      ...(twelve < 12 ? [`${clock} ${part}`] : []),
      ...(minute === 30 && twelve < 12 ? [`half past ${twelve} ${part}`] : []),
      ...(hour === 12 && minute === 0 ? ['noon'] : []),
    ];
    return fc.constantFrom(...ways.map((words) => ({ time: `${two(hour)}:${two(minute)}`, words })));
  });

const unitRules = { day: 'DAILY', week: 'WEEKLY', month: 'MONTHLY', year: 'YEARLY' } as const;

/** A rule, and ways to say it. */
const saidRule = fc.oneof(
  fc
    .tuple(fc.constantFrom(...(['day', 'week', 'month', 'year'] as const)), fc.integer({ min: 1, max: 30 }))
    .map(([unit, count]) => ({
      rule: `FREQ=${unitRules[unit]}${count > 1 ? `;INTERVAL=${count}` : ''}`,
      words: count === 1 ? `every ${unit}` : count === 2 ? `every other ${unit}` : `every ${count} ${unit}s`,
    })),
  fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }).chain((days) => {
    const names = days.map((day) => weekdays[day]!);
    const rule = `FREQ=WEEKLY;BYDAY=${days.map((day) => codes[day]).join(',')}`;
    return fc.constantFrom(' ', ', ', ' and ').map((between) => ({ rule, words: `every ${names.join(between)}` }));
  }),
  fc.tuple(fc.constantFrom(1, 3, 4, -1), fc.integer({ min: 0, max: 6 })).chain(([nth, day]) => {
    const which = nth < 0 ? 'last' : ordinal(nth);
    const rule = `FREQ=MONTHLY;BYDAY=${nth}${codes[day]}`;
    const name = weekdays[day]!;
    return fc.constantFrom(
      { rule, words: `every ${which} ${name}` },
      { rule, words: `on the ${which} ${name} of every month` },
      { rule, words: `every month on the ${which} ${name}` },
    );
  }),
  fc.integer({ min: 1, max: 28 }).chain((day) => {
    const rule = `FREQ=MONTHLY;BYMONTHDAY=${day}`;
    return fc.constantFrom(
      { rule, words: `every ${ordinal(day)}` },
      { rule, words: `on the ${ordinal(day)} of each month` },
      { rule, words: `monthly on the ${ordinal(day)}` },
    );
  }),
  fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 })).chain(([month, day]) => {
    const rule = `FREQ=YEARLY;BYMONTH=${month};BYMONTHDAY=${day}`;
    const name = months[month - 1]!;
    return fc.constantFrom({ rule, words: `every ${day} ${name}` }, { rule, words: `every year on ${name} ${day}` });
  }),
);

describe('readTask', () => {
  it('reads every way to say a day and a time as that day and time, in either order, anywhere', () => {
    const order = fc.constantFrom<(day: string, clock: string) => string>(
      (day, clock) => `Zip box on ${day} at ${clock}`,
      (day, clock) => `Zip box at ${clock} on ${day}`,
      (day, clock) => `On ${day} at ${clock}, Zip box`,
      (day, clock) => `Zip on ${day} at ${clock} "box"`,
    );
    fc.assert(
      fc.property(saidDay, saidTime, order, (day, clock, toSentence) => {
        const words = day.words.replace(/^(?=tomorrow|the day after)/, '');
        const sentence = toSentence(words, clock.words).replace(/on (?=tomorrow|the day after)/gi, '');
        const read = readTask(sentence, time);
        expect([sentence, read.title.replaceAll('"', ''), read.due]).toEqual([
          sentence,
          'Zip box',
          `${day.date.toString()}T${clock.time}`,
        ]);
      }),
      { numRuns: 400 },
    );
  });

  it('reads every way to say a rule as that rule, with and without a time and a start', () => {
    const start = fc.option(saidDay, { nil: undefined });
    fc.assert(
      fc.property(saidRule, fc.option(saidTime, { nil: undefined }), start, ({ rule, words }, clock, from) => {
        const sentence = ['Zip box', words, clock && `at ${clock.words}`, from && `starting ${from.words}`]
          .filter(Boolean)
          .join(' ');
        const { title, recurrence, due } = readTask(sentence, time);
        const expected =
          from && clock ? `${from.date.toString()}T${clock.time}` : (from?.date.toString() ?? clock?.time);
        expect([sentence, title, recurrence, due]).toEqual([sentence, 'Zip box', rule, expected]);
      }),
      { numRuns: 400 },
    );
  });

  it('never loses a word: what it did not read as a time is in the title', () => {
    const word = fc.constantFrom(
      ...'every each other 3rd last friday mon fri day week month year tomorrow today at 5 7pm half past noon on the of in'.split(
        ' ',
      ),
      ...'20 15th may march until for times except starting next this end eod 2 to and or from weekly daily box zip , -'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const { title, due, recurrence } = readTask(`Zip ${words.join(' ')}`, time);
        expect(title.startsWith('Zip')).toBe(true);
        if (due === undefined && recurrence === undefined) {
          const bare = (text: string) => text.replace(/[\s,-]+/g, ' ').trim();
          expect(bare(title)).toBe(bare(`Zip ${words.join(' ')}`));
        }
      }),
      { numRuns: 1000 },
    );
  });
});
