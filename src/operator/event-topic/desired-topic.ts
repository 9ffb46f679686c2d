import type { EventTopic } from '../../api/event-topic.ts';

/** A topic as its resource says; what is left out stays as the broker has it. */
export interface DesiredTopic {
  readonly name: string;
  readonly partitions: number | undefined;
  readonly replicationFactor: number | undefined;
  /** By Kafka's names. */
  readonly configs: Readonly<Record<string, string>>;
}

export function topicName({ metadata, spec }: EventTopic): string {
  return spec.topicName ?? metadata.name;
}

export function desiredTopic(topic: EventTopic): DesiredTopic {
  const { partitions, replicationFactor } = topic.spec;
  return { name: topicName(topic), partitions, replicationFactor, configs: desiredConfigs(topic.spec) };
}

const forEver = -1;

function desiredConfigs({ retentionSeconds, cleanupPolicy, config = {} }: EventTopic['spec']): Record<string, string> {
  const configs: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) if (value !== null) configs[name] = String(value);
  if (cleanupPolicy !== undefined) configs['cleanup.policy'] = cleanupPolicy;
  if (retentionSeconds !== undefined) {
    configs['retention.ms'] = String(retentionSeconds === forEver ? forEver : retentionSeconds * 1000);
  }
  return configs;
}

/** The field of the spec that a config comes from, for messages. */
export function fieldOf(configName: string, { retentionSeconds, cleanupPolicy }: EventTopic['spec']): string {
  if (configName === 'retention.ms' && retentionSeconds !== undefined) return 'spec.retentionSeconds';
  if (configName === 'cleanup.policy' && cleanupPolicy !== undefined) return 'spec.cleanupPolicy';
  return `spec.config['${configName}']`;
}
