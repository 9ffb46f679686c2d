import type { V1Job } from '@kubernetes/client-node';
import type { DeadLetterReplay } from '../../../api/dead-letter-replay.ts';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { applyOwned } from '../../apply-owned.ts';
import type { Brokers } from '../../brokers/brokers.ts';
import { workloadAccess } from '../../brokers/client-access.ts';
import { byCluster, clusterKey } from '../../brokers/cluster-access.ts';
import { secretsHash, userSecrets } from '../../brokers/user-secrets.ts';
import {
  deadLetterReplays,
  eventClusters,
  eventUsers,
  jobs,
  namespaces,
  pods,
  reminderConsumers,
} from '../../kinds.ts';
import { configurationHashAnnotation } from '../../pods/digest.ts';
import { instanceOf } from '../../pods/labels.ts';
import { requirePodSecurity, type PodSecurityLevel } from '../../pods/pod-security-standard.ts';
import type { PodDefaults } from '../../pods/pod-defaults.ts';
import { podsOf } from '../../pods/pods.ts';
import { requireResources } from '../../pods/refuse-resources.ts';
import type { Caches } from '../../runtime/cache/caches.ts';
import { keyOf, keyText, type Key, type Observed } from '../../runtime/objects.ts';
import { watch, watchOwned, type Context, type Controller, type Outcome } from '../../runtime/reconcile/controller.ts';
import type { Readiness } from '../../runtime/reconcile/readiness.ts';
import type { ReadPodStatus } from '../pod-status.ts';
import { clientSettings } from '../kafka-settings.ts';
import { keepUser, removeUser } from '../kafka-user.ts';
import { requirementsMet, type Requirements } from '../requirements.ts';
import { replayFinalizer } from './finalizer.ts';
import { replayJob } from './job.ts';
import { component } from './names.ts';
import { endCondition, endConditions, endOf, replayReadiness } from './outcome.ts';
import { newestReport } from './pod-report.ts';
import { replayUser } from './user.ts';
import { consumerKey, consumerOf, ownJob, replayRequirements } from './see.ts';

export interface DeadLetterReplayControllerOptions {
  readonly brokers: Brokers;
  /** The image of the program, where the consumer names none. */
  readonly defaultImage: string;
  /** What the consumer's podTemplate may ask for at most. */
  readonly podSecurity: PodSecurityLevel;
  /** What its pods have that say nothing else. */
  readonly podDefaults?: PodDefaults | undefined;
  readonly readPodStatus: ReadPodStatus;
}

/** How often to ask for what cannot be watched: the counts of a running pod. */
const pollMilliseconds = 5_000;

type ReplayContext = Context<DeadLetterReplay>;
type ReplayOutcome = Outcome<DeadLetterReplay>;

/** Runs a Job for each replay until it has ended, and keeps its counts. */
export function createDeadLetterReplayController(
  options: DeadLetterReplayControllerOptions,
): Controller<DeadLetterReplay> {
  return {
    name: component,
    kind: deadLetterReplays,
    conditionTypes: endConditions,
    lane: (replay, caches) => {
      const consumer = consumerOf(replay, caches);
      return consumer ? keyText(clusterKey(consumer)) : '';
    },
    watches: [
      watch(reminderConsumers, ({ object }, caches) => replaysOf(object, caches)),
      watch(eventClusters, ({ object }, caches) =>
        caches
          .of(reminderConsumers)
          .by(byCluster, keyText(keyOf(object)))
          .flatMap((consumer) => replaysOf(consumer, caches)),
      ),
      // They only fill the caches: a replay that waits looks again every few seconds.
      watch(namespaces, () => []),
      watch(userSecrets, () => []),
      watchOwned(jobs, deadLetterReplays),
      watchOwned(eventUsers, deadLetterReplays),
      watch(pods, ({ object }) => instanceOf(object, component)),
    ],
    finalizer: replayFinalizer(options.brokers),
    reconcile: (context) => reconcile(context, options),
  };
}

const replaysOf = (consumer: ReminderConsumer, caches: Caches): Key[] =>
  caches
    .of(deadLetterReplays)
    .by(byConsumer, keyText(keyOf(consumer)))
    .map(keyOf);

const byConsumer = (replay: DeadLetterReplay) => [keyText(consumerKey(replay))];

