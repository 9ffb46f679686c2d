import type { ChatApi } from '../../../api/chat-api.ts';
import { watchOwned, type Context, type Controller, type Outcome } from '../../runtime/reconcile/controller.ts';
import { chatApis, podDisruptionBudgets, services } from '../../kinds.ts';
import { controllerOf, keyOf, keyText } from '../../runtime/objects.ts';
import { applyDeployment, noInputs } from '../deployment.ts';
import { applyOwned } from '../../apply-owned.ts';
import type { Brokers } from '../../brokers/brokers.ts';
import { clusterKey } from '../../brokers/cluster-access.ts';
import { selectorLabels, selectorText } from '../../pods/labels.ts';
import { requirePodSecurity, type PodSecurityLevel } from '../../pods/pod-security-standard.ts';
import { manifestWithPodDefaults, type PodDefaults } from '../../pods/pod-defaults.ts';
import { podsOf } from '../../pods/pods.ts';
import { requireResources } from '../../pods/refuse-resources.ts';
import { keepUser, userKey } from '../kafka-user.ts';
import { operatorConnection, seeRequirements } from '../requirements.ts';
import { seeTopics } from '../topics.ts';
import { workloadReadiness } from '../readiness.ts';
import { workloadWatches } from '../watches.ts';
import { chatApiDeployment, component } from './deployment.ts';
import { readPodReport } from './pod-report.ts';
import { announceSignIn, signInAvailable, signInConditions } from './sign-in.ts';
import type { ReadPodStatus } from '../pod-status.ts';
import { chatApiSecrets } from './secrets.ts';
import { chatApiUser } from './user.ts';
import { chatApiDisruptionBudget, chatApiService, serviceUrl } from './service.ts';

export interface ChatApiControllerOptions {
  readonly brokers: Brokers;
  /** The image of the chat API, where a resource names none. */
  readonly defaultImage: string;
  /** What a resource's podTemplate may ask for at most. */
  readonly podSecurity: PodSecurityLevel;
  /** What its pods have that say nothing else. */
  readonly podDefaults?: PodDefaults | undefined;
  readonly readPodStatus: ReadPodStatus;
}

/** How often to ask for what cannot be watched: the outbox, and topics without an EventTopic. */
const pollMilliseconds = 15_000;

/** Runs the chat API: Deployment, Service and PodDisruptionBudget, rolled when a Secret changes. */
export function createChatApiController(options: ChatApiControllerOptions): Controller<ChatApi> {
  return {
    name: component,
    kind: chatApis,
    conditionTypes: [signInAvailable],
    lane: (chatApi) => keyText(clusterKey(chatApi)),
    watches: [
      ...workloadWatches(chatApis, component, {
        ...{ secretsOf: chatApiSecrets, topicsOf },
        usersOf: (chatApi) => [userKey(chatApiUser(chatApi))],
      }),
      watchOwned(services, chatApis),
      watchOwned(podDisruptionBudgets, chatApis),
    ],
    reconcile: (context) => reconcile(context, options),
  };
}

const topicsOf = ({ spec }: ChatApi): string[] => Object.values(spec.topics);

async function reconcile(context: Context<ChatApi>, options: ChatApiControllerOptions): Promise<Outcome<ChatApi>> {
  const { object, caches, clock } = context;
  requirePodSecurity(
    chatApiDeployment({ chatApi: object, defaultImage: options.defaultImage, ...noInputs }).spec!.template,
    options.podSecurity,
  );
  requireResources(object.spec.resources);
  const user = await keepUser(context, chatApiUser(object));
  const requirements = seeRequirements(object, caches, chatApiSecrets(object), user);
  await applyService(context);
  const deployment = await applyDeployment(context, requirements, (inputs) =>
    manifestWithPodDefaults(
      chatApiDeployment({ chatApi: object, defaultImage: options.defaultImage, ...inputs }),
      options.podDefaults,
    ),
  );

  const connection = operatorConnection(requirements, caches);
  const ask = connection && { brokers: options.brokers, connection };
  const topics = await seeTopics(caches, requirements.seen.key, topicsOf(object), ask);
  const pods = deployment ? podsOf(caches, component, object.metadata, deployment.metadata.uid) : [];
  const refusals = [topics.refusal];
  const report = await readPodReport(pods, options.readPodStatus);
  const conditions = signInConditions(object, report);
  announceSignIn(context, conditions);
  return {
    readiness: workloadReadiness({ ...requirements, topics, deployment, pods, refusals, now: clock.now() }),
    conditions,
    status: {
      url: serviceUrl(object),
      replicas: deployment?.status?.replicas ?? 0,
      readyReplicas: deployment?.status?.readyReplicas ?? 0,
      selector: selectorText(selectorLabels(component, object.metadata.name)),
      outbox: report?.outbox,
    },
    requeueAfterMilliseconds: pollMilliseconds,
  };
}

/** The address is there from the beginning; it answers as soon as a pod does. */
async function applyService(context: Context<ChatApi>): Promise<void> {
  const { object, caches, client } = context;
  await applyOwned(context, services, chatApiService(object));
  const budget = chatApiDisruptionBudget(object);
  const present = caches.of(podDisruptionBudgets).get(keyOf(object));
  if (budget) await applyOwned(context, podDisruptionBudgets, budget);
  // An EventCluster of this name has one, too.
  else if (present && controllerOf(present)?.uid === object.metadata.uid)
    await client.delete(podDisruptionBudgets, keyOf(object));
}
