import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import { systemClock } from '../../../lib/clock.ts';

/**
 * By which brokers say that a partition is elsewhere now, and nothing more: the last, when they no longer have a replica. Of
 * a topic that is gone, metadata cannot be refreshed, and that is thrown.
 */
const moved = [
  ...['LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION', 'FENCED_LEADER_EPOCH', 'UNKNOWN_LEADER_EPOCH'],
  'UNKNOWN_TOPIC_OR_PARTITION',
];
/** The broker that is asked next may know as little. */
const pauseMilliseconds = 100;

/**
 * Has a consumer look for the new leader of a partition, and no more. kafkajs joins its group again besides, by which all
 * members give back what they work on, and wait for one another: for each replica that moves to another broker.
 */
export function followLeaders(): void {
  const { recoverFromFetch } = ConsumerGroup.prototype;
  ConsumerGroup.prototype.recoverFromFetch = async function (error) {
    if (!moved.includes(error.type ?? '')) return recoverFromFetch.call(this, error);
    await systemClock.sleep(pauseMilliseconds);
    await this.cluster.refreshMetadata();
  };
}
