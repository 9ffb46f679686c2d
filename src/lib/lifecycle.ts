import { once } from 'node:events';
import { systemClock, type Clock } from './clock.ts';
import { toError } from './errors.ts';
import type { Logger } from './log.ts';

/** What a component is started with. */
export interface StartContext {
  /** Aborts when the program is to stop, also while components are still being started. */
  readonly signal: AbortSignal;
  /** Stops the program with exit code 1: for a component that cannot go on, such as a leader that lost its lease. */
  readonly fail: (error: Error) => void;
}

/** A part of a program with a beginning and an end. `stop` is also called when `start` failed or was cut short. */
export interface Component {
  readonly name: string;
  start(context: StartContext): Promise<void> | void;
  stop(): Promise<void> | void;
}

export interface LifecycleOptions {
  readonly logger: Logger;
  /** How long stopping may take in all, in milliseconds; Kubernetes kills after 30 s. */
  readonly stopMilliseconds?: number;
  readonly clock?: Clock;
  /** Stops the program as a signal does, once it has done all that it was started for. */
  readonly done?: AbortSignal;
}

/**
 * Runs a program: starts the components in order, waits for SIGTERM, SIGINT or a failure, and stops what was started
 * in reverse order. A second signal gives up stopping.
 *
 * @returns the exit code: 0 after a signal and a clean stop, else 1; to be given to `process.exit`
 */
export async function runProgram(components: readonly Component[], options: LifecycleOptions): Promise<0 | 1> {
  const { logger } = options;
  const stopping = new AbortController();
  const givingUp = new AbortController();
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    stopping.abort();
  };
  const onSignal = (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'Got a signal to stop');
    (stopping.signal.aborted ? givingUp : stopping).abort();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);

  const onDone = () => stopping.abort();
  options.done?.addEventListener('abort', onDone, { once: true });

  const started: Component[] = [];
  const context = { signal: stopping.signal, fail };
  await startAll(components, started, context).then(() => logger.info('Started'), fail);
  await aborted(stopping.signal);
  if (failure) logger.error({ err: failure }, 'Failed');
  const stopped = await stopAll(started, givingUp.signal, options);

  options.done?.removeEventListener('abort', onDone);
  process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
  logger.info('Stopped');
  return stopped && !failure ? 0 : 1;
}

/** Notes each component in `started` before it starts. Returns early, and quietly, when the program is to stop. */
async function startAll(components: readonly Component[], started: Component[], context: StartContext): Promise<void> {
  const cutShort = aborted(context.signal);
  for (const component of components) {
    if (context.signal.aborted) return;
    started.push(component);
    await Promise.race([component.start(context), cutShort]);
  }
}

/** Whether every component stopped within the limit; one that fails to stop does not keep the others from it. */
async function stopAll(started: readonly Component[], givingUp: AbortSignal, options: LifecycleOptions) {
  const { logger, stopMilliseconds = 25_000, clock = systemClock } = options;
  const done = new AbortController();
  const limit = clock.sleep(stopMilliseconds, AbortSignal.any([done.signal, givingUp])).then(() => 'late' as const);
  const results: StopResult[] = [];
  for (const component of started.toReversed()) {
    const result = await Promise.race([stopOne(component, logger), limit]);
    results.push(result);
    if (result !== 'late') continue;
    logger.error({ component: component.name, limitMilliseconds: stopMilliseconds }, 'Gave up stopping a component');
    break;
  }
  done.abort();
  return results.every((result) => result === 'stopped');
}

type StopResult = 'stopped' | 'failed' | 'late';

async function stopOne(component: Component, logger: Logger): Promise<StopResult> {
  try {
    await component.stop();
    return 'stopped';
  } catch (error) {
    logger.error({ component: component.name, err: toError(error) }, 'Could not stop a component');
    return 'failed';
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
