import type { ExpectedError } from '../lib/errors.ts';
import type { Broker, BrokerAccess } from './client/broker-connections.ts';
import { brokerError, incompleteAnswer, kafkaError } from './errors.ts';
import { brokerResource, topicResource, type ConfigResource } from './protocol/config-resource.ts';
import { describeConfigs, type DescribedConfig } from './protocol/describe-configs.ts';
import { incrementalAlterConfigs, type ConfigValues } from './protocol/incremental-alter-configs.ts';
import { listPartitionReassignments } from './protocol/list-partition-reassignments.ts';
import { fetchMetadata, topicError } from './protocol/metadata.ts';

/** Partitions of a topic, and the brokers that are to have their replicas. */
export interface ThrottledMove {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly replicas: readonly number[] }[];
}

/** What became of a throttle, or of its removal. */
export interface ThrottleOutcome {
  /** Why there is none, as the brokers know no throttle: moves go as fast as they can. Undefined where there is one. */
  readonly unavailable: ExpectedError | undefined;
  /** Brokers whose rate somebody else has set: it stays. */
  readonly ratesOfOthers: readonly number[];
  /** Brokers that did not answer: their rate is as it was, and is to be looked at again when they are back. */
  readonly unreachable: readonly number[];
}

const rates = ['leader.replication.throttled.rate', 'follower.replication.throttled.rate'] as const;
const leaderReplicas = 'leader.replication.throttled.replicas';
const followerReplicas = 'follower.replication.throttled.replicas';
/** In place of a list; Kafka's tool and this file write lists only, so that an administrator has set it. */
const allReplicas = '*';

/**
 * Limits what the replicas of a move may take of each broker, as Kafka's own tool for reassignments does: a rate on the
 * brokers, and on the topics the replicas that it counts for. Call it before the move; once more changes nothing.
 *
 * @throws {ExpectedError} with a KafkaErrorCode, such as NotAuthorized; part of the throttle may be in place then
 */
export async function throttleReplication(
  access: BrokerAccess,
  moves: readonly ThrottledMove[],
  brokers: readonly number[],
  bytesPerSecond: number,
): Promise<ThrottleOutcome> {
  const rate = String(bytesPerSecond);
  const outcome = await eachBroker(access, brokers, async (broker, id) => {
    const present = await ratesOf(broker, id);
    const free = rates.filter((name) => !present.has(name));
    if (free.length > 0) await alter(broker, brokerOf(id), Object.fromEntries(free.map((name) => [name, rate])));
    return [...present.values()].some((value) => value !== rate);
  });
  if (outcome.unavailable) return outcome;
  try {
    await access.withController((broker) => throttleTopics(broker, moves));
    return outcome;
  } catch (thrown) {
    const error = kafkaError(thrown);
    if (!isUnavailable(error)) throw error;
    return { ...outcome, unavailable: error };
  }
}

/**
 * Takes the throttle from topics whose moves are over, and the rate from brokers that have this one: any other is
 * somebody else's. Brokers that other moves go on with are not to be among them.
 *
 * @throws {ExpectedError} with a KafkaErrorCode; call it again until it does not
 */
export async function unthrottleReplication(
  access: BrokerAccess,
  topics: readonly string[],
  brokers: readonly number[],
  bytesPerSecond: number,
): Promise<ThrottleOutcome> {
  const rate = String(bytesPerSecond);
  if (topics.length > 0) await access.withController((broker) => unthrottleTopics(broker, topics));
  return eachBroker(access, brokers, async (broker, id) => {
    const present = await ratesOf(broker, id);
    const ours = rates.filter((name) => present.get(name) === rate);
    if (ours.length > 0) await alter(broker, brokerOf(id), Object.fromEntries(ours.map((name) => [name, null])));
    return present.size > ours.length;
  });
}

/** @param work says whether the broker has a rate of somebody else's */
async function eachBroker(
  access: BrokerAccess,
  brokers: readonly number[],
  work: (broker: Broker, id: number) => Promise<boolean>,
): Promise<ThrottleOutcome> {
  const [ratesOfOthers, unreachable]: [number[], number[]] = [[], []];
  for (const id of brokers) {
    try {
      if (await access.withBroker(id, (broker) => work(broker, id))) ratesOfOthers.push(id);
    } catch (thrown) {
      const error = kafkaError(thrown);
      if (isUnavailable(error)) return { unavailable: error, ratesOfOthers, unreachable };
      if (!isAway(error)) throw error;
      unreachable.push(id);
    }
  }
  return { unavailable: undefined, ratesOfOthers, unreachable };
}

