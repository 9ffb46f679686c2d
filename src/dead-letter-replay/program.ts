import { writeFile } from 'node:fs/promises';
import { BrokerConnections } from '../kafka/client/broker-connections.ts';
import { systemClock as clock } from '../lib/clock.ts';
import { errorCode, toError } from '../lib/errors.ts';
import { createHealthServer } from '../lib/health.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { createRegistry } from '../lib/metrics.ts';
import type { DeadLetterReplayConfiguration } from './configuration.ts';
import type { Counts } from './progress.ts';
import { Replay } from './replay.ts';

/** What the program says at /status, and in its last words. */
export interface ReplayReport {
  readonly counts: Counts;
  /** Why it does not go on, or why it has failed. */
  readonly trouble?: { readonly code?: string; readonly message: string };
}

/** `interrupted` is to be started again, and goes on where it was; `failed` would fail again. */
export type ReplayEnd = 'complete' | 'failed' | 'interrupted';

export interface DeadLetterReplayProgram {
  readonly components: readonly Component[];
  /** Aborts when there is nothing left to do. */
  readonly done: AbortSignal;
  /** How it has ended, once it has stopped. */
  readonly end: () => ReplayEnd;
}

/** Kubernetes cuts longer ones at 4096 bytes, by which they are no JSON any more. */
const longestMessage = 1000;

export function createDeadLetterReplay(
  configuration: DeadLetterReplayConfiguration,
  logger: Logger,
): DeadLetterReplayProgram {
  const { kafka, deadLetterTopic, topics, filter, maxReturns } = configuration;
  const connections = new BrokerConnections(kafka, { logger });
  const brokers = () => connections.call();
  const rules = { filter, maxReturns, topics };
  const { id, limit, dryRun, throttle, terminationLog } = configuration;
  const replay = new Replay({ brokers, deadLetterTopic, id, rules, limit, dryRun, throttle, clock, logger });
  let end: ReplayEnd = 'interrupted';
  const done = new AbortController();
  let running: Promise<void> | undefined;

  const sayLast = async (trouble: ReplayReport['trouble']) => {
    const report: ReplayReport = { counts: replay.counts, ...(trouble && { trouble }) };
    logger.info({ ...report, end }, 'Ends');
    const failed = (error: unknown) => logger.warn({ err: toError(error) }, 'Could not leave the counts');
    await writeFile(terminationLog, JSON.stringify(report)).catch(failed);
  };
  const run = async (signal: AbortSignal, fail: (error: Error) => void) => {
    try {
      if (await replay.run(signal)) end = 'complete';
      await sayLast(undefined);
      done.abort();
    } catch (error) {
      // Another pod has taken over, and goes on.
      end = errorCode(error) === 'ProducerFenced' ? 'interrupted' : 'failed';
      await sayLast({ code: errorCode(error), message: toError(error).message.slice(0, longestMessage) });
      fail(toError(error));
    }
  };
  const report = (): ReplayReport => {
    const { counts, trouble } = replay;
    return { counts, ...(trouble !== undefined && { trouble: { message: trouble.slice(0, longestMessage) } }) };
  };
  return {
    components: [
      createHealthServer({
        port: configuration.metricsPort,
        registry: createRegistry('dead-letter-replay'),
        logger,
        routes: { '/status': report },
      }),
      { name: 'connections', start: () => {}, stop: () => connections.close() },
      {
        name: 'replay',
        start: ({ signal, fail }) => void (running = run(signal, fail)),
        stop: () => running,
      },
    ],
    done: done.signal,
    end: () => end,
  };
}
