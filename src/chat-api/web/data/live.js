import { ApiError, request } from './api.js';
import { readEvents } from './event-stream.js';
import { silence, silent } from './outbox.js';
import { Turn } from './turn.js';

/**
 * @typedef {object} LiveHandlers
 * @property {() => Promise<void>} onReady the list may be read now; changes from here on will be told
 * @property {(event: string, data: unknown) => void} onEvent
 * @property {(state: 'connecting' | 'live' | 'waiting', problem?: string) => void} onState with what the server says of it
 * @property {() => void} onRefused the token is not valid, or no longer
 */

const longestWait = 10_000;
/** The server says something every 15 seconds; a connection that is silent for longer is dead. */
const longestSilence = 40_000;
/** How often that is looked at. */
const lookAfter = 5_000;
/** Whoever looks at the page again, as after a night, does not wait for that: the connection is likely gone. */
const longestUnseenSilence = 20_000;
/** A connection that lasted less is one that failed. */
const shortestPeace = 1_000;

/**
 * Follows the server's events until the signal aborts, connecting again whenever the connection is lost.
 *
 * @param {LiveHandlers} handlers
 * @param {AbortSignal} signal
 */
export async function follow(handlers, signal) {
  let lastId = '';
  const turn = new Turn(signal);
  for (let attempt = 0; !signal.aborted; attempt++) {
    handlers.onState('connecting');
    await turn.comes;
    if (signal.aborted) return;
    const begun = performance.now();
    const timer = setTimeout(() => handlers.onState('waiting', silence), silent);
    let problem = '';
    try {
      /** @type {Record<string, string>} */
      const headers = lastId ? { 'Last-Event-ID': lastId } : {};
      const alive = connectionSignal(signal, turn);
      const response = await request('/v1/events', { headers, signal: alive.signal });
      for await (const { id, event, data } of readEvents(response, alive.touch)) {
        clearTimeout(timer);
        lastId = id;
        attempt = 0;
        if (event === 'ready') {
          await handlers.onReady();
          handlers.onState('live');
        } else handlers.onEvent(event, data);
      }
      // The server has ended it in peace: because the token expired, or to be replaced by another server.
      if (performance.now() - begun > shortestPeace) continue;
    } catch (error) {
      if (signal.aborted) return;
      if (turn.isOver) continue;
      if (error instanceof ApiError && error.status === 401) return handlers.onRefused();
      if (error instanceof ApiError) problem = error.message;
    } finally {
      clearTimeout(timer);
    }
    handlers.onState('waiting', problem);
    await wait(Math.min(longestWait, 500 * 2 ** attempt) * (0.5 + Math.random() / 2), signal);
  }
}

/**
 * A signal that also aborts when the browser goes off line, when it is another tab's turn, or when nothing has touched it for
 * too long: by the clock, since timers sleep while the device does.
 *
 * @param {AbortSignal} signal @param {Turn} turn
 */
function connectionSignal(signal, turn) {
  const lost = new AbortController();
  const end = () => lost.abort();
  let touchedAt = Date.now();
  const look = (/** @type {number} */ longest) => {
    // Clocks are also set back.
    if (turn.isOver || Math.abs(Date.now() - touchedAt) > longest) end();
  };
  const timer = setInterval(() => look(longestSilence), lookAfter);
  const onSeen = () => look(document.hidden ? longestSilence : longestUnseenSilence);
  document.addEventListener('visibilitychange', onSeen, { signal: lost.signal });
  window.addEventListener('offline', end, { once: true, signal: lost.signal });
  signal.addEventListener('abort', end, { once: true, signal: lost.signal });
  lost.signal.addEventListener('abort', () => clearInterval(timer));
  return { signal: lost.signal, touch: () => void (touchedAt = Date.now()) };
}

/** @param {number} milliseconds @param {AbortSignal} signal @returns {Promise<void>} */
function wait(milliseconds, signal) {
  return new Promise((resolve) => {
    const over = new AbortController();
    const options = { signal: over.signal };
    const now = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(now, milliseconds);
    signal.addEventListener('abort', now, options);
    // Back on line, or looked at again: no need to wait any longer.
    window.addEventListener('online', now, options);
    document.addEventListener('visibilitychange', () => !document.hidden && now(), options);
  });
}
