import type { V1PersistentVolumeClaim, V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import type { EventCluster } from '../../api/event-cluster.ts';
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
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { applyOwned } from '../apply-owned.ts';
import type { Brokers } from '../brokers/brokers.ts';
import { kafkaConnection } from '../brokers/kafka-connection.ts';
import { podsOf } from '../pods/pods.ts';
import { podTrouble } from '../pods/pod-trouble.ts';
import { controllerIndex, viewBrokers, type BrokerView } from './broker-view.ts';
import { configMap } from './config-map.ts';
import { engines, type Engine } from './engine.ts';
import { bootstrapServers, claimName, component, indexes, podName } from './names.ts';
import { planCluster, type ClusterPlan, type RunEngine } from './plan.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { brokerPods, isObserved } from './pods.ts';
import { availableCondition, clusterReadiness } from './readiness.ts';
import { nextRollStep, type RollStep } from './roll.ts';
import { decideScale } from './scale.ts';
import { services } from './services.ts';
import { statefulSet } from './stateful-set.ts';
import { growClaims } from './volume-growth.ts';

/** How soon to look again at what no watch tells: at brokers that are well, and at those that are on their way. */
const poll = { ready: 30_000, otherwise: 3_000 };

/** Runs the brokers of an engine: everything they are made of, the volumes' size, the roll of a change, and the status. */
export async function reconcileEngine(
  context: Context<EventCluster>,
  brokers: Brokers,
): Promise<Outcome<EventCluster>> {
  const { object, caches, client } = context;
  const engineName = object.spec.engine as RunEngine;
  const engine = engines[engineName];
  const tooSmall = engine.refuse(object.spec);
  if (tooSmall) return refused(object, tooSmall);

  const running = caches.of(statefulSets).get(keyOf(object));
  const decision = decideScale({ engine: engineName, wanted: object.spec.brokers, running: running?.spec?.replicas });
  const firstClaim = caches.of(persistentVolumeClaims).get(claimKey(object, 0));
  const plan = planCluster(object, decision.brokers, { statefulSet: running, firstClaim });
  const applied = await applyAll(context, plan, engine);
  const growth = await growClaims(client, claimsOf(context, plan), object.spec.storage.size);

  const pods = podsOf(caches, component, plan, applied.metadata.uid);
  const ready = applied.status?.readyReplicas ?? 0;
  const view = ready > 0 ? await viewBrokers(brokers, connectionTo(plan)) : undefined;
  const refusal = ready > 0 ? await engine.alignProperties(plan) : undefined;
  const roll = rollStep(plan, applied, pods, view);
  if (roll.step === 'restart') await restart(context, plan, roll.index, pods);

  const readiness = clusterReadiness({
    brokers: { desired: plan.brokers, ready },
    podTrouble: podTrouble(pods),
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
): Promise<Observed<V1StatefulSet>> {
  await applyOwned(context, configMaps, configMap(plan, engine));
  for (const service of services(plan)) await applyOwned(context, serviceKind, service);
  await applyOwned(context, podDisruptionBudgets, podDisruptionBudget(plan));
  return applyOwned(context, statefulSets, statefulSet(plan, engine));
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

function rollStep(
  plan: ClusterPlan,
  applied: Observed<V1StatefulSet>,
  pods: readonly Observed<V1Pod>[],
  view: BrokerView | undefined,
): RollStep {
  // Until its controller has seen the newest template, every pod looks up to date; its next status calls again.
  if (!isObserved(applied)) return { step: 'done' };
  const health = view?.answered
    ? {
        controllerIndex: controllerIndex(plan, plan.brokers, view),
        underReplicatedPartitions: view.underReplicatedPartitions,
      }
    : undefined;
  return nextRollStep(brokerPods(applied, pods), plan.brokers, health);
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
    version: roll.step === 'done' ? engine.versionOf(plan.spec) : before?.version,
    brokers: { desired: plan.brokers, ready },
    ...(view?.answered && {
      controllerId: view.controllerId,
      underReplicatedPartitions: view.underReplicatedPartitions,
    }),
  };
}
