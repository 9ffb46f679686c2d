import type { EventTopic, TopicDifference } from '../../api/event-topic.ts';
import type { TopicConfig, TopicDescription } from '../../kafka/describe-topics.ts';
import type { Outcome, Result } from '../runtime/reconcile/controller.ts';
import { evaluate, type Check, type Problem, type Readiness } from '../runtime/reconcile/readiness.ts';
import { compareTopic, describeDifferences, differencesOf, showConfig } from './compare.ts';
import { desiredTopic } from './desired-topic.ts';
import type { FoundTopic } from './look.ts';
import { describePlan, isInternal } from './plan.ts';
import { refusal, topicAbsent, topicInternal, type Refusal } from './refusals.ts';
import { idOf, topicName } from './topic-index.ts';
import type { ActedTopic, Move, PlannedTopic, SeenTopic, TopicContext } from './topic-work.ts';

/** How often brokers are asked whether all is as it should be: what somebody else changed is put back by then. */
export const lookMilliseconds = 120_000;
/** While brokers have not taken in a change yet, replicas move, or partitions have no leader. */
const settlingMilliseconds = 1_000;
/** While a move waits for brokers that are away. */
const waitingMilliseconds = 15_000;

type Facts = Outcome<EventTopic>['status'];

/** What came of a topic, for its status. An error is for what may succeed later. */
export function report(work: SeenTopic): Result<Outcome<EventTopic>> {
  const { context, topic, seen, refusals, failure } = work;
  if (failure) return failure;
  const { managementPolicy } = topic.spec;
  if (seen instanceof Error) return seen.retryable ? seen : untold(context, refusal(seen, []));
  if (managementPolicy === 'Observe') {
    return seen ? observed(context, seen) : notManaged(context, topicAbsent(topicName(topic)));
  }
  if (isInternal(topicName(topic), seen)) return notManaged(context, topicInternal(topicName(topic)));
  return managementPolicy === 'Plan' ? planned(work, seen) : managed(work, seen, refusals);
}

/** Nothing can be done for the topic for now: what was last known of it stays. */
export function unmanaged({ object, clock }: TopicContext, problem: Problem): Outcome<EventTopic> {
  return {
    readiness: { ready: false, ...problem },
    status: { ...object.status, topicName: topicName(object) },
    requeueAfterMilliseconds: untilNextLook(clock.monotonic()),
  };
}

/** That brokers do not tell of the topic any more, takes it from nobody. */
function untold(context: TopicContext, problem: Problem): Outcome<EventTopic> {
  const { managementPolicy } = context.object.spec;
  return managementPolicy === 'Manage' ? unmanaged(context, problem) : notManaged(context, problem);
}

/** The topic is not this resource's: whatever it did to it before, it has no right to any more. */
export function notManaged(context: TopicContext, problem: Problem): Outcome<EventTopic> {
  const outcome = unmanaged(context, problem);
  const { managedTopicId: _id, config: _config, configShownAs: _shown, ...facts } = outcome.status;
  return { ...outcome, status: facts };
}

function observed({ object, clock }: TopicContext, topic: TopicDescription): Outcome<EventTopic> {
  const differences = differencesOf(compareTopic(object, desiredTopic(object), topic));
  const message = differences.length === 0 ? describeTopic(topic) : describeDifferences(differences);
  return {
    readiness: { ready: true, reason: differences.length === 0 ? 'TopicObserved' : 'TopicDiffers', message },
    status: { ...seenFacts(topic), ...(differences.length > 0 && { differences }) },
    requeueAfterMilliseconds: untilNextLook(clock.monotonic()),
  };
}

function planned({ context, plan, refusals }: SeenTopic, topic: TopicDescription | undefined): Outcome<EventTopic> {
  const { object, clock } = context;
  const plannedChanges = describePlan({ ...plan, refusals });
  const ready = {
    reason: plannedChanges.length === 0 ? 'NothingToChange' : 'ChangesPlanned',
    message: plannedChanges.length === 0 ? 'The topic already has these values.' : `${plannedChanges.join('; ')}.`,
  };
  return {
    readiness: evaluate([nothingRefused], { refusals }, ready),
    status: {
      ...(topic ? seenFacts(topic) : { topicName: topicName(object) }),
      ...(plan.differences.length > 0 && { differences: [...plan.differences] }),
      ...(plannedChanges.length > 0 && { plannedChanges }),
    },
    requeueAfterMilliseconds: untilNextLook(clock.monotonic()),
  };
}

