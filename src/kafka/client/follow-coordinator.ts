import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import Runner from 'kafkajs/src/consumer/runner.js';
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
import { systemClock } from '../../lib/clock.ts';
import { kafkaError } from '../errors.ts';
import { Deadline } from './deadline.ts';

/** Longer than controllers take to see that a broker was killed (`broker.session.timeout.ms`, 9 s). */
const searchMilliseconds = 10_000;
const pauseMilliseconds = 100;

/** Groups whose coordinator is looked for now: all requests of a member wait for the same answer. */
const searches = new WeakMap<ConsumerGroup, Promise<void>>();
/** Groups that are being left: they are to make no new connection. */
const ending = new WeakSet<ConsumerGroup>();

/**
 * Has a member of a group go on with the group's new coordinator. kafkajs goes on asking the broker that was it when the
 * member joined, and falls out of the group with that. Whoever comes back alone then waits for seconds, as brokers wait
 * for further members of an empty group (`group.initial.rebalance.delay.ms`), although the new coordinator knows the
 * member and its generation.
 */
export function followCoordinator(): void {
  const { commitOffsets, heartbeat } = ConsumerGroup.prototype;
  ConsumerGroup.prototype.commitOffsets = function (offsets) {
    return following(this, () => commitOffsets.call(this, offsets));
  };
  ConsumerGroup.prototype.heartbeat = function (options) {
    return following(this, () => heartbeat.call(this, options));
  };
  const { stop } = Runner.prototype;
  Runner.prototype.stop = function () {
    ending.add(this.consumerGroup);
    return stop.call(this);
  };
}

/** Asks again until the new coordinator answers, or time is up. @throws whatever it was told last */
async function following(group: ConsumerGroup, ask: () => Promise<void>): Promise<void> {
  const { generationId } = group;
  const deadline = new Deadline(systemClock, searchMilliseconds);
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (kafkaError(error).code !== 'BrokerUnreachable') throw error;
      const isInTime = await deadline
        .wait(() => search(group))
        .then(
          () => true,
          () => false,
        );
      if (!isInTime || ending.has(group)) throw error;
      // After another join, what was asked could be about partitions that are another's now.
      if (group.generationId !== generationId) throw generationOver();
    }
  }
}

/** ILLEGAL_GENERATION, as the new coordinator would say it. */
const generationOver = () => createErrorFromCode(22);

function search(group: ConsumerGroup): Promise<void> {
  const search = searches.get(group) ?? findCoordinator(group).finally(() => searches.delete(group));
  searches.set(group, search);
  return search;
}

async function findCoordinator(group: ConsumerGroup): Promise<void> {
  await systemClock.sleep(pauseMilliseconds);
  if (ending.has(group)) return;
  try {
    const coordinator = await group.cluster.findGroupCoordinator({ groupId: group.groupId });
    group.coordinator = coordinator;
    if (group.offsetManager) group.offsetManager.coordinator = coordinator;
  } catch {
    // Asking the one before fails again, and that is what is thrown in the end.
  }
}
