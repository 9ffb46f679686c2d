import type { Browser, Page } from 'playwright-core';

/**
 * What the page's main thread did, in milliseconds of the processor's time: how long a busy machine made it wait does not
 * count, as it would for a PerformanceObserver.
 */
export interface MainThread {
  /** The longest task: what a person may feel as a delay. */
  readonly longestTask: number;
  /** All of its scripts. */
  readonly script: number;
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** In microseconds, from any moment on. */
  readonly ts: number;
  readonly dur?: number;
  /** Of the processor. */
  readonly tdur?: number;
}

/** By which the page's own thread is found. */
const mark = 'watched';
const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'v8.execute'];
const scripts = new Set(['FunctionCall', 'EvaluateScript', 'v8.evaluateModule', 'RunMicrotasks']);

/** Watches the page while the work is done. */
export async function watchMainThread(browser: Browser, page: Page, work: () => Promise<void>): Promise<MainThread> {
  await browser.startTracing(page, { categories: [...categories, 'blink.user_timing'] });
  let trace: Buffer;
  try {
    await work();
    await page.evaluate(`performance.mark('${mark}')`);
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  // Other threads and processes are of no interest.
  const { pid, tid } = traceEvents.find(({ name }) => name === mark)!;
  const own = traceEvents.filter((event) => event.pid === pid && event.tid === tid && event.tdur !== undefined);
  const tasks = own.filter(({ name }) => name === 'RunTask').map(({ tdur }) => tdur! / 1000);
  let [script, end] = [0, 0];
  for (const { ts, dur, tdur } of own
    .filter(({ name }) => scripts.has(name))
    .toSorted((one, other) => one.ts - other.ts)) {
    if (ts < end) continue; // within the one before
    script += tdur! / 1000;
    end = ts + dur!;
  }
  return { longestTask: Math.max(...tasks), script };
}
