import { text } from 'node:stream/consumers';
import { nextOccurrence } from '../../../../src/lib/recurrence.ts';

/*
 * How long questions take, in milliseconds of computing: the machine's other work does not count. It is a program of
 * its own since modules under Jest are several times slower. Each is asked three times, so that the compiler has its turn.
 */
const questions = JSON.parse(await text(process.stdin)) as { rule: string; start: string; after: string }[];
const times = questions.map(({ rule, start, after }) =>
  Math.min(...[1, 2, 3].map(() => computingTime(rule, start, after))),
);
process.stdout.write(JSON.stringify(times));

function computingTime(rule: string, start: string, after: string): number {
  const before = process.cpuUsage().user;
  nextOccurrence({ rule, time_zone: 'Europe/Berlin' }, new Date(start), new Date(after));
  return (process.cpuUsage().user - before) / 1000;
}
