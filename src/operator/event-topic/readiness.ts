import type { TopicDifference } from '../../api/event-topic.ts';
import type { TopicDescription } from '../../kafka/describe-topics.ts';
import { evaluate, type Check, type Problem, type Readiness } from '../runtime/reconcile/readiness.ts';
import { describeDifferences } from './compare-topic.ts';

/** What was seen of a topic after everything was done for it that can be. */
export interface TopicSeen {
  /** Undefined while the broker that was asked has not heard of it yet. */
  readonly topic: TopicDescription | undefined;
  /** What was changed, and the broker that was asked has not heard of yet. */
  readonly unseen: readonly TopicDifference[];
  readonly refusals: readonly Problem[];
  /** How many partitions have replicas on the move. */
  readonly moving: number;
}

const checks: readonly Check<TopicSeen>[] = [nothingRefused, known, inPlace, asDesired, hasLeaders];

export function topicReadiness(seen: TopicSeen): Readiness {
  const message = seen.topic ? describeTopic(seen.topic) : '';
  return evaluate(checks, seen, { reason: 'TopicReady', message });
}

export function describeTopic({ partitions, replicationFactor }: TopicDescription): string {
  return `${partitions === 1 ? '1 partition' : `${partitions} partitions`}, replication factor ${replicationFactor}.`;
}

/** All that was refused, so that it can be mended at once. */
function nothingRefused({ refusals }: TopicSeen): Problem | undefined {
  const [first] = refusals;
  if (!first) return undefined;
  const { reason, failed } = first;
  return { reason, failed, message: refusals.map(({ message }) => message).join(' ') };
}

function known({ topic }: TopicSeen): Problem | undefined {
  if (topic) return undefined;
  return { reason: 'TopicCreating', message: 'The topic is created, and not all brokers know it yet.', failed: false };
}

function inPlace({ moving, topic }: TopicSeen): Problem | undefined {
  if (moving === 0) return undefined;
  const message = `Replicas of ${moving} of ${topic?.partitions} partitions are on the move; messages flow meanwhile.`;
  return { reason: 'ReplicasMoving', message, failed: false };
}

function asDesired({ unseen }: TopicSeen): Problem | undefined {
  if (unseen.length === 0) return undefined;
  const message = `Changed, and not yet seen on the broker: ${describeDifferences(unseen)}.`;
  return { reason: 'TopicChanging', message, failed: false };
}

function hasLeaders({ topic }: TopicSeen): Problem | undefined {
  const leaderless = topic?.leaderlessPartitions ?? 0;
  if (leaderless === 0) return undefined;
  const message = `${leaderless} of ${topic?.partitions} partitions have no leader: a broker is away, or not done yet.`;
  return { reason: 'PartitionsWithoutLeader', message, failed: false };
}