/** Brokers that are no Kafka do not know these configs, or that brokers have any. */
const isUnavailable = ({ code }: ExpectedError) => code === 'InvalidConfig' || code === 'UnsupportedVersion';

const isAway = ({ code }: ExpectedError) => code === 'BrokerUnreachable' || code === 'Timeout';

const brokerOf = (id: number): ConfigResource => ({ type: brokerResource, name: String(id) });

const kafkaDefault = 5;

/** The rates that are set, for this broker or for all. */
async function ratesOf(broker: Broker, id: number): Promise<Map<string, string>> {
  const configs = (await describe(broker, [brokerOf(id)], rates)).get(String(id));
  return new Map(
    (configs ?? []).flatMap(({ name, value, source }) =>
      value === null || source === kafkaDefault ? [] : [[name, value] as const],
    ),
  );
}

async function throttleTopics(broker: Broker, moves: readonly ThrottledMove[]): Promise<void> {
  const names = moves.map(({ topic }) => topic);
  if (names.length === 0) return;
  const { topics } = await fetchMetadata(broker, names);
  const moving = await listPartitionReassignments(broker);
  const present = await describe(broker, names.map(topicOf), [leaderReplicas, followerReplicas]);
  for (const { topic, partitions } of moves) {
    const metadata = topics.find(({ name }) => name === topic)!;
    const error = topicError(metadata);
    if (error) throw error;
    const [sources, targets]: [string[], string[]] = [[], []];
    for (const { partition, replicas } of partitions) {
      // A move that has begun, and is throttled once more, has brought replicas already.
      const brought = moving.get(topic)?.find((move) => move.partition === partition)?.adding ?? [];
      const all = metadata.partitions.find((candidate) => candidate.partition === partition)?.replicas ?? [];
      const old = all.filter((id) => !brought.includes(id));
      const added = replicas.filter((id) => !old.includes(id));
      if (added.length === 0) continue;
      sources.push(...old.map((id) => `${partition}:${id}`));
      targets.push(...added.map((id) => `${partition}:${id}`));
    }
    const configs = present.get(topic) ?? [];
    const wanted = { ...addition(configs, leaderReplicas, sources), ...addition(configs, followerReplicas, targets) };
    if (Object.keys(wanted).length > 0) await alter(broker, topicOf(topic), wanted);
  }
}

/** What a list lacks is added to it; one that stands for all replicas stays. */
function addition(configs: readonly DescribedConfig[], name: string, entries: readonly string[]): ConfigValues {
  const present = listOf(configs, name);
  const missing = entries.filter((entry) => !present.includes(entry));
  return present.includes(allReplicas) || missing.length === 0 ? {} : { [name]: { append: missing.join(',') } };
}

async function unthrottleTopics(broker: Broker, topics: readonly string[]): Promise<void> {
  const names = [leaderReplicas, followerReplicas];
  for (const [topic, configs] of await describe(broker, topics.map(topicOf), names)) {
    const lists = names.map((name) => ({ name, present: listOf(configs, name) }));
    const ours = lists.filter(({ present }) => present.length > 0 && !present.includes(allReplicas));
    if (ours.length > 0) await alter(broker, topicOf(topic), Object.fromEntries(ours.map(({ name }) => [name, null])));
  }
}

const topicOf = (name: string): ConfigResource => ({ type: topicResource, name });

function listOf(configs: readonly DescribedConfig[], name: string): string[] {
  const value = configs.find((config) => config.name === name)?.value;
  return (value ?? '').split(',').filter((entry) => entry !== '');
}

/** By name; a topic that is gone is left out. @throws {ExpectedError} when the broker does not tell of one */
async function describe(
  broker: Broker,
  resources: readonly ConfigResource[],
  names: readonly string[],
): Promise<Map<string, readonly DescribedConfig[]>> {
  const answers = await describeConfigs(broker, resources, names);
  const described = new Map<string, readonly DescribedConfig[]>();
  for (const { name } of resources) {
    const answer = answers.find((candidate) => candidate.name === name);
    if (!answer) throw incompleteAnswer('DescribeConfigs', name);
    const error = brokerError(answer.errorCode, answer.errorMessage);
    if (error?.code === 'UnknownTopic') continue;
    if (error) throw error;
    described.set(name, answer.configs);
  }
  return described;
}

async function alter(broker: Broker, resource: ConfigResource, configs: ConfigValues): Promise<void> {
  const answers = await incrementalAlterConfigs(broker, [{ ...resource, configs }], false);
  const answer = answers.find(({ name }) => name === resource.name);
  if (!answer) throw incompleteAnswer('IncrementalAlterConfigs', resource.name);
  const error = brokerError(answer.errorCode, answer.errorMessage);
  if (error) throw error;
}
