import { text } from 'node:stream/consumers';
import { readCommand } from '../../../../src/chat-api/quick-add/command.ts';

/*
 * How long each message takes to read, in milliseconds of computing: the machine's other work does not count. It is a
 * program of its own since modules under Jest are several times slower. Each is read three times, so that the compiler
 * has its turn.
 */
const messages = JSON.parse(await text(process.stdin)) as string[];
const time = { now: new Date('2026-11-27T09:00:00Z'), zone: 'Europe/Berlin' };
const times = messages.map((message) => Math.min(...[1, 2, 3].map(() => computingTime(message))));
process.stdout.write(JSON.stringify(times));

function computingTime(message: string): number {
  const before = process.cpuUsage().user;
  readCommand(message, time);
  return (process.cpuUsage().user - before) / 1000;
}
