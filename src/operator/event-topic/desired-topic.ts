import type { EventTopic } from '../../api/event-topic.ts';
import { topicName } from './topic-index.ts';

/** A topic as its resource says; what is left out stays as the broker has it. */
export interface DesiredTopic {
  readonly name: string;
  readonly partitions: number | undefined;
  readonly replicationFactor: number | undefined;
  /** By Kafka's names. */
  readonly configs: Readonly<Record<string, string>>;
  /** Configs that the operator set earlier and that are no longer declared: they return to the default. */
  readonly resets: readonly string[];
}

export function desiredTopic(topic: EventTopic): DesiredTopic {
  const { partitions, replicationFactor, config = {} } = topic.spec;
  const configs = desiredConfigs(topic.spec);
  // Null means to leave a config alone, also one that was set before.
  const isDeclared = (name: string) => Object.hasOwn(configs, name) || config[name] === null;
  const resets = Object.keys(topic.status?.config ?? {}).filter((name) => !isDeclared(name));
  return { name: topicName(topic), partitions, replicationFactor, configs, resets };
}

const forEver = -1;

function desiredConfigs({ retentionSeconds, cleanupPolicy, config = {} }: EventTopic['spec']): Record<string, string> {
  const given = Object.entries(config).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(value)] as const],
  );
  const retention = retentionSeconds === forEver ? forEver : (retentionSeconds ?? 0) * 1000;
  // Defines names and never calls setters, so that brokers are asked for one of any name, even __proto__.
  return Object.fromEntries([
    ...given,
    ...(cleanupPolicy === undefined ? [] : [['cleanup.policy', cleanupPolicy] as const]),
    ...(retentionSeconds === undefined ? [] : [['retention.ms', String(retention)] as const]),
  ]);
}

/** The field of the spec that a config comes from, for messages. */
export function fieldOf(configName: string, { retentionSeconds, cleanupPolicy }: EventTopic['spec']): string {
  if (configName === 'retention.ms' && retentionSeconds !== undefined) return 'spec.retentionSeconds';
  if (configName === 'cleanup.policy' && cleanupPolicy !== undefined) return 'spec.cleanupPolicy';
  return `spec.config['${configName}']`;
}
