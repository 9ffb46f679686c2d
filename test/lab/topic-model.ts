import type { EventTopic } from '../../src/api/event-topic.ts';
import type { TopicDescription } from '../../src/kafka/describe-topics.ts';
import { foreignPartitions, foreignTopics, strangerTopics, topicOf } from './operations.ts';

/** What must have become of a topic that no resource manages any more. */
type Fate = { readonly topicId: string; readonly is: 'kept' | 'gone' };

/** What people have asked for, and so what must be in the end, whatever came in between. */
export class TopicModel {
  /** The uid of each resource that is there. */
  readonly resources = new Map<string, string>();
  /** By topic: how many partitions somebody has asked for, ever. */
  readonly #partitions = new Map<string, Set<number>>();
  readonly #fates = new Map<string, Fate>();
  /** The ids of topics that somebody else has deleted. */
  readonly #lost = new Set<string>();
  /** The ids of topics that were there before. */
  readonly #foreign: ReadonlyMap<string, string | undefined>;

  constructor(foreign: ReadonlyMap<string, TopicDescription>) {
    this.#foreign = new Map([...foreign].map(([name, { topicId }]) => [name, topicId]));
  }

  /** A resource was created or changed. */
  declared({ metadata, spec }: EventTopic): void {
    const topic = topicOf(metadata.name);
    this.resources.set(metadata.name, metadata.uid);
    this.#fates.delete(topic);
    this.#asked(topic).add(spec.partitions ?? 1);
  }

  /**
   * A resource was deleted.
   *
   * @param before as it was right before that
   * @param after as it was right after it; undefined when it was gone at once
   * @param others whether there were other resources for the topic, on their way out or not
   */
  removed(before: EventTopic, after: EventTopic | undefined, others: boolean): void {
    const { name } = before.metadata;
    const topic = topicOf(name);
    this.resources.delete(name);
    this.#fates.delete(topic);
    const { spec, status } = before;
    const topicId = status?.topicId ?? '';
    const isUpToDate = status?.observedGeneration === before.metadata.generation && reasonOf(before) === 'TopicReady';
    // With others, or for one that the operator has not got to, it depends on who comes first.
    if (others || !isUpToDate || spec.managementPolicy !== 'Manage' || this.#lost.has(topicId)) return;
    if (spec.deletionPolicy === 'Retain') this.#fates.set(topic, { topicId, is: 'kept' });
    else if (after) this.#fates.set(topic, { topicId, is: 'gone' });
  }

  /** Somebody else has deleted the topic. */
  lost({ name, topicId }: TopicDescription): void {
    this.#fates.delete(name);
    this.#lost.add(topicId ?? '');
  }

  /** What is not as it must be, in words. */
  check(resources: readonly EventTopic[], topics: ReadonlyMap<string, TopicDescription>): string[] {
    return [
      ...this.#checkResources(resources),
      ...[...Map.groupBy(resources, ({ metadata }) => topicOf(metadata.name))].flatMap(([name, claimants]) =>
        this.#checkTopic(name, claimants, topics.get(name)),
      ),
      ...[...this.#fates].flatMap(([name, fate]) => checkFate(name, fate, topics.get(name))),
      ...[...this.#foreign].flatMap(([name, topicId]) => checkForeign(name, topicId, topics.get(name))),
    ];
  }

  #checkResources(resources: readonly EventTopic[]): string[] {
    const present = new Map(resources.map(({ metadata }) => [metadata.name, metadata]));
    const lacking = [...this.resources].filter(([name, uid]) => present.get(name)?.uid !== uid);
    const left = [...present].filter(([name]) => !this.resources.has(name));
    return [
      ...lacking.map(([name]) => `EventTopic ${name} is not there any more`),
      ...left.map(([name, { finalizers }]) => `EventTopic ${name} is still there (finalizers ${String(finalizers)})`),
    ];
  }

  #checkTopic(name: string, claimants: readonly EventTopic[], topic: TopicDescription | undefined): string[] {
    const managing = claimants.filter(({ spec }) => spec.managementPolicy === 'Manage');
    const owners = managing.filter((one) => reasonOf(one) !== 'TopicTaken');
    const observers = claimants.filter(({ spec }) => spec.managementPolicy === 'Observe');
    const stale = claimants.filter(({ metadata, status }) => status?.observedGeneration !== metadata.generation);
    return [
      ...stale.map(({ metadata }) => `EventTopic ${metadata.name}: its status is about an older spec`),
      ...(managing.length === 0 ? [] : checkOwners(name, managing, owners)),
      ...owners.flatMap((owner) => this.#checkOwned(owner, topic)),
      ...observers.flatMap((observer) => checkObserved(observer, topic)),
    ];
  }

  #checkOwned(owner: EventTopic, topic: TopicDescription | undefined): string[] {
    const { metadata, spec, status } = owner;
    const problem = (text: string) => [`EventTopic ${metadata.name}: ${text} (${readyOf(owner)})`];
    if (!topic) return problem('there is no such topic');
    const { partitions = topic.partitions, retentionSeconds = 0, config = {} } = spec;
    const shrinks = partitions < topic.partitions;
    const expected = shrinks ? 'PartitionsCannotShrink' : 'TopicReady';
    const wanted = { ...config, 'retention.ms': String(retentionSeconds === -1 ? -1 : retentionSeconds * 1_000) };
    const wrong = Object.entries(wanted).filter(([key, value]) => topic.configs.get(key)?.value !== String(value));
    return [
      ...(reasonOf(owner) === expected ? [] : problem(`${expected} was expected`)),
      ...(status?.topicId === topic.topicId ? [] : problem('its status tells of another topic')),
      ...(partitions > topic.partitions ? problem(`${topic.partitions} partitions instead of ${partitions}`) : []),
      ...(this.#asked(topic.name).has(topic.partitions)
        ? []
        : problem(`nobody asked for ${topic.partitions} partitions`)),
      ...wrong.flatMap(([key, value]) => problem(`${key} is ${topic.configs.get(key)?.value} instead of ${value}`)),
    ];
  }

  #asked(topic: string): Set<number> {
    const asked = this.#partitions.get(topic) ?? new Set(foreignTopics.includes(topic) ? [foreignPartitions] : []);
    this.#partitions.set(topic, asked);
    return asked;
  }
}

