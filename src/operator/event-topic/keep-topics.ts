import type { EventTopic } from '../../api/event-topic.ts';
import type { TopicAdmin } from '../../kafka/topic-admin.ts';
import type { Outcome, Result } from '../runtime/reconcile/controller.ts';
import { carryOut } from './carry-out.ts';
import { topicName } from './desired-topic.ts';
import { look, lookUntil, type FoundTopic, type FoundTopics } from './look.ts';
import { lookAtMoves } from './move-replicas.ts';
import { isSettled, managed, observed, unmanaged } from './outcome.ts';
import type { TopicContext } from './per-cluster.ts';
import { changesAtOnce, planTopic, type TopicPlan } from './plan-topic.ts';
import { refusal, topicAbsent, topicInternal, type Refusal } from './refusals.ts';
import { tellIfLost, tellWhatWasFound } from './tell.ts';

/**
 * Brings topics of one cluster to what their resources say: looks at all of them, plans for each, does what is planned
 * for all, looks at what was changed, and concludes for each.
 *
 * @throws {ExpectedError} when brokers do not answer
 */
export async function keepTopics(
  admin: TopicAdmin,
  contexts: readonly TopicContext[],
): Promise<Result<Outcome<EventTopic>>[]> {
  const found = await look(
    admin,
    contexts.map(({ object }) => object),
  );
  const works = contexts.map((context) => toWork(context, found));
  for (const { context, plan, found: topic } of works) tellWhatWasFound(context, topic, plan.differences);
  const results = await carryOut(admin, works);
  const changed = works.flatMap((work, index) => {
    const refusals = results[index]!;
    return refusals instanceof Error || !changesAtOnce(work.plan) ? [] : [{ ...work, refusals }];
  });
  for (const { context, plan } of changed) tellIfLost(context, plan);
  const seen = await lookUntil(admin, changed, isSeen, contexts[0]!);
  const moves = await lookAtMoves(admin, works.some(mayMove));
  return works.map((work, index) => {
    const topic = changesAtOnce(work.plan) ? seen.get(work.plan.name) : work.found;
    return conclude(work, results[index]!, topic, moves.get(work.plan.name)?.length ?? 0);
  });
}

/** One resource on its way through all steps. */
interface Work {
  readonly context: TopicContext;
  readonly topic: EventTopic;
  readonly found: FoundTopic;
  readonly plan: TopicPlan;
}

function toWork(context: TopicContext, topics: FoundTopics): Work {
  const topic = context.object;
  const found = topics.get(topicName(topic));
  return { context, topic, found, plan: planTopic(topic, found) };
}

function isSeen({ topic, plan, refusals }: Work & { readonly refusals: readonly Refusal[] }, seen: FoundTopics) {
  const found = seen.get(plan.name);
  return found instanceof Error || isSettled(topic, found, refusals);
}

/** While replicas come, their number is right already: that they move is known from the last status. */
const mayMove = ({ topic, plan }: Work) => plan.move !== undefined || topic.status?.reassignment !== undefined;

function conclude(
  { context, topic: { spec }, plan: { name } }: Work,
  refusals: Result<readonly Refusal[]>,
  topic: FoundTopic,
  moving: number,
): Result<Outcome<EventTopic>> {
  if (refusals instanceof Error) return refusals;
  if (topic instanceof Error) return topic.retryable ? topic : unmanaged(context, refusal(topic, []));
  if (spec.managementPolicy === 'Observe')
    return topic ? observed(context, topic) : unmanaged(context, topicAbsent(name));
  return topic?.isInternal ? unmanaged(context, topicInternal(name)) : managed(context, topic, refusals, moving);
}
