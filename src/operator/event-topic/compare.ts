import type { EventTopic, TopicDifference } from '../../api/event-topic.ts';
import type { TopicConfig, TopicDescription } from '../../kafka/describe-topics.ts';
import { fieldOf, type DesiredTopic } from './desired-topic.ts';

/** How a topic differs from its resource, each with the difference in words. */
export interface Comparison {
  /** The number to grow to. */
  readonly grow: (TopicDifference & { readonly partitions: number }) | undefined;
  /** What Kafka cannot do: fewer partitions. */
  readonly shrink: TopicDifference | undefined;
  /** Replicas have to be moved. */
  readonly replication: (TopicDifference & { readonly replicationFactor: number }) | undefined;
  /** Null for one that returns to the default. */
  readonly configs: readonly (TopicDifference & { readonly name: string; readonly value: string | null })[];
}

export function compareTopic(topic: EventTopic, desired: DesiredTopic, actual: TopicDescription): Comparison {
  const { partitions = actual.partitions, replicationFactor } = desired;
  const partitionsDiffer = difference('spec.partitions', partitions, actual.partitions);
  return {
    grow: partitions > actual.partitions ? { ...partitionsDiffer, partitions } : undefined,
    shrink: partitions < actual.partitions ? partitionsDiffer : undefined,
    replication: replicationFactor === undefined ? undefined : compareReplication(replicationFactor, actual),
    // Of configs that nobody tells of, none is known to differ.
    configs: actual.configsError
      ? []
      : [...compareConfigs(topic, desired, actual), ...compareResets(topic, desired, actual)],
  };
}

/** Partitions can have different numbers of replicas, when somebody else has moved some of them. */
function compareReplication(replicationFactor: number, { assignment }: TopicDescription): Comparison['replication'] {
  const numbers = new Set(assignment.map(({ replicas }) => replicas.length));
  numbers.delete(replicationFactor);
  if (numbers.size === 0) return undefined;
  return { ...difference('spec.replicationFactor', replicationFactor, [...numbers].join(' and ')), replicationFactor };
}

function compareConfigs({ spec, status }: EventTopic, desired: DesiredTopic, { configs }: TopicDescription) {
  return Object.entries(desired.configs).flatMap(([name, value]) => {
    const present = configs.get(name);
    // What was set once, and is shown in the broker's own form since, is not set again and again.
    const isKnownForm = status?.config?.[name] === value && status.configShownAs?.[name] === showConfig(present);
    if (isKnownForm || isSet(value, present)) return [];
    return [{ ...difference(fieldOf(name, spec), value, showConfig(present)), name, value }];
  });
}

function compareResets({ spec }: EventTopic, { resets }: DesiredTopic, { configs }: TopicDescription) {
  return resets.flatMap((name) => {
    const present = configs.get(name);
    if (present?.source !== 'Topic') return [];
    return [{ ...difference(fieldOf(name, spec), 'the default', showConfig(present)), name, value: null }];
  });
}

/** Declared means set on the topic itself: a default that happens to be the same can change any day. */
const isSet = (desired: string, present: TopicConfig | undefined): boolean =>
  present?.source === 'Topic' && present.value !== null && normalize(desired) === normalize(present.value);

/** A config as the broker tells it, for people; also where it comes from, unless it is set on the topic. */
export function showConfig(config: TopicConfig | undefined): string {
  if (!config) return 'nothing';
  const value = config.value ?? 'nothing';
  return config.source === 'Topic' ? value : `${value} by default`;
}

export function differencesOf({ grow, shrink, replication, configs }: Comparison): TopicDifference[] {
  return [grow, shrink, replication, ...configs].flatMap((found) => {
    if (!found) return [];
    const { field, desired, actual } = found;
    return [{ field, desired, actual }];
  });
}

export function describeDifferences(differences: readonly TopicDifference[]): string {
  return differences.map(({ field, desired, actual }) => `${field} is ${desired}, the broker has ${actual}`).join('; ');
}

function difference(field: string, desired: number | string, actual: number | string): TopicDifference {
  return { field, desired: String(desired), actual: String(actual) };
}

/** Brokers write values in their own way: lists without blanks, truth values in small letters, numbers plain. */
function normalize(value: string): string {
  const items = value.split(',').map((item) => item.trim());
  const [first = ''] = items;
  if (items.length > 1) return items.join(',');
  if (/^(true|false)$/i.test(first)) return first.toLowerCase();
  return normalizeNumber(first) ?? first;
}

/** Plain decimals, of any length, without what does not count: +010.50 is 10.5. */
function normalizeNumber(text: string): string | undefined {
  const parts = /^([+-]?)0*([0-9]*)(?:\.([0-9]*?)0*)?$/.exec(text);
  if (!parts || !/[0-9]/.test(text)) return undefined;
  const [, sign = '', whole = '', fraction = ''] = parts;
  const number = `${whole || '0'}${fraction && `.${fraction}`}`;
  return sign === '-' && /[1-9]/.test(number) ? `-${number}` : number;
}
