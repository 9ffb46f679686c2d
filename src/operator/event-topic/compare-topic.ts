import type { EventTopic, TopicDifference } from '../../api/event-topic.ts';
import type { TopicDescription } from '../../kafka/describe-topics.ts';
import { fieldOf, type DesiredTopic } from './desired-topic.ts';

/** How a topic differs from its resource, each with the difference in words. */
export interface Comparison {
  /** The number to grow to. */
  readonly grow: (TopicDifference & { readonly partitions: number }) | undefined;
  /** What Kafka cannot do: fewer partitions. */
  readonly shrink: TopicDifference | undefined;
  /** Replicas have to be moved. */
  readonly replication: (TopicDifference & { readonly replicationFactor: number }) | undefined;
  readonly configs: readonly (TopicDifference & { readonly name: string; readonly value: string })[];
}

export function compareTopic(spec: EventTopic['spec'], desired: DesiredTopic, actual: TopicDescription): Comparison {
  const { partitions = actual.partitions, replicationFactor } = desired;
  const partitionsDiffer = difference('spec.partitions', partitions, actual.partitions);
  return {
    grow: partitions > actual.partitions ? { ...partitionsDiffer, partitions } : undefined,
    shrink: partitions < actual.partitions ? partitionsDiffer : undefined,
    replication: replicationFactor === undefined ? undefined : compareReplication(replicationFactor, actual),
    configs: Object.entries(desired.configs).flatMap(([name, value]) => {
      const present = actual.configs.get(name)?.value;
      if (present !== undefined && sameValue(value, present)) return [];
      return [{ ...difference(fieldOf(name, spec), value, present ?? 'nothing'), name, value }];
    }),
  };
}

/** Partitions can have different numbers of replicas, when somebody else has moved some of them. */
function compareReplication(replicationFactor: number, { assignment }: TopicDescription): Comparison['replication'] {
  const numbers = new Set(assignment.map(({ replicas }) => replicas.length));
  numbers.delete(replicationFactor);
  if (numbers.size === 0) return undefined;
  return { ...difference('spec.replicationFactor', replicationFactor, [...numbers].join(' and ')), replicationFactor };
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
function sameValue(desired: string, actual: string | null): boolean {
  return actual !== null && normalize(desired) === normalize(actual);
}

function normalize(value: string): string {
  const items = value.split(',').map((item) => item.trim());
  const [first = ''] = items;
  if (items.length > 1) return items.join(',');
  if (/^(true|false)$/i.test(first)) return first.toLowerCase();
  // As a bigint, because 9007199254740992 and 9007199254740993 are one JavaScript number.
  if (/^[+-]?[0-9]+$/.test(first)) return String(BigInt(first.replace(/^\+/, '')));
  return first !== '' && Number.isFinite(Number(first)) ? String(Number(first)) : first;
}