async function reconcile(context: ReplayContext, options: DeadLetterReplayControllerOptions): Promise<ReplayOutcome> {
  const { object, caches } = context;
  const present = ownJob(context);
  if (endOf(present)) {
    await removeUser(context, { component, instance: object.metadata });
    return look(context, present, options);
  }
  if (hasEnded(object)) return unchanged(object);
  const consumer = consumerOf(object, caches);
  const user = consumer && (await keepUser(context, replayUser(object, consumer)));
  const requirements = replayRequirements(object, caches, user);
  if (!consumer || !requirements) return waiting(object, consumerMissing(object));
  const met = requirementsMet(requirements);
  // A Job that runs is left alone: it may well go on without.
  if (!met.ready) return waiting(object, met);
  return look(context, await applyJob(context, { consumer, requirements }, present, options), options);
}

async function look(
  { object, caches, clock }: ReplayContext,
  job: Observed<V1Job> | undefined,
  { readPodStatus }: DeadLetterReplayControllerOptions,
): Promise<ReplayOutcome> {
  const its = job ? podsOf(caches, component, object.metadata, job.metadata.uid) : [];
  const report = await newestReport(its, readPodStatus);
  const readiness = replayReadiness({ replay: object, job, pods: its, report, now: clock.now() });
  return {
    readiness,
    status: report?.counts ?? countsOf(object),
    conditions: endCondition(readiness, job),
    ...(!endOf(job) && { requeueAfterMilliseconds: pollMilliseconds }),
  };
}

/** Another Job where its pods are to be others; the notes on the brokers let it go on where that one was. */
async function applyJob(
  context: ReplayContext,
  { consumer, requirements }: { readonly consumer: ReminderConsumer; readonly requirements: Requirements },
  present: Observed<V1Job> | undefined,
  { defaultImage, podSecurity, podDefaults }: DeadLetterReplayControllerOptions,
): Promise<Observed<V1Job> | undefined> {
  const { cluster } = requirements.seen;
  const bootstrapServers = cluster?.status?.bootstrapServers;
  if (!cluster || bootstrapServers === undefined) return present;
  const kafka = clientSettings(workloadAccess(cluster, requirements.user?.key.name), bootstrapServers);
  const input = {
    replay: context.object,
    consumer,
    defaultImage,
    kafka,
    secretsHash: secretsHash(requirements.secrets),
  };
  requirePodSecurity(replayJob(input).spec!.template, podSecurity);
  requireResources(consumer.spec.resources, `ReminderConsumer ${consumer.metadata.name}: spec.resources`);
  const job = replayJob({ ...input, podDefaults });
  if (!present || hashOf(present) === hashOf(job)) return applyOwned(context, jobs, job);
  await context.client.delete(jobs, keyOf(present), { uid: present.metadata.uid, propagationPolicy: 'Background' });
  return undefined;
}

const hashOf = ({ metadata }: { readonly metadata?: { readonly annotations?: Record<string, string> } }) =>
  metadata?.annotations?.[configurationHashAnnotation];

const hasEnded = ({ status }: DeadLetterReplay) =>
  status?.conditions?.some(({ type, status: value }) => endConditions.includes(type) && value === 'True') ?? false;

function countsOf({ status = {} }: DeadLetterReplay): ReplayOutcome['status'] {
  const { observedGeneration: _observedGeneration, conditions: _conditions, ...counts } = status;
  return counts;
}

function waiting(replay: DeadLetterReplay, readiness: Readiness): ReplayOutcome {
  return { readiness, status: countsOf(replay), requeueAfterMilliseconds: pollMilliseconds };
}

/** What has ended stays so, whatever becomes of its Job. */
function unchanged(replay: DeadLetterReplay): ReplayOutcome {
  const conditions = replay.status?.conditions?.filter(({ type }) => endConditions.includes(type)) ?? [];
  const { type, reason = 'Complete', message = '' } = conditions[0] ?? {};
  const readiness: Readiness =
    type === 'Failed' ? { ready: false, reason, message, failed: true } : { ready: true, reason, message };
  return {
    readiness,
    status: countsOf(replay),
    conditions: conditions.map(({ type: itsType, status }) => ({ type: itsType, status, reason, message })),
  };
}

function consumerMissing({ metadata, spec }: DeadLetterReplay): Readiness {
  const message =
    `There is no ReminderConsumer ${spec.consumerRef.name} in namespace ${metadata.namespace}: create it, or create a ` +
    `DeadLetterReplay that names another one.`;
  return { ready: false, reason: 'ConsumerMissing', message, failed: false, needsPerson: true };
}
