import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

/** How soon a request that waits is looked at again; answers that arrive look at once. */
const checkMilliseconds = 10;

/**
 * kafkajs sets a timer with a negative time after every answer, of which Node 24 warns on stderr. This method is the
 * same but for that, and sets no timer when nothing waits.
 */
export function keepTimersPositive(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
    const milliseconds = Math.max(this.throttledUntil - Date.now(), checkMilliseconds);
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, milliseconds);
  };
}