/** One of them has it, and it is the oldest; of those created in the same second it can be any. */
function checkOwners(topic: string, managing: readonly EventTopic[], owners: readonly EventTopic[]): string[] {
  const oldest = managing.map(({ metadata }) => metadata.creationTimestamp).toSorted()[0];
  const [owner, ...more] = owners;
  if (owner && more.length === 0 && owner.metadata.creationTimestamp === oldest) return [];
  const all = managing.map((one) => `${one.metadata.name} of ${one.metadata.creationTimestamp} (${readyOf(one)})`);
  return [`${topic} must be kept by the oldest of ${all.join(', ')}`];
}

function checkObserved(observer: EventTopic, topic: TopicDescription | undefined): string[] {
  const reason = reasonOf(observer);
  const expected = topic ? ['TopicObserved', 'TopicDiffers'] : ['TopicAbsent'];
  if (expected.includes(reason ?? '')) return [];
  return [`EventTopic ${observer.metadata.name}: ${expected.join(' or ')} was expected (${readyOf(observer)})`];
}

function checkFate(name: string, { topicId, is }: Fate, topic: TopicDescription | undefined): string[] {
  const exists = topic?.topicId === topicId;
  if (exists === (is === 'kept')) return [];
  return [`${name} is ${exists ? 'still there, though deleted with' : 'gone, though retained by'} its resource`];
}

function checkForeign(name: string, topicId: string | undefined, topic: TopicDescription | undefined): string[] {
  if (topic && topic.topicId === topicId) return [];
  const whose = strangerTopics.includes(name) ? 'nobody declared' : 'was there before';
  return [`${name}, which ${whose}, is ${topic ? 'another one' : 'gone'}`];
}

const ready = ({ status }: EventTopic) => status?.conditions?.find(({ type }) => type === 'Ready');
const reasonOf = (topic: EventTopic) => ready(topic)?.reason;

function readyOf(topic: EventTopic): string {
  const condition = ready(topic);
  return condition ? `${condition.reason}: ${condition.message}` : 'no status';
}
