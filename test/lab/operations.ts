import type { LabSettings } from './settings.ts';
import type { Random } from '../support/random.ts';

/** One thing that people, or chance, do while the operators work. */
export type Operation = { readonly afterMilliseconds: number } & (
  | { readonly does: 'declare'; readonly resource: string; readonly spec: TopicSpec }
  | { readonly does: 'remove'; readonly resource: string }
  | { readonly does: 'grow'; readonly resource: string; readonly by: number }
  | { readonly does: 'configure'; readonly resource: string; readonly spec: Partial<TopicSpec> }
  | { readonly does: 'delete-topic' | 'change-topic'; readonly topic: string }
  | { readonly does: 'change-cluster'; readonly cluster: string; readonly spec: object }
  | { readonly does: 'remove-owned'; readonly cluster: string; readonly kind: OwnedKind }
  | { readonly does: 'kill' | 'stop'; readonly which: 'leader' | 'any' }
  | { readonly does: 'pause'; readonly milliseconds: number }
);

/** Of an EventTopic, without what never changes. */
export interface TopicSpec {
  readonly partitions?: number;
  readonly replicationFactor?: number;
  readonly retentionSeconds: number;
  readonly config?: Readonly<Record<string, string>>;
  readonly deletionPolicy: 'Delete' | 'Retain';
  readonly managementPolicy: 'Manage' | 'Observe';
}

export type OwnedKind = 'services' | 'configMaps' | 'podDisruptionBudgets';

/** Clusters whose brokers are pods, and the two that lead to the brokers that have the topics. */
export const podClusters = ['brokers-a', 'brokers-b'];
export const externalClusters = ['events', 'events-too'];
export const foreignTopics = ['foreign-0', 'foreign-1', 'foreign-2', 'foreign-3'];
/** That nobody ever declares. */
export const strangerTopics = ['stranger-0', 'stranger-1'];
/** Partitions that foreign topics have from the beginning. */
export const foreignPartitions = 2;

const ofTopic = /^[ab]-(\d+)$/;

/** The topic that a resource names: `a-3` and `b-3` both topic-3, `o-1` a topic that was there before. */
export function topicOf(resource: string): string {
  const number = ofTopic.exec(resource)?.[1];
  return number === undefined ? resource.replace(/^o-/, 'foreign-') : `topic-${number}`;
}

/** Two resources may name their topic in two clusters, which lead to the same brokers. */
export function clusterOf(resource: string): string {
  return /^b-\d*[13579]$/.test(resource) ? externalClusters[1]! : externalClusters[0]!;
}

/** Operations on the same thing come one after another. */
export function laneOf(operation: Operation): string {
  if ('resource' in operation) return topicOf(operation.resource);
  if ('topic' in operation) return operation.topic;
  return 'cluster' in operation ? operation.cluster : 'operators';
}

export function topicNames({ topics }: Pick<LabSettings, 'topics'>): string[] {
  return Array.from({ length: topics }, (_, index) => `topic-${index}`);
}

/** Everything that a run does, and when: of the same settings always the same. */
export function planOperations(settings: LabSettings, random: Random): Operation[] {
  const mean = (settings.seconds * 1_000) / settings.operations;
  return Array.from({ length: settings.operations }, () => ({
    afterMilliseconds: random.between(0, 2 * mean),
    ...nextOperation(settings, random),
  }));
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'afterMilliseconds'> : never;

function nextOperation({ topics }: LabSettings, random: Random): WithoutTime<Operation> {
  const does = random.weighted({
    declare: 40,
    remove: 17,
    grow: 8,
    configure: 18,
    foreign: 4,
    'delete-topic': 2,
    'change-topic': 3,
    'change-cluster': 3,
    'remove-owned': 1.5,
    kill: 0.3,
    stop: 0.4,
    pause: 0.5,
  });
  const resource = `${random.weighted({ a: 3, b: 1 })}-${random.integer(0, topics - 1)}`;
  const cluster = random.pick(podClusters);
  switch (does) {
    case 'declare':
      return { does, resource, spec: topicSpec(random) };
    case 'remove':
      return { does, resource };
    case 'grow':
      return { does, resource, by: random.integer(1, 2) };
    case 'configure':
      return { does, resource, spec: someChange(random) };
    case 'foreign':
      return foreignOperation(random);
    case 'delete-topic':
    case 'change-topic':
      return { does, topic: topicOf(resource) };
    case 'change-cluster':
      return { does, cluster, spec: clusterChange(random) };
    case 'remove-owned':
      return { does, cluster, kind: random.pick(['services', 'configMaps', 'podDisruptionBudgets']) };
    case 'kill':
    case 'stop':
      return { does, which: random.weighted({ leader: 3, any: 1 }) };
    case 'pause':
      return { does, milliseconds: random.between(200, 8_000) };
  }
}

const retentions = [60, 3_600, 86_400, 604_800, -1];

function topicSpec(random: Random): TopicSpec {
  return {
    ...(random.chance(0.8) && { partitions: random.integer(1, 3) }),
    ...(random.chance(0.5) && { replicationFactor: 1 }),
    retentionSeconds: random.pick(retentions),
    ...(random.chance(0.3) && { config: { 'max.message.bytes': String(random.integer(1, 9) * 100_000) } }),
    deletionPolicy: random.weighted({ Delete: 3, Retain: 1 }),
    managementPolicy: random.weighted({ Manage: 6, Observe: 1 }),
  };
}

function someChange(random: Random): Partial<TopicSpec> {
  const { retentionSeconds, deletionPolicy, managementPolicy } = topicSpec(random);
  const what = random.weighted({ retention: 6, config: 2, deletion: 2, management: 2 });
  if (what === 'retention') return { retentionSeconds };
  if (what === 'config') return { config: { 'max.message.bytes': String(random.integer(1, 9) * 100_000) } };
  return what === 'deletion' ? { deletionPolicy } : { managementPolicy };
}

/** Topics that were there before are observed, or kept, and never to be deleted. */
function foreignOperation(random: Random): WithoutTime<Operation> {
  const resource = `o-${random.integer(0, foreignTopics.length - 1)}`;
  if (random.chance(0.3)) return { does: 'remove', resource };
  const spec = { ...topicSpec(random), partitions: foreignPartitions };
  const managementPolicy = random.weighted({ Observe: 2, Manage: 1 });
  return { does: 'declare', resource, spec: { ...spec, managementPolicy, deletionPolicy: 'Retain' } };
}

function clusterChange(random: Random): object {
  const what = random.weighted({ config: 3, podTemplate: 2, resources: 1 });
  if (what === 'config') return { config: { 'num.io.threads': random.integer(4, 16) } };
  if (what === 'resources') return { resources: { limits: { memory: `${random.integer(2, 5)}Gi` } } };
  return { podTemplate: { metadata: { annotations: { lab: String(random.integer(0, 99)) } } } };
}