/** @param topic undefined while the broker that was asked has not heard of it yet */
function managed(
  work: SeenTopic,
  topic: TopicDescription | undefined,
  refusals: readonly Refusal[],
): Outcome<EventTopic> {
  const { clock, object } = work.context;
  const { unseen, left } = remaining(object, topic, refusals);
  const readiness = evaluate(checks, { topic, unseen, refusals, move: work.move }, readyOf(topic));
  const settling = unseen.length > 0 || (!readiness.ready && !readiness.failed);
  return {
    readiness,
    status: topic ? managedFacts(work, topic, left) : createdFacts(work),
    requeueAfterMilliseconds: requeueAfter(work, settling, clock.monotonic()),
  };
}

function requeueAfter({ move }: SeenTopic, settling: boolean, now: number): number {
  if (!settling) return untilNextLook(now);
  return move && move.missingBrokers.length > 0 ? waitingMilliseconds : settlingMilliseconds;
}

/** Whether brokers tell of all that was done at once, and serve it. Of a topic that was refused there is nothing to see. */
export function isSettled({ topic: object, refusals, plan }: ActedTopic, found: FoundTopic): boolean {
  if (found instanceof Error) return true;
  if (!found) return refusals.length > 0;
  const later = ['spec.replicationFactor', ...plan.afterMove];
  const { unseen } = remaining(object, found, refusals);
  return found.leaderlessPartitions === 0 && unseen.every(({ field }) => later.includes(field));
}

/** The differences that are left because they were refused, and those that a broker has not heard of yet. */
function remaining(object: EventTopic, topic: TopicDescription | undefined, refusals: readonly Refusal[]) {
  const refused = new Set(refusals.flatMap(({ fields }) => fields));
  const differences = topic ? differencesOf(compareTopic(object, desiredTopic(object), topic)) : [];
  return {
    left: differences.filter(({ field }) => refused.has(field)),
    unseen: differences.filter(({ field }) => !refused.has(field)),
  };
}

function seenFacts({ name, topicId, partitions, replicationFactor }: TopicDescription): Facts {
  return { topicName: name, topicId, partitions, replicationFactor };
}

/** Of a topic that nobody has seen yet, and that is this resource's own already. */
function createdFacts({ topic, plan, createdId }: SeenTopic): Facts {
  const before = { ...topic.status, topicName: topicName(topic) };
  if (createdId === undefined) return before;
  const { configShownAs: _shown, ...facts } = before;
  return { ...facts, topicId: createdId, managedTopicId: createdId, config: { ...plan.create?.configs } };
}

function managedFacts(work: SeenTopic, topic: TopicDescription, differences: TopicDifference[]): Facts {
  return {
    ...seenFacts(topic),
    managedTopicId: idOf(topic),
    ...configFacts(work, topic),
    ...(work.move && { reassignment: reassignmentFacts(work, work.move) }),
    ...(differences.length > 0 && { differences }),
  };
}

/** What the operator has set so far: by this plan, unless it was refused, and before. */
function configFacts(work: SeenTopic, { configs }: TopicDescription): Pick<Facts, 'config' | 'configShownAs'> {
  const { topic, plan, found } = work;
  const desired = desiredTopic(topic);
  const { config: setBefore = {}, configShownAs: knownForms = {} } = topic.status ?? {};
  const setNow: Readonly<Record<string, string | null>> =
    (work.wasCreated ? plan.create?.configs : undefined) ??
    (wasConfigured(work) ? (plan.configure?.configs ?? {}) : {});
  const isReset = (name: string) => desired.resets.includes(name) && (setNow[name] === null || !plan.configure);
  const kept = Object.entries(setBefore).filter(([name]) => !isReset(name) && topic.spec.config?.[name] !== null);
  const set = Object.entries(setNow).filter((entry): entry is [string, string] => entry[1] !== null);
  const config = Object.fromEntries([...kept, ...set]);
  // Seen once, it may be a value that came late, or that somebody else has set. Set again, and the same before and after,
  // it is the broker's own form.
  const shownBefore = found && !(found instanceof Error) ? found.configs : new Map<string, TopicConfig>();
  const isOwnForm = (name: string, text: string) =>
    setBefore[name] === config[name] &&
    (knownForms[name] === text || (name in setNow && showConfig(shownBefore.get(name)) === text));
  const shown = Object.keys(config)
    .map((name) => [name, showConfig(configs.get(name))] as const)
    .filter(([name, text]) => text !== config[name] && isOwnForm(name, text));
  return {
    ...(Object.keys(config).length > 0 && { config }),
    ...(shown.length > 0 && { configShownAs: Object.fromEntries(shown) }),
  };
}

