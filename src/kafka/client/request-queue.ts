import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { systemClock } from '../../lib/clock.ts';

/** How soon a request that waits is looked at again; answers that arrive look at once. */
const checkMilliseconds = 10;

/**
 * A broker may ask its clients to wait before the next request. kafkajs waits until a time of day, so that requests wait
 * for an hour more when the clock is set back by one; and it sets a timer with a negative time after every answer, of
 * which Node 24 warns on stderr. These methods are the same but for that, and set no timer when nothing waits.
 */
export function throttleByMonotonicTime(): void {
  const { prototype } = RequestQueue;
  prototype.maybeThrottle = function (milliseconds) {
    if (milliseconds === null || milliseconds === undefined || milliseconds <= 0) return;
    this.throttledUntil = Math.max(systemClock.monotonic() + milliseconds, this.throttledUntil);
  };
  prototype.canSendSocketRequestImmediately = function () {
    const { maxInFlightRequests, inflight, throttledUntil } = this;
    const isFull = inflight.size >= (maxInFlightRequests ?? Infinity);
    return !isFull && throttledUntil <= systemClock.monotonic();
  };
  prototype.scheduleCheckPendingRequests = function () {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const milliseconds = Math.max(this.throttledUntil - systemClock.monotonic(), checkMilliseconds);
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, milliseconds);
  };
}
