import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Lag } from './lag.ts';
import type { Random } from '../support/random.ts';
import type { Weather } from './weather.ts';

/** What became of watches, counted. */
export interface WatchFigures {
  events: number;
  delayed: number;
  duplicated: number;
  streams: number;
  broken: number;
  expired: number;
}

export const noWatchFigures = (): WatchFigures => ({
  events: 0,
  delayed: 0,
  duplicated: 0,
  streams: 0,
  broken: 0,
  expired: 0,
});

export interface WatchRelayOptions {
  readonly lag: Lag;
  readonly random: Random;
  readonly weather: Weather;
  readonly figures: WatchFigures;
}

interface Held {
  readonly line: string;
  readonly dueAt: number;
}

/** Whoever is that far behind is cut off, as the API server does it. */
const longestQueue = 20_000;

export const expiredEvent = JSON.stringify({
  type: 'ERROR',
  object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version (the lab says so)' },
});

/**
 * Passes a watch on, line by line: late, some lines twice, and not to its end. The order of lines stays, which is what the
 * API server promises for one watch; what is promised for two watches is nothing.
 */
export async function relayWatch(
  upstream: IncomingMessage,
  downstream: ServerResponse,
  options: WatchRelayOptions,
): Promise<void> {
  const { lag, random, weather, figures } = options;
  const held: Held[] = [];
  let isOver = false;
  let isDoomed = false;
  let wake = () => {};
  const read = async () => {
    for await (const line of linesOf(upstream)) {
      const milliseconds = weather.isCalm ? 0 : lag.next();
      figures.events += 1;
      if (milliseconds >= 100) figures.delayed += 1;
      held.push({ line, dueAt: performance.now() + milliseconds });
      if (held.length > longestQueue) downstream.destroy();
      wake();
    }
  };
  const reading = read()
    .catch(() => {}) // either side may go away at any time
    .finally(() => {
      isOver = true;
      wake();
    });
  downstream.on('close', () => wake());

  figures.streams += 1;
  let lifetime = random.integer(5, 150);
  const doom = setTimeout(
    () => {
      isDoomed = true;
      wake();
    },
    random.between(2_000, 40_000),
  );
  while (!downstream.destroyed) {
    const next = held[0];
    if ((isDoomed || lifetime <= 0) && !weather.isCalm) {
      giveUp(downstream, next?.line ?? '', options);
      break;
    }
    if (!next) {
      if (isOver) break;
      await new Promise<void>((resolve) => (wake = resolve));
      continue;
    }
    await weather.delay(next.dueAt - performance.now());
    await weather.passes();
    if (downstream.destroyed) break;
    held.shift();
    lifetime -= 1;
    downstream.write(`${next.line}\n`);
    if (!weather.isCalm && random.chance(0.05)) {
      figures.duplicated += 1;
      downstream.write(`${next.line}\n`);
    }
  }
  clearTimeout(doom);
  if (!downstream.destroyed) downstream.end();
  upstream.destroy();
  await reading;
}

/** What is still held is lost, and the client has to come again. */
function giveUp(downstream: ServerResponse, line: string, { random, figures }: WatchRelayOptions): void {
  const how = random.weighted({ break: 5, end: 2, expire: 2 });
  figures[how === 'expire' ? 'expired' : 'broken'] += 1;
  if (how === 'end') downstream.end();
  else if (how === 'expire') downstream.end(`${expiredEvent}\n`);
  else downstream.write(line.slice(0, line.length / 2), () => downstream.destroy());
}

async function* linesOf(stream: IncomingMessage): AsyncGenerator<string> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const piece of stream) {
    const ends = (rest + (piece as string)).split('\n');
    rest = ends.pop()!;
    yield* ends.filter((line) => line !== '');
  }
}
