import type { ExpectedError } from '../../lib/errors.ts';
import type { TopicResults } from '../../kafka/topic-admin.ts';
import { fieldOf } from './desired-topic.ts';
import { brokersMissing, refusal, type Refusal } from './refusals.ts';
import { moveReplicas } from './replicas/move-replicas.ts';
import type { TopicBrokers } from './topic-brokers.ts';
import { topicName } from './topic-index.ts';
import type { ActedTopic, PlannedTopic } from './topic-work.ts';

/**
 * Does what is planned, all topics with one request for each kind of change. A topic that is refused, or fails, keeps
 * none of the others from it.
 */
export async function act(brokers: TopicBrokers, works: readonly PlannedTopic[]): Promise<ActedTopic[]> {
  const { admin } = brokers;
  const plans = works.map(({ plan }) => plan);
  const ids = new Map<string, string>();
  const [created, grown, configured, moved] = await Promise.all([
    admin.createTopics(
      plans.flatMap(({ create }) => create ?? []),
      { onCreated: (topic, topicId) => ids.set(topic, topicId) },
    ),
    admin.createPartitions(plans.flatMap(({ grow }) => grow ?? [])),
    admin.alterConfigs(plans.flatMap(({ configure }) => configure ?? [])),
    moveReplicas(
      brokers,
      plans.flatMap(({ move }) => move ?? []),
    ),
  ]);
  return works.map((work) => outcomeOf(brokers, work, { created, ids, grown, configured, moved }));
}

/** Asks what would come of the plans, and changes nothing. Where replicas go is not asked: brokers cannot say. */
export async function rehearse(brokers: TopicBrokers, works: readonly PlannedTopic[]): Promise<ActedTopic[]> {
  const { admin } = brokers;
  const plans = works.map(({ plan }) => plan);
  const validateOnly = { validateOnly: true };
  const [created, grown, configured] = await Promise.all([
    admin.createTopics(
      plans.flatMap(({ create }) => create ?? []),
      validateOnly,
    ),
    admin.createPartitions(
      plans.flatMap(({ grow }) => grow ?? []),
      validateOnly,
    ),
    admin.alterConfigs(
      plans.flatMap(({ configure }) => configure ?? []),
      validateOnly,
    ),
  ]);
  return works.map((work) =>
    outcomeOf(brokers, work, { created, ids: new Map(), grown, configured, moved: new Map() }),
  );
}

interface Answers {
  readonly created: TopicResults;
  /** Of what was created, by name. */
  readonly ids: ReadonlyMap<string, string>;
  readonly grown: TopicResults;
  readonly configured: TopicResults;
  readonly moved: TopicResults;
}

function outcomeOf(
  brokers: TopicBrokers,
  work: PlannedTopic,
  { created, ids, grown, configured, moved }: Answers,
): ActedTopic {
  const { topic, plan } = work;
  const name = topicName(topic);
  const refusalOf = (error: ExpectedError, fields: readonly string[]): Refusal =>
    brokersMissing(error, topic, brokers.wanted) ?? refusal(error, fields);
  // Kafka takes all configs of a request, or none.
  const configs = Object.keys(plan.configure?.configs ?? {}).map((config) => fieldOf(config, topic.spec));
  const answers = [
    { error: plan.create && created.get(name), fields: [] },
    { error: plan.grow && grown.get(name), fields: ['spec.partitions'] },
    { error: plan.configure && configured.get(name), fields: configs },
    { error: plan.move && moved.get(name), fields: ['spec.replicationFactor', ...plan.afterMove] },
  ];
  // It has come into being since we looked, or the broker that we asked lags behind: to be looked at once more.
  const errors = answers.filter(({ error }) => error && error.code !== 'TopicAlreadyExists');
  const refused = errors.flatMap(({ error, fields }) => (error && !error.retryable ? [refusalOf(error, fields)] : []));
  return {
    ...work,
    refusals: [...plan.refusals, ...refused],
    failure: errors.find(({ error }) => error?.retryable)?.error,
    wasCreated: plan.create !== undefined && created.get(name) === undefined,
    createdId: plan.create && ids.get(name),
  };
}
