import type { V1PersistentVolumeClaim, V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { brokersOf, type EventCluster } from '../../api/event-cluster.ts';
import type { Context, Facts, Outcome } from '../runtime/reconcile/controller.ts';
import {
  configMaps,
  persistentVolumeClaims,
  podDisruptionBudgets,
  pods as podKind,
  services as serviceKind,
  statefulSets,
} from '../kinds.ts';
import { keyOf, type Observed } from '../runtime/objects.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { applyOwned } from '../apply-owned.ts';
import type { Brokers } from '../brokers/brokers.ts';
import { kafkaConnection } from '../brokers/kafka-connection.ts';
import type { RedpandaAdmin } from '../brokers/redpanda-admin.ts';
import { creationRefusal } from '../pods/creation-refusal.ts';
import { versionOf } from '../pods/image.ts';
import { selectorLabels, selectorText } from '../pods/labels.ts';
import { requirePodSecurity, type PodSecurityLevel } from '../pods/pod-security-standard.ts';
import { isPodReady, podsOf } from '../pods/pods.ts';
import { podTrouble } from '../pods/pod-trouble.ts';
import { controllerIndex, viewBrokers, type BrokerView } from './broker-view.ts';
import { configMap } from './config-map.ts';
import { engines, type Engine } from './engine.ts';
import { bootstrapServers, claimName, component, indexes, podName } from './names.ts';
import { planCluster, type ClusterPlan, type RunEngine } from './plan.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { brokerPods, indexOf, isObserved } from './pods.ts';
import { availableCondition, clusterReadiness } from './readiness.ts';
import { nextRollStep, type RollStep } from './roll.ts';
import { decideScale } from './scale.ts';
import { services } from './services.ts';
import { statefulSet } from './stateful-set.ts';
import { growClaims } from './volume-growth.ts';

/** What it takes beside the API server. */
export interface EngineTools {
  readonly brokers: Brokers;
  readonly admin: RedpandaAdmin;
  readonly podSecurity: PodSecurityLevel;
}

/** How soon to look again at what no watch tells: at brokers that are well, and at those that are on their way. */
const poll = { ready: 30_000, otherwise: 3_000 };

/** Runs the brokers of an engine: everything they are made of, the volumes' size, the roll of a change, and the status. */
export async function reconcileEngine(
  context: Context<EventCluster>,
  { brokers, admin, podSecurity }: EngineTools,
): Promise<Outcome<EventCluster>> {
  const { object, caches, client } = context;
  const engineName = object.spec.engine as RunEngine;
  const engine = engines[engineName];
  const tooSmall = engine.refuse(object.spec);
  if (tooSmall) return refused(object, tooSmall);

  const running = caches.of(statefulSets).get(keyOf(object));
  const otherEngine = engineChanged(object, engine, running);
  if (otherEngine) return refused(object, otherEngine);
  const decision = decideScale({
    engine: engineName,
    wanted: brokersOf(object.spec),
    running: running?.spec?.replicas,
  });
  const firstClaim = caches.of(persistentVolumeClaims).get(claimKey(object, 0));
  const plan = planCluster(object, decision.brokers, { statefulSet: running, firstClaim });
  const manifest = statefulSet(plan, engine);
  requirePodSecurity(manifest.spec!.template, podSecurity);
  const applied = await applyAll(context, plan, engine, manifest);
  const growth = await growClaims(client, claimsOf(context, plan), object.spec.storage.size);

  const pods = podsOf(caches, component, plan, applied.metadata.uid);
  const ready = applied.status?.readyReplicas ?? 0;
  const view = ready > 0 ? await viewBrokers(brokers, connectionTo(plan)) : undefined;
  const readyIndexes = pods.filter(isPodReady).map(indexOf);
  const refusal = ready > 0 ? await engine.alignProperties(plan, readyIndexes, admin) : undefined;
  const roll = await advanceRoll(context, plan, { statefulSet: applied, pods }, view);

  const readiness = clusterReadiness({
    brokers: { desired: plan.brokers, ready },
    podTrouble: podTrouble(pods) ?? (await whyMissing(client, plan, applied, pods)),
    view,
    roll,
    refusals: [decision.problem, growth, refusal].filter((problem) => problem !== undefined),
  });
  return {
    readiness,
    status: facts(object, plan, engine, { ready, view, roll }),
    conditions: [availableCondition(view)],
    requeueAfterMilliseconds: readiness.ready || readiness.failed ? poll.ready : poll.otherwise,
  };
}

/** Nothing is changed, and nobody is asked: brokers that run already go on as they are. */
function refused({ status = {} }: EventCluster, problem: Problem): Outcome<EventCluster> {
  const { observedGeneration: _observedGeneration, conditions = [], ...facts } = status;
  const available = conditions.filter(({ type }) => type === 'Available');
  return { readiness: { ready: false, ...problem }, status: facts, conditions: available };
}

/** In the order in which they are needed; the StatefulSet comes last. */
async function applyAll(
  context: Context<EventCluster>,
  plan: ClusterPlan,
  engine: Engine,
  manifest: V1StatefulSet,
): Promise<Observed<V1StatefulSet>> {
  await applyOwned(context, configMaps, configMap(plan, engine));
  for (const service of services(plan)) await applyOwned(context, serviceKind, service);
  await applyOwned(context, podDisruptionBudgets, podDisruptionBudget(plan));
  return applyOwned(context, statefulSets, manifest);
}

const claimKey = ({ metadata }: EventCluster, index: number) => ({
  namespace: metadata.namespace,
  name: claimName(metadata, index),
});

function claimsOf({ object, caches }: Context<EventCluster>, plan: ClusterPlan): Observed<V1PersistentVolumeClaim>[] {
  const claims = indexes(plan.brokers).map((index) => caches.of(persistentVolumeClaims).get(claimKey(object, index)));
  return claims.filter((claim) => claim !== undefined);
}

const connectionTo = (plan: ClusterPlan) => kafkaConnection(plan.spec, bootstrapServers(plan), []);

/** Volumes that one engine has written, the other cannot read. The API server refuses the change, unless it is quick. */
function engineChanged(
  { spec }: EventCluster,
  engine: Engine,
  running: Observed<V1StatefulSet> | undefined,
): Problem | undefined {
  const containers = running?.spec?.template.spec?.containers ?? [];
  if (!running || containers.some(({ name }) => name === engine.container)) return undefined;
  const message =
    `spec.engine is ${spec.engine}, but brokers of another engine exist and keep data: set it back, or make a new ` +
    `EventCluster.`;
  return { reason: 'EngineCannotChange', message, failed: true };
}

/** What the StatefulSet's controller is told when it makes the pods that are missing. */
async function whyMissing(
  client: KubernetesClient,
  plan: ClusterPlan,
  applied: Observed<V1StatefulSet>,
  pods: readonly Observed<V1Pod>[],
): Promise<string | undefined> {
  return pods.length < plan.brokers && isObserved(applied) ? creationRefusal(client, applied) : undefined;
}

/** What a roll is decided by. */
interface BrokersNow {
  readonly statefulSet: Observed<V1StatefulSet>;
  readonly pods: readonly Observed<V1Pod>[];
}

/** Takes the next step of a roll, if there is one to take. */
async function advanceRoll(
  context: Context<EventCluster>,
  plan: ClusterPlan,
  seen: BrokersNow,
  view: BrokerView | undefined,
): Promise<RollStep> {
  const step = rollStep(plan, seen, view);
  if (step.step !== 'restart') return step;
  // Caches lag behind, even behind this operator's own deletions: what takes a broker away is decided by what is now.
  const now = await readNow(context.client, plan);
  if (!now) return step;
  const confirmed = rollStep(plan, now, view);
  if (confirmed.step === 'restart') await restart(context, plan, confirmed.index, now.pods);
  return confirmed;
}

async function readNow(client: KubernetesClient, plan: ClusterPlan): Promise<BrokersNow | undefined> {
  const labelSelector = selectorText(selectorLabels(component, plan.name));
  const [present, { items }] = await Promise.all([
    client.get(statefulSets, plan),
    client.list({ ...podKind, labelSelector }, plan.namespace),
  ]);
  return present && { statefulSet: present, pods: items };
}

function rollStep(plan: ClusterPlan, now: BrokersNow, view: BrokerView | undefined): RollStep {
  // Until its controller has seen the newest template, every pod looks up to date; its next status calls again.
  if (!isObserved(now.statefulSet)) return { step: 'done' };
  const health = view?.answered
    ? {
        controllerIndex: controllerIndex(plan, plan.brokers, view),
        underReplicatedPartitions: view.underReplicatedPartitions,
      }
    : undefined;
  return nextRollStep(brokerPods(now.statefulSet, now.pods), plan.brokers, health);
}

/** Only this very pod: the StatefulSet makes its next one from the new template. */
async function restart(
  context: Context<EventCluster>,
  plan: ClusterPlan,
  index: number,
  pods: readonly Observed<V1Pod>[],
): Promise<void> {
  const pod = pods.find(({ metadata }) => metadata.name === podName(plan, index));
  if (!pod) return;
  context.event('Normal', 'BrokerRestarted', `Broker ${index} is restarted for a change.`);
  await context.client.delete(podKind, keyOf(pod), { uid: pod.metadata.uid });
}

interface Seen {
  readonly ready: number;
  readonly view: BrokerView | undefined;
  readonly roll: RollStep;
}

function facts(object: EventCluster, plan: ClusterPlan, engine: Engine, seen: Seen): Facts<EventCluster> {
  const { view, ready, roll } = seen;
  const before = object.status;
  return {
    bootstrapServers: bootstrapServers(plan),
    // These two stay true while nobody answers; the others would be hearsay.
    clusterId: view?.answered ? view.clusterId : before?.clusterId,
    version: roll.step === 'done' ? versionOf(plan.spec, engine.release) : before?.version,
    brokers: { desired: plan.brokers, ready },
    ...(view?.answered && {
      controllerId: view.controllerId,
      underReplicatedPartitions: view.underReplicatedPartitions,
    }),
  };
}
