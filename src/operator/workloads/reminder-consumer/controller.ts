import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { watchOwned, type Context, type Controller, type Outcome } from '../../runtime/reconcile/controller.ts';
import { deployments, eventTopics, reminderConsumers } from '../../kinds.ts';
import { keyOf, keyText } from '../../runtime/objects.ts';
import { applyDeployment, noInputs } from '../apply-deployment.ts';
import { applyOwned } from '../../apply-owned.ts';
import type { Brokers } from '../../brokers/brokers.ts';
import { clusterKey } from '../../brokers/cluster-access.ts';
import { databaseSecret } from '../database-secret.ts';
import { selectorLabels, selectorText } from '../../pods/labels.ts';
import { requirePodSecurity, type PodSecurityLevel } from '../../pods/pod-security-standard.ts';
import { podsOf } from '../../pods/pods.ts';
import { operatorConnection, seeRequirements } from '../requirements.ts';
import { seeTopics } from '../topics.ts';
import type { SecretReference } from '../../brokers/user-secrets.ts';
import { workloadReadiness } from '../workload-readiness.ts';
import { workloadWatches } from '../workload-watches.ts';
import { deadLetterEventTopic } from './dead-letters.ts';
import { workerDeployment } from './deployment.ts';
import { groupFinalizer } from './finalizer.ts';
import { component, deadLetterTopic } from './names.ts';
import { observeProgress } from './progress.ts';
import { ReplicaScaler } from './replica-scaler.ts';

export interface ReminderConsumerControllerOptions {
  readonly brokers: Brokers;
  /** The image of the reminder worker, where a resource names none. */
  readonly defaultImage: string;
  /** What a resource's podTemplate may ask for at most. */
  readonly podSecurity: PodSecurityLevel;
}

/** What no watch tells: how far the group is. */
const pollMilliseconds = 10_000;

/** Runs reminder workers, as many as the lag asks for, and the topic for what they cannot handle. */
export function createReminderConsumerController(
  options: ReminderConsumerControllerOptions,
): Controller<ReminderConsumer> {
  const scaler = new ReplicaScaler();
  return {
    name: component,
    kind: reminderConsumers,
    lane: (consumer) => keyText(clusterKey(consumer)),
    watches: [
      ...workloadWatches(reminderConsumers, component, { secretsOf: consumerSecrets, topicsOf }),
      watchOwned(eventTopics, reminderConsumers),
    ],
    finalizer: groupFinalizer(options.brokers, scaler),
    reconcile: (context) => reconcile(context, options, scaler),
  };
}

const consumerSecrets = ({ spec }: ReminderConsumer): SecretReference[] => [databaseSecret(spec.databaseSecretRef)];

function topicsOf(consumer: ReminderConsumer): string[] {
  return [...consumer.spec.topics, consumer.spec.remindersTopic, deadLetterTopic(consumer)];
}

async function reconcile(
  context: Context<ReminderConsumer>,
  { brokers, defaultImage, podSecurity }: ReminderConsumerControllerOptions,
  scaler: ReplicaScaler,
): Promise<Outcome<ReminderConsumer>> {
  const { object, caches, clock } = context;
  requirePodSecurity(
    workerDeployment({ consumer: object, replicas: 0, defaultImage, ...noInputs }).spec!.template,
    podSecurity,
  );
  const requirements = seeRequirements(object, caches, consumerSecrets(object));
  if (requirements.seen.cluster) await applyOwned(context, eventTopics, deadLetterEventTopic(object));

  const connection = operatorConnection(requirements, caches);
  const ask = connection && { brokers, connection };
  const progress = ask && (await observeProgress(ask, object));
  const running = caches.of(deployments).get(keyOf(object));
  const replicas = scaler.decide(object, running?.spec?.replicas, progress, clock.now());
  const deployment = await applyDeployment(context, requirements, (inputs) =>
    workerDeployment({ consumer: object, replicas, defaultImage, ...inputs }),
  );

  const topics = await seeTopics(caches, requirements.seen.key, topicsOf(object), ask);
  const pods = podsOf(caches, component, object.metadata);
  return {
    readiness: workloadReadiness({ ...requirements, topics, deployment, pods }),
    status: {
      replicas: deployment?.status?.replicas ?? 0,
      readyReplicas: deployment?.status?.readyReplicas ?? 0,
      selector: selectorText(selectorLabels(component, object.metadata.name)),
      ...(progress && {
        lag: { total: progress.lag, byTopic: progress.lagByTopic },
        deadLetters: progress.deadLetters,
        groupState: progress.groupState,
      }),
    },
    requeueAfterMilliseconds: pollMilliseconds,
  };
}
