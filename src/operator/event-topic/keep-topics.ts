import type { EventTopic } from '../../api/event-topic.ts';
import { kafkaError } from '../../kafka/errors.ts';
import type { TopicAdmin } from '../../kafka/topic-admin.ts';
import type { Outcome, Result } from '../runtime/reconcile/controller.ts';
import { eachResult } from '../runtime/reconcile/results.ts';
import { act, rehearse } from './act.ts';
import { announceFound, announceLost } from './announce.ts';
import { look, lookAgain, type FoundTopics } from './look.ts';
import { changesAtOnce, planTopic } from './plan.ts';
import { recordAhead } from './record-ahead.ts';
import { isSettled, report } from './report.ts';
import { lookAtMoves } from './replicas/move-replicas.ts';
import type { TopicBrokers } from './topic-brokers.ts';
import { topicName } from './topic-index.ts';
import type { ActedTopic, PlannedTopic, SeenTopic, TopicContext } from './topic-work.ts';

/**
 * Brings topics of one cluster to what their resources say: looks at all of them, plans for each, records what is to be
 * set, acts for all, looks at what was changed, and reports on each.
 *
 * @throws {ExpectedError} when brokers do not answer
 */
export async function keepTopics(
  brokers: TopicBrokers,
  contexts: readonly TopicContext[],
): Promise<Result<Outcome<EventTopic>>[]> {
  const { admin } = brokers;
  const planned = await lookAndPlan(admin, contexts);
  for (const work of planned) announceFound(work);
  const recorded = await eachResult(planned, async (work) => {
    if (!isPlanOnly(work)) await recordAhead(work);
    return work;
  });
  const acted = await actOrRehearse(
    brokers,
    recorded.flatMap((work) => (work instanceof Error ? [] : [work])),
  );
  for (const work of acted) announceLost(work);
  const seen = (await lookAtResults(brokers, acted)).values();
  return recorded.map((work) => (work instanceof Error ? work : report(seen.next().value!)));
}

async function lookAndPlan(admin: TopicAdmin, contexts: readonly TopicContext[]): Promise<PlannedTopic[]> {
  const topics = contexts.map(({ object }) => object);
  const found = await look(admin, topics);
  return contexts.map((context) => {
    const { object: topic } = context;
    const itsFound = found.get(topicName(topic));
    return { context, topic, found: itsFound, plan: planTopic(topic, itsFound) };
  });
}

const isPlanOnly = ({ topic }: PlannedTopic) => topic.spec.managementPolicy === 'Plan';

/** The order of the works stays: what is returned is told by its place. */
async function actOrRehearse(brokers: TopicBrokers, works: readonly PlannedTopic[]): Promise<ActedTopic[]> {
  const [rehearsed, acted] = await Promise.all([
    rehearse(brokers, works.filter(isPlanOnly)),
    act(
      brokers,
      works.filter((work) => !isPlanOnly(work)),
    ),
  ]);
  const byContext = new Map([...rehearsed, ...acted].map((work) => [work.context, work]));
  return works.map(({ context }) => byContext.get(context)!);
}

async function lookAtResults(brokers: TopicBrokers, works: readonly ActedTopic[]): Promise<SeenTopic[]> {
  const changed = works.filter((work) => changesAtOnce(work.plan) && !work.failure && !isPlanOnly(work));
  const [first] = changed;
  const isChanged = new Set<ActedTopic>(changed);
  try {
    const again: FoundTopics = first ? await lookAgain(brokers.admin, changed, isSettled, first.context) : new Map();
    const moves = await lookAtMoves(brokers, works);
    return works.map((work) => {
      const name = topicName(work.topic);
      return { ...work, seen: isChanged.has(work) ? again.get(name) : work.found, move: moves.get(name) };
    });
  } catch (thrown) {
    const error = kafkaError(thrown);
    // What was created is recorded all the same: nobody else knows whose it is.
    return works.map((work) => ({ ...work, seen: work.createdId === undefined ? error : undefined, move: undefined }));
  }
}