/** The broker took the configs of the plan. */
const wasConfigured = ({ plan, refusals }: SeenTopic): boolean =>
  plan.configure !== undefined && !refusals.some(({ fields }) => fields.some((field) => isConfigField(field)));

const isConfigField = (field: string) => field !== 'spec.partitions' && field !== 'spec.replicationFactor';

function reassignmentFacts({ context, topic }: PlannedTopic, { partitions, missingBrokers }: Move) {
  const now = context.clock
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  return {
    remainingPartitions: partitions,
    ...(missingBrokers.length > 0 && {
      missingBrokers: [...missingBrokers],
      waitingSince: topic.status?.reassignment?.waitingSince ?? now,
    }),
  };
}

/** What was seen of a topic after everything was done for it that can be. */
interface TopicSeen {
  readonly topic: TopicDescription | undefined;
  /** What was changed, and the broker that was asked has not heard of yet. */
  readonly unseen: readonly TopicDifference[];
  readonly refusals: readonly Problem[];
  readonly move: Move | undefined;
}

/** From cause to effect. */
const checks: readonly Check<TopicSeen>[] = [nothingRefused, known, noBrokerMissing, inPlace, asDesired, hasLeaders];

const readyOf = (topic: TopicDescription | undefined): Pick<Readiness, 'reason' | 'message'> => ({
  reason: 'TopicReady',
  message: topic ? describeTopic(topic) : '',
});

function describeTopic({ partitions, replicationFactor }: TopicDescription): string {
  return `${partitions === 1 ? '1 partition' : `${partitions} partitions`}, replication factor ${replicationFactor}.`;
}

/** All that was refused, so that it can be corrected at once. */
function nothingRefused({ refusals }: Pick<TopicSeen, 'refusals'>): Problem | undefined {
  const [first] = refusals;
  if (!first) return undefined;
  const { reason, failed } = first;
  return { reason, failed, message: refusals.map(({ message }) => message).join(' ') };
}

function known({ topic }: TopicSeen): Problem | undefined {
  if (topic) return undefined;
  return { reason: 'TopicCreating', message: 'The topic was created; not all brokers know it yet.', failed: false };
}

function noBrokerMissing({ move, topic }: TopicSeen): Problem | undefined {
  const missing = move?.missingBrokers ?? [];
  if (missing.length === 0) return undefined;
  const brokers = missing.length === 1 ? `broker ${missing[0]}, which is` : `brokers ${missing.join(', ')}, which are`;
  const message =
    `Replicas of ${move?.partitions} of ${topic?.partitions} partitions wait for ${brokers} away ` +
    `(since status.reassignment.waitingSince): bring it back, or set spec.replicationFactor to what it was ` +
    `to end the move.`;
  return { reason: 'ReplicasWaiting', message, failed: false, needsPerson: true };
}

function inPlace({ move, topic }: TopicSeen): Problem | undefined {
  if (!move) return undefined;
  const message = `Replicas of ${move.partitions} of ${topic?.partitions} partitions are moving; messages flow meanwhile.`;
  return { reason: 'ReplicasMoving', message, failed: false };
}

function asDesired({ unseen }: TopicSeen): Problem | undefined {
  if (unseen.length === 0) return undefined;
  const message = `Changed, but not yet visible on the broker: ${describeDifferences(unseen)}.`;
  return { reason: 'TopicChanging', message, failed: false };
}

function hasLeaders({ topic }: TopicSeen): Problem | undefined {
  const leaderless = topic?.leaderlessPartitions ?? 0;
  if (leaderless === 0) return undefined;
  const message = `${leaderless} of ${topic?.partitions} partitions have no leader: a broker is down, or still starting.`;
  return { reason: 'PartitionsWithoutLeader', message, failed: false };
}

/** The same moment for all topics, so that brokers are asked about them together. */
function untilNextLook(now: number): number {
  return lookMilliseconds - (now % lookMilliseconds);
}
