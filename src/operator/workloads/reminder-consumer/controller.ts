import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { watch, watchOwned, type Context, type Controller, type Outcome } from '../../runtime/reconcile/controller.ts';
import { eventTopics, pods, reminderConsumers, replicaSets } from '../../kinds.ts';
import { keyText } from '../../runtime/objects.ts';
import type { Problem, Readiness } from '../../runtime/reconcile/readiness.ts';
import { applyDeployment, noInputs, ownDeployment, type WorkloadInputs } from '../deployment.ts';
import { totalLag, type Brokers } from '../../brokers/brokers.ts';
import { clusterKey } from '../../brokers/cluster-access.ts';
import { instanceOf, selectorLabels, selectorText } from '../../pods/labels.ts';
import { requirePodSecurity, type PodSecurityLevel } from '../../pods/pod-security-standard.ts';
import { manifestWithPodDefaults, type PodDefaults } from '../../pods/pod-defaults.ts';
import { podsOf } from '../../pods/pods.ts';
import { requireResources } from '../../pods/refuse-resources.ts';
import { keepUser, userKey } from '../kafka-user.ts';
import { databaseSecret, operatorConnection, requirementsMet, seeRequirements } from '../requirements.ts';
import { seeTopics } from '../topics.ts';
import type { ReadPodStatus } from '../pod-status.ts';
import type { SecretReference } from '../../brokers/user-secrets.ts';
import { workloadReadiness } from '../readiness.ts';
import { workloadWatches } from '../watches.ts';
import { deadLetterEventTopic } from './dead-letters.ts';
import { keepDeadLetters } from './keep-dead-letters.ts';
import { workerDeployment } from './deployment.ts';
import { groupFinalizer } from './finalizer.ts';
import { GroupKeeper } from './group-keeper.ts';
import { component, deadLetterTopic, webhookComponent, webhookDeadLetterTopic } from './names.ts';
import { observe } from './observe.ts';
import { ReplicaScaler } from './scaling.ts';
import { webhookUser, workerUser } from './users.ts';
import { keepWebhook, requireWebhookFits, webhookSecrets } from './webhook.ts';
import { readWorkers } from './worker-status.ts';

export interface ReminderConsumerControllerOptions {
  readonly brokers: Brokers;
  /** The image of the reminder worker, where a resource names none. */
  readonly defaultImage: string;
  /** What a resource's podTemplate may ask for at most. */
  readonly podSecurity: PodSecurityLevel;
  /** What its pods have that say nothing else. */
  readonly podDefaults?: PodDefaults | undefined;
  readonly readPodStatus: ReadPodStatus;
}

/** How often to ask for what cannot be watched: the lag of the group. */
const pollMilliseconds = 10_000;

/** Runs reminder workers, as many as the lag asks for, and the topic for what they cannot handle. */
export function createReminderConsumerController(
  options: ReminderConsumerControllerOptions,
): Controller<ReminderConsumer> {
  const scaler = new ReplicaScaler();
  const keeper = new GroupKeeper();
  return {
    name: component,
    kind: reminderConsumers,
    lane: (consumer) => keyText(clusterKey(consumer)),
    watches: [
      ...workloadWatches(reminderConsumers, component, { secretsOf, topicsOf, usersOf }),
      watch(replicaSets, ({ object }) => instanceOf(object, webhookComponent)),
      watch(pods, ({ object }) => instanceOf(object, webhookComponent)),
      watchOwned(eventTopics, reminderConsumers),
    ],
    finalizer: groupFinalizer(options.brokers, scaler, keeper),
    reconcile: (context) => reconcile(context, options, { scaler, keeper }),
  };
}

const secretsOf = (consumer: ReminderConsumer) => [...consumerSecrets(consumer), ...webhookSecrets(consumer)];

const usersOf = (consumer: ReminderConsumer) => [workerUser(consumer), webhookUser(consumer)].map(userKey);

const consumerSecrets = ({ spec }: ReminderConsumer): SecretReference[] => [databaseSecret(spec.databaseSecretRef)];

function topicsOf(consumer: ReminderConsumer): string[] {
  const { topics, remindersTopic, webhook } = consumer.spec;
  const ofWebhook = webhook ? [webhookDeadLetterTopic(consumer)] : [];
  return [...topics, remindersTopic, deadLetterTopic(consumer), ...ofWebhook];
}

async function reconcile(
  context: Context<ReminderConsumer>,
  { brokers, defaultImage, podSecurity, podDefaults, readPodStatus }: ReminderConsumerControllerOptions,
  { scaler, keeper }: { readonly scaler: ReplicaScaler; readonly keeper: GroupKeeper },
): Promise<Outcome<ReminderConsumer>> {
  const { object, caches, clock } = context;
  requirePodSecurity(
    workerDeployment({ consumer: object, replicas: 0, defaultImage, ...noInputs }).spec!.template,
    podSecurity,
  );
  requireResources(object.spec.resources);
  requireWebhookFits(object, podSecurity);
  const user = await keepUser(context, workerUser(object));
  const requirements = seeRequirements(object, caches, consumerSecrets(object), user);
  if (requirements.seen.cluster) await keepDeadLetters(context, deadLetterEventTopic(object));

  const connection = operatorConnection(requirements, caches);
  const ask = connection && { brokers, connection };
  const observation = ask && (await observe(ask, object));
  const { group, lag, deadLetters } = observation ?? {};
  const running = ownDeployment(context);
  const consumerGroup = keeper.record(context, group?.value, running);
  const held = requirementsMet(requirements).ready ? keeper.hold(context, group, running) : undefined;
  const replicas = scaler.decide(object, running?.spec?.replicas, lag, clock.monotonic());
  const manifest = (inputs: WorkloadInputs) =>
    manifestWithPodDefaults(
      workerDeployment({ consumer: object, replicas, defaultImage, running, ...inputs }),
      podDefaults,
    );
  const deployment = held ? undefined : await applyDeployment(context, requirements, manifest);

  const webhook = await keepWebhook(context, { defaultImage, podDefaults, readPodStatus, ask });

  const topics = await seeTopics(caches, requirements.seen.key, topicsOf(object), ask);
  const itsPods = deployment ? podsOf(caches, component, object.metadata, deployment.metadata.uid) : [];
  const { latenessSeconds, stuck } = await readWorkers(itsPods, readPodStatus);
  const refusals = [...(observation?.refusals ?? []), topics.refusal];
  return {
    readiness: withWebhook(
      workloadReadiness({
        ...requirements,
        topics,
        held,
        stuck,
        deployment,
        pods: itsPods,
        refusals,
        now: clock.now(),
      }),
      webhook?.problem,
    ),
    status: {
      replicas: deployment?.status?.replicas ?? 0,
      readyReplicas: deployment?.status?.readyReplicas ?? 0,
      selector: selectorText(selectorLabels(component, object.metadata.name)),
      ...(lag && { lag: { total: totalLag(lag), byTopic: Object.fromEntries(lag.byTopic) } }),
      ...(latenessSeconds !== undefined && { latenessSeconds }),
      ...(deadLetters !== undefined && { deadLetters }),
      ...(consumerGroup && { consumerGroup }),
      ...(group?.value && { groupState: group.value.state }),
      ...(webhook && { webhook: webhook.status }),
    },
    requeueAfterMilliseconds: pollMilliseconds,
  };
}

/** The workers come first: without them, there is nothing to send. */
const withWebhook = (readiness: Readiness, problem: Problem | undefined): Readiness =>
  readiness.ready && problem ? { ready: false, ...problem } : readiness;
