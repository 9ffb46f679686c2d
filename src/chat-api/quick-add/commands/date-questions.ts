import type { Temporal } from 'temporal-polyfill';
import type { ToolCall } from '../../chat/tool-calls.ts';
import { readDate } from '../date-phrase.ts';
import { sayDay } from '../grammar/calendar.ts';
import { own } from '../own.ts';
import { sayTime } from '../say-time.ts';
import { months } from '../vocabulary/time-words.ts';
import { resolveWhen, usesTwelveHours, zoned, type UserTime } from '../when.ts';
import { withDays } from './list-command.ts';
import { isPronoun } from './pronouns.ts';
import { taskName, type Command } from './sentence.ts';
import { answer, whole } from './whole-sentence.ts';

/* Questions about the calendar, which no task answers: "what date is next friday?", "how many days until christmas?" */

const reply = (text: string): ToolCall => ({ tool: 'help', arguments: { reply: text } });

const sayWhole = (date: Temporal.PlainDate) => `${date.toLocaleString('en-GB', { weekday: 'long' })}, ${sayDay(date)}`;

interface Point {
  readonly moment: Temporal.ZonedDateTime;
  /** Whether it is a time of day, and not a whole day. */
  readonly isTime: boolean;
}

/** The date, and nothing else, that words mean. */
function pointOf(words: string, time: UserTime): Point | undefined {
  const isMonth = own(months, words.toLowerCase()) !== undefined;
  const found = readDate(isMonth ? `1 ${words}` : words, time);
  if (!found || 'problem' in found) return undefined;
  return { moment: zoned(resolveWhen(found.when, time), time.zone), isTime: found.when.includes(':') };
}

const now = String.raw`(?:\s+(?:it|now|today|is\s+(?:it|today)|it\s+is))*(?:\s+(?:now|today))*`;
const asksToday = whole(
  String.raw`(?:what|which)(?:['’]?s|\s+is)?\s+(?:(?:the|today['’]?s)\s+)?(?:current\s+)?(?:date|day(?:\s+of\s+the\s+week)?|weekday)${now}|what\s+is\s+today`,
);
const asksTime = whole(
  String.raw`what(?:['’]?s|\s+is)?\s+(?:the\s+)?(?:current\s+)?time(?:\s+is\s+it|\s+is\s+it\s+now|\s+now)?`,
);

const present: Command = ({ text, time }) => {
  const isTime = asksTime.test(text.visible);
  if (!isTime && !asksToday.test(text.visible)) return undefined;
  const moment = zoned(time.now, time.zone);
  const day = sayWhole(moment.toPlainDate());
  return reply(isTime ? `It is ${sayTime(moment, usesTwelveHours(time))} on ${day}.` : `Today is ${day}.`);
};

const dayNoun = String.raw`(?:date|day(?:\s+of\s+the\s+(?:week|month))?|weekday)`;
const dateForms: readonly RegExp[] = [
  // "what day is it tomorrow", "which weekday will the 20th be"
  String.raw`(?:what|which)\s+${dayNoun}\s+(?:is|will|does)\s+(?:it\s+)?(?:be\s+)?(?:(?:on|in)\s+)?(?<date>\S.{0,60}?)(?:\s+(?:be|fall\s+on|on))?`,
  String.raw`what(?:['’]?s|\s+is|\s+will\s+be)\s+the\s+${dayNoun}\s+(?:(?:of|on|for|in)\s+)?(?<date>\S.{0,60}?)`,
  String.raw`when(?:['’]?s|\s+is)\s+(?:it\s+)?(?<date>\S.{0,60}?)(?:\s+this\s+year)?`,
].map(whole);

/** "what date is next friday?"; of "when is the dentist?", a task may say. */
const dateOf: Command = ({ text, time }) => {
  for (const form of dateForms) {
    const said = form.exec(text.visible)?.groups?.['date'];
    const point = said === undefined ? undefined : pointOf(said, time);
    if (!point) continue;
    const clock = point.isTime ? ` at ${sayTime(point.moment, usesTwelveHours(time))}` : '';
    return reply(`That is ${sayWhole(point.moment.toPlainDate())}${clock}.`);
  }
  return undefined;
};

const asksLength = whole(
  String.raw`(?:how\s+(?:long|much\s+(?:time|longer)|many\s+(?<unit>hours|days|weeks|months|sleeps)(?:\s+more)?)(?:\s+(?:is\s+(?:it|there|left)|are\s+(?:there|left)|do\s+(?:i|we)\s+have|have\s+(?:i|we)\s+got|left))*|(?<bare>days|weeks|months)(?:\s+left)?)\s+(?:until|till|til|before)\s+(?<end>\S.{0,100}?)(?:\s+is\s+due|['’]s\s+due)?`,
);

/** "how many days until christmas?"; until a task, its date says that. */
const lengthUntil: Command = ({ text, time }) => {
  const found = asksLength.exec(text.visible)?.groups;
  if (!found) return undefined;
  const { unit = found['bare'], end = '' } = found;
  const point = pointOf(end, time);
  if (point) {
    const clock = point.isTime ? `${sayTime(point.moment, usesTwelveHours(time))} on ` : '';
    return reply(
      `It is ${sayLength(point, unit?.toLowerCase(), time)} until ${clock}${sayWhole(point.moment.toPlainDate())}.`,
    );
  }
  if (found['bare'] !== undefined) return undefined;
  const start = text.visible.lastIndexOf(end);
  const task = taskName(text.slice(start, start + end.length));
  return isPronoun(task)
    ? { tool: 'show_task', arguments: { task } }
    : { tool: 'list_tasks', arguments: withDays(task.slice(0, 200), time) };
};

function sayLength({ moment, isTime }: Point, unit: string | undefined, time: UserTime): string {
  const present = zoned(time.now, time.zone);
  if (isTime && (unit === undefined || unit === 'hours')) {
    const { hours, minutes } = present.until(moment, { largestUnit: 'hour' });
    return said([
      [hours, 'hour'],
      [minutes, 'minute'],
    ]);
  }
  const largestUnit = unit === 'months' ? 'month' : unit === 'weeks' ? 'week' : 'day';
  const { months, weeks, days } = present.toPlainDate().until(moment.toPlainDate(), { largestUnit });
  return said([
    [months, 'month'],
    [weeks, 'week'],
    [days, 'day'],
  ]);
}

/** "1 week and 2 days" */
function said(parts: readonly (readonly [count: number, unit: string])[]): string {
  const counted = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return counted.length > 0 ? counted.join(' and ') : `0 ${parts.at(-1)![1]}s`;
}

export const dateQuestions: readonly Command[] = [
  answer(
    whole(String.raw`what(?:['’]?s|\s+is)?\s+(?:the\s+)?time\s+(?:(?:is\s+)?it\s+)?in\s+\S.{0,60}`),
    'I know the time in your time zone only.',
  ),
  present,
  dateOf,
  lengthUntil,
  answer(
    whole(
      String.raw`how\s+many\s+(?:(?:working|business|week|school)[\s-]?days|workdays|weekends|nights|years|minutes|seconds|\w+days)\s.{0,80}`,
    ),
    'I can count hours, days, weeks and months until a date, such as "how many days until christmas?".',
  ),
];
