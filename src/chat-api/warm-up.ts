import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Hono } from 'hono';
import { answerTo } from '../lib/answer-to.ts';
import type { Clock } from '../lib/clock.ts';
import { withTransaction, type Database } from '../lib/database.ts';
import type { Component, StartContext } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { Registry } from '../lib/metrics.ts';
import { runTool } from './chat/run-tool.ts';
import type { RequestEnvironment } from './http/request-context.ts';
import { createServer } from './http/server.ts';
import type { Tokens } from './http/token-directory.ts';
import { readCommand } from './quick-add/command.ts';
import type { ChangeContext } from './tasks/change-context.ts';
import { keepChange } from './tasks/undo-change.ts';

export interface WarmUpOptions {
  readonly database: Database;
  readonly publisher: { prepare(): Promise<void> };
  readonly topics: ChangeContext['topics'];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Such as serves everybody, but for whom it knows, and where it counts. */
  readonly appFor: (tokens: Tokens, registry: Registry) => Hono<RequestEnvironment>;
}

/** How long the start waits at most: what is away then is waited for by whoever asks. */
const warmUpMilliseconds = 5_000;
const connections = 4;
const rounds = 5;
/** So often is each sentence said: after that, requests are answered about as fast as after a hundred. */
const repetitions = 4;
/** Of many kinds, as most patterns are compiled when the first sentence comes to them. */
const sentences = [
  'Warm up tomorrow at 9am #test',
  'Task one on friday at 10:30 !high',
  'Pay the rent every month on the 1st',
  'Call the dentist next week #health',
  'Water the plants every 3 days, starting tomorrow evening',
  'Team meeting every mon, wed and fri from 2pm to 3:30pm',
  'Report by the end of next month, remind me 2 days before',
  'Birthday of Tom every year on march 3',
  'Send 3 letters in 2 hours',
  'Lunch the day after tomorrow at half past twelve',
  'What do I have today?',
  'complete warm up',
  'move warm up to thursday 3pm',
  'rename warm up to cool down',
];

/** Does all that the first change would have to wait for: connects, and runs changes and requests of which nothing stays. */
export function createWarmUp(options: WarmUpOptions): Component {
  const { publisher, clock, logger } = options;
  return {
    name: 'warm-up',
    start: async (context) => {
      const done = new AbortController();
      const signal = AbortSignal.any([done.signal, context.signal]);
      const changes = rehearse(options, { ...context, signal }).catch((error: unknown) =>
        logger.debug({ err: error }, 'The first change will take longer than others'),
      );
      const late = clock.sleep(warmUpMilliseconds, signal);
      await Promise.race([Promise.all([publisher.prepare(), changes]), late]);
      done.abort();
    },
    stop: () => {},
  };
}

async function rehearse(options: WarmUpOptions, context: StartContext): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await Promise.all(Array.from({ length: connections }, () => rehearseOnce(options)));
  }
  await rehearseRequests(options, context);
}

/** On a port of their own, which nobody else has the token for. */
async function rehearseRequests({ appFor }: WarmUpOptions, context: StartContext): Promise<void> {
  const token = randomUUID();
  const tokens = { authenticate: (given: string) => Promise.resolve(given === token ? 'warm-up' : undefined) };
  const app = appFor(tokens, new Registry());
  const server = createServer({ app, port: 0, host: '127.0.0.1', endStreams: () => {} });
  await server.start(context);
  try {
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const message of sentences) await askOnce(server.port, token, message, context.signal);
    }
  } finally {
    await server.stop();
  }
}

async function askOnce(port: number, token: string, message: string, signal: AbortSignal): Promise<void> {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const asked = request({ host: '127.0.0.1', port, path: '/v1/chat', method: 'POST', headers, signal });
  asked.end(JSON.stringify({ message, dry_run: true }));
  const answer = await answerTo(asked);
  const body = await text(answer);
  if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}: ${body}`);
}

/** A change of nobody's tasks, of which nothing stays. */
async function rehearseOnce({ database, topics, clock }: WarmUpOptions): Promise<void> {
  const time = { now: clock.now(), zone: 'UTC' };
  const rollback = new Error('Rolls the transaction back');
  const changed = withTransaction(database, async (transaction) => {
    const ids = { userId: randomUUID(), correlationId: randomUUID() };
    const change = { transaction, ...ids, now: time.now, newId: randomUUID, writes: [], topics };
    for (const message of ['Warm up tomorrow at 9am #test', 'move it to friday 10:00', 'delete it']) {
      await runTool(readCommand(message, time), { change, time }, 'warm-up');
    }
    keepChange(change);
    throw rollback;
  });
  await changed.catch((error: unknown) => {
    if (error !== rollback) throw error;
  });
}
