/** A program for the tests of the lifecycle. Its argument says how its components behave. */
import { runProgram, type Component } from '../../../src/lib/lifecycle.ts';
import { createLogger } from '../../../src/lib/log.ts';

const [behaviour = ''] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);
const forever = () => new Promise<void>(() => setInterval(() => {}, 1000));

function component(name: string, changes: Partial<Component> = {}): Component {
  return { name, start: () => void say(`start ${name}`), stop: () => void say(`stop ${name}`), ...changes };
}

const second: Readonly<Record<string, Partial<Component>>> = {
  'fails to start': { start: () => Promise.reject(new Error('no port')) },
  'never starts': {
    start: () => {
      say('starting second');
      return forever();
    },
  },
  'fails later': {
    start: ({ fail }) => void setTimeout(() => fail(new Error('lease lost')), 10),
  },
  'fails to stop': { stop: () => Promise.reject(new Error('busy')) },
  'never stops': {
    stop: () => {
      say('stopping second');
      return forever();
    },
  },
};

const keepsRunning = component('first', {
  start: () => {
    setInterval(() => {}, 1000);
    say('start first');
  },
});
const components = [keepsRunning, component('second', second[behaviour]), component('third')];
const logger = createLogger({ name: 'program', level: 'info', destination: process.stderr });
const stopMilliseconds = Number(process.argv[3] ?? 10_000);
const exitCode = await runProgram(components, { logger, stopMilliseconds });
say('end');
process.exit(exitCode);
