import type { EventTopic } from '../../api/event-topic.ts';
import type { TopicAdmin, TopicResults } from '../../kafka/topic-admin.ts';
import type { Result } from '../runtime/reconcile/controller.ts';
import { fieldOf } from './desired-topic.ts';
import { moveReplicas } from './move-replicas.ts';
import type { TopicPlan } from './plan-topic.ts';
import { refusal, type Refusal } from './refusals.ts';

/** What is planned for the topic of one resource. */
export interface Planned {
  readonly topic: EventTopic;
  readonly plan: TopicPlan;
}

/**
 * Does what is planned, all topics with one request for each kind of change. A topic that is refused, or fails, keeps
 * none of the others from it.
 *
 * @returns for each what could not be done, and why; for one that may succeed later, the error
 */
export async function carryOut(admin: TopicAdmin, planned: readonly Planned[]): Promise<Result<readonly Refusal[]>[]> {
  const plans = planned.map(({ plan }) => plan);
  const [created, grown, configured, moved] = await Promise.all([
    admin.createTopics(plans.flatMap(({ create }) => create ?? [])),
    admin.createPartitions(plans.flatMap(({ grow }) => grow ?? [])),
    admin.alterConfigs(plans.flatMap(({ configure }) => configure ?? [])),
    moveReplicas(
      admin,
      plans.flatMap(({ move }) => move ?? []),
    ),
  ]);
  return planned.map(({ topic, plan }) => {
    // Kafka takes all configs of a request, or none.
    const configs = Object.keys(plan.configure?.configs ?? {}).map((name) => fieldOf(name, topic.spec));
    const answers = [
      answerTo(created, plan, []),
      answerTo(grown, plan, ['spec.partitions']),
      answerTo(configured, plan, configs),
      answerTo(moved, plan, ['spec.replicationFactor']),
    ];
    const failure = answers.find((answer) => answer instanceof Error);
    return (
      failure ?? [...plan.refusals, ...answers.flatMap((answer) => (answer instanceof Error ? [] : (answer ?? [])))]
    );
  });
}

/** What a person must mend is a refusal, and what time mends an error. */
function answerTo(results: TopicResults, { name }: TopicPlan, fields: readonly string[]): Result<Refusal | undefined> {
  const refused = results.get(name);
  // It has come into being since we looked, or the broker that we asked lags behind: to be looked at once more.
  if (refused === undefined || refused.code === 'TopicAlreadyExists') return undefined;
  return refused.retryable ? refused : refusal(refused, fields);
}
