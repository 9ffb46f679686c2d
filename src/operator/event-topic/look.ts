import type { EventTopic } from '../../api/event-topic.ts';
import type { TopicDescription } from '../../kafka/describe-topics.ts';
import type { TopicAdmin } from '../../kafka/topic-admin.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ExpectedError } from '../../lib/errors.ts';
import { desiredTopic } from './desired-topic.ts';
import { topicName } from './topic-index.ts';

/** Topics as they are, by name; of one that brokers do not tell of, why not. */
export type FoundTopics = ReadonlyMap<string, TopicDescription | ExpectedError>;

/** One of them; undefined when there is no such topic. */
export type FoundTopic = TopicDescription | ExpectedError | undefined;

/** @throws {ExpectedError} when brokers do not answer */
export async function look(admin: TopicAdmin, topics: readonly EventTopic[]): Promise<FoundTopics> {
  const names = new Set<string>();
  const configNames = new Set<string>();
  for (const { name, configs, resets } of topics.map(desiredTopic)) {
    names.add(name);
    for (const config of [...Object.keys(configs), ...resets]) configNames.add(config);
  }
  const described = await admin.describeEach([...names], { configNames: [...configNames] });
  return new Map([...described].map(([name, topic]) => [name, passingError(topic) ?? topic]));
}

/** Configs that brokers will tell of soon are waited for. */
function passingError(topic: TopicDescription | ExpectedError): ExpectedError | undefined {
  return 'configsError' in topic && topic.configsError?.retryable ? topic.configsError : undefined;
}

/** Brokers that are well know of a change within this time, in milliseconds between looks. */
const waits = [15, 35, 100, 250, 800];

/**
 * Looks again at topics that were changed, until brokers tell of the change or should have.
 *
 * @throws {ExpectedError} when brokers do not answer
 */
export async function lookAgain<Item extends { readonly topic: EventTopic }>(
  admin: TopicAdmin,
  items: readonly Item[],
  isSettled: (item: Item, found: FoundTopic) => boolean,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<FoundTopics> {
  const seen = new Map<string, TopicDescription | ExpectedError>();
  let open = items;
  for (const milliseconds of waits) {
    if (open.length === 0 || signal.aborted) break;
    await clock.sleep(milliseconds, signal);
    const topics = open.map(({ topic }) => topic);
    for (const [name, found] of await look(admin, topics)) seen.set(name, found);
    open = open.filter((item) => !isSettled(item, seen.get(topicName(item.topic))));
  }
  return seen;
}
