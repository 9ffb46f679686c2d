import Runner from 'kafkajs/src/consumer/runner.js';

/**
 * Ends what a stopped consumer still fetches with. kafkajs makes its fetchers anew when the brokers of its metadata have
 * changed; those of a consumer that is stopped meanwhile are told by nobody, fetch nothing at once, again and again, and
 * nothing else of the whole program runs any more, not even its timers.
 */
export function endFetching(): void {
  const { prototype } = Runner;
  const { fetch, start, stop } = prototype;
  prototype.fetch = function (nodeId) {
    if (!this.running) void this.fetchManager.stop();
    return fetch.call(this, nodeId);
  };
  // One that is stopped while it joins knows nothing of that, and would be a member for ever that processes nothing.
  const stopped = new WeakSet<Runner>();
  prototype.start = async function () {
    await start.call(this);
    if (stopped.has(this)) await stop.call(this);
  };
  prototype.stop = async function () {
    stopped.add(this);
    await stop.call(this);
  };
}
