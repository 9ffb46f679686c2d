import type { V1PersistentVolumeClaim, V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { seeSecretConfig, type SentSecrets } from './secret-config.ts';
import { brokersOf, type EventCluster } from '../../api/event-cluster.ts';
import type { Context, Facts, Outcome } from '../runtime/reconcile/controller.ts';
import {
  configMaps,
  networkPolicies,
  persistentVolumeClaims,
  podDisruptionBudgets,
  services as serviceKind,
  statefulSets,
} from '../kinds.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { Caches } from '../runtime/cache/caches.ts';
import { keyOf, type Key, type Observed } from '../runtime/objects.ts';
import type { KubernetesClient } from '../runtime/transport/kubernetes-client.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { applyOwned } from '../apply-owned.ts';
import type { Brokers } from '../brokers/brokers.ts';
import { clusterSecrets } from '../brokers/cluster-access.ts';
import { kafkaConnection } from '../brokers/kafka-connection.ts';
import type { RedpandaAdmin } from '../brokers/redpanda-admin.ts';
import { seeSecrets } from '../brokers/user-secrets.ts';
import { creationRefusal } from '../pods/creation-refusal.ts';
import { imageOf, versionOf } from '../pods/image.ts';
import { fromRegistry, manifestWithPodDefaults, type PodDefaults } from '../pods/pod-defaults.ts';
import { podSecurityProblem, type PodSecurityLevel } from '../pods/pod-security-standard.ts';
import { isPodReady, podsOf } from '../pods/pods.ts';
import { podTrouble } from '../pods/pod-trouble.ts';
import { startWarning } from '../pods/start-warning.ts';
import { stuckEnding } from '../pods/stuck-ending.ts';
import { acceptedSpec, withAcceptedSpec } from './accepted-spec.ts';
import { advanceRoll } from './advance-roll.ts';
import { advanceScale, wasEmptied } from './advance-scale.ts';
import { viewBrokers, type BrokerView } from './broker-view.ts';
import { configMap } from './config-map.ts';
import { configProgress } from './config-progress.ts';
import { announcePressure, diskCondition } from './disk-pressure.ts';
import { doomedProblem, findDoomed } from './doomed-volumes.ts';
import { engines, type Engine } from './engine.ts';
import type { EngineLook } from './engine-look.ts';
import { lookAfterBrokers } from './look-after-brokers.ts';
import { bootstrapServers, claimKey, component, indexes } from './names.ts';
import { networkPolicy } from './network-policy.ts';
import { planCluster, votersOf, type ClusterPlan, type RunEngine } from './plan.ts';
import { podDisruptionBudget } from './pod-disruption-budget.ts';
import { indexOf, isObserved } from './pods.ts';
import type { RememberedByCluster } from '../brokers/remembered-by-cluster.ts';
import { removeServices } from './remove-services.ts';
import { availableCondition, clusterReadiness } from './readiness.ts';
import type { RollStep } from './roll.ts';
import { alignSecurity } from './security/align-security.ts';
import { decideSecurity, securedCondition } from './security/decide-security.ts';
import { removeSharedUser } from './security/remove-shared-user.ts';
import { seeMove } from './security/move-progress.ts';
import { clientPort } from './security/move.ts';
import { services } from './services.ts';
import { podTemplate, statefulSet } from './stateful-set.ts';
import { announceKept, whyRefused } from './why-refused.ts';
import { growClaims, growthsOfFull, growthsToSize } from './volume-growth.ts';

/** What it takes beside the API server. */
export interface EngineTools {
  readonly brokers: Brokers;
  readonly admin: RedpandaAdmin;
  readonly podSecurity: PodSecurityLevel;
  readonly podDefaults: PodDefaults | undefined;
  readonly operatorNamespace: string;
  readonly sentSecrets: SentSecrets;
  /** Of what brokers were given last and have not all taken in. */
  readonly configVersions: RememberedByCluster<number>;
  readonly onLook: (cluster: Key, view: BrokerView | undefined) => void;
}

/** What a cluster says of itself beside the usual. */
export const conditionTypes = ['Available', 'Secured', 'DiskPressure'];

/** How soon to look again at what no watch tells: at brokers that are well, and at those that are on their way. */
const poll = { ready: 30_000, otherwise: 3_000 };

/**
 * Runs the brokers of an engine. While the spec is refused, those that run are looked after by the one before: their
 * certificates end otherwise, and nobody heals them.
 */
export async function reconcileEngine(
  context: Context<EventCluster>,
  tools: EngineTools,
): Promise<Outcome<EventCluster>> {
  const { object, caches } = context;
  const running = caches.of(statefulSets).get(keyOf(object));
  const outcome = await runBrokers(context, tools, running, 'declared');
  if (!('refusal' in outcome)) return outcome;
  const accepted = acceptedSpec(object, running);
  const before = accepted && { ...context, object: { ...object, spec: accepted } };
  const kept = before && (await runBrokers(before, tools, running, 'accepted'));
  if (!kept || 'refusal' in kept) return leaveAsTheyAre(context, tools, running, outcome.refusal);
  return { ...kept, readiness: { ready: false, ...outcome.refusal } };
}

interface Refused {
  readonly refusal: Problem;
}

/**
 * Everything that brokers are made of, the volumes' size, the roll of a change, and the status. Where the spec is refused,
 * nothing has been written.
 *
 * @param running the StatefulSet, if there is one
 * @param which spec it is: one that was accepted before has its certificates renewed, whatever else it refers to is missing
 */
async function runBrokers(
  context: Context<EventCluster>,
  tools: EngineTools,
  running: Observed<V1StatefulSet> | undefined,
  which: 'declared' | 'accepted',
): Promise<Outcome<EventCluster> | Refused> {
  const { brokers, podSecurity, podDefaults, operatorNamespace, sentSecrets, configVersions } = tools;
  const { caches, client } = context;
  const move = seeMove(context.object, caches, running);
  const security = decideSecurity(context.object, running, move);
  const object = { ...context.object, status: { ...context.object.status, security } };
  const engineName = object.spec.engine as RunEngine;
  const engine = engines[engineName];
  const existing = {
    statefulSet: running,
    firstClaim: caches.of(persistentVolumeClaims).get(claimKey(object.metadata, 0)),
  };
  const spec = withImage(object.spec, engine, podDefaults?.imageRegistry);
  const template = () => podTemplate(planCluster({ ...object, spec }, brokersOf(spec), existing), engine);
  const refusal = (await whyRefused(context, engine, running)) ?? podSecurityProblem(template(), podSecurity);
  if (refusal) return { refusal };
  const secretConfig = seeSecretConfig(object, caches);
  const unreadable = secretConfig && 'reason' in secretConfig ? secretConfig : undefined;
  if (unreadable && which === 'declared') return { refusal: unreadable };
  const secured = await alignSecurity(context, security, running, which);
  if (secured.problem) return { refusal: secured.problem };
  if (secretConfig && 'reason' in secretConfig) return { refusal: secretConfig };
  const connection = connectionTo(object, caches);
  const admin = tools.admin.through(connection.tls);
  const access = { brokers, connection, admin };
  const scaleSeen = {
    running: running?.spec?.replicas,
    anyReady: (running?.status?.readyReplicas ?? 0) > 0,
    voters: engineName === 'Kafka' ? (votersOf(existing) ?? 0) : 0,
  };
  const scale = await advanceScale(context, engine, scaleSeen, access);
  const podsBefore = running ? podsOf(caches, component, object.metadata, running.metadata.uid).map(indexOf) : [];
  const surplus = podsBefore.filter((index) => index >= scale.brokers);
  const shrinks = surplus.length > 0 && surplus.every((index) => wasEmptied(context, index));
  const plan = planCluster({ ...object, spec }, scale.brokers, existing, secured.security, shrinks, secretConfig);
  const manifest = withAcceptedSpec(statefulSet(plan, engine), spec, engine.release);
  if (!running) await announceKept(context);
  await applyOwned(context, networkPolicies, networkPolicy(plan, operatorNamespace, manifest.spec!.template));
  const applied = await applyAll(context, plan, engine, manifestWithPodDefaults(manifest, podDefaults));
  const claims = claimsOf(context, plan);
  const growth = await growClaims(client, growthsToSize(claims, object.spec.storage));

  const pods = podsOf(caches, component, plan, applied.metadata.uid);
  const doomed = findDoomed(plan, claims, pods);
  const ready = applied.status?.readyReplicas ?? 0;
  const view = ready > 0 ? await viewBrokers(brokers, connection) : undefined;
  tools.onLook(object.metadata, view);
  const readyIndexes = pods.filter(isPodReady).map(indexOf);
  const aligned =
    ready > 0
      ? await engine.alignProperties(
          plan,
          readyIndexes,
          admin,
          secretConfig && sentSecrets.of(object.metadata.uid, secretConfig),
        )
      : {};
  const look = view && (await engine.look(plan, view, readyIndexes, access));
  const taken = look?.configVersions ?? [];
  const unaligned = aligned.problem ?? configProgress(object.metadata.uid, taken, aligned.version, configVersions);
  const settled = !scale.problem && ready === plan.brokers;
  const brokersSeen = { running: plan.brokers, pods: pods.map(numbered), settled };
  const tended = view?.answered ? await lookAfterBrokers(object, engine, brokersSeen, access) : undefined;
  if (view?.answered && security.authentication) await removeSharedUser(context, brokers, connection);
  const full = growthsOfFull(claims, object.spec.storage, tended?.disks ?? new Map());
  const refusedGrowth = growth ?? (await growClaims(client, full));
  const disks = diskCondition(tended?.disks ?? new Map());
  announcePressure(context, disks);
  const now = context.clock.now();
  const roll = await advanceRoll(context, plan, { statefulSet: applied, pods, doomed }, look);

  const trouble =
    podTrouble(pods, now) ??
    (await startWarning(client, pods, now)) ??
    (await whyMissing(client, plan, applied, pods)) ??
    stuckEnding(pods, now) ??
    tended?.trouble;
  const volumeProblem = doomedProblem(doomed);
  const readiness = clusterReadiness({
    brokers: { desired: plan.brokers, ready },
    podTrouble: trouble === undefined || !volumeProblem ? trouble : `${trouble} ${volumeProblem.message}`,
    view,
    roll,
    notice: tended?.notice,
    refusals: [scale.problem, volumeProblem, refusedGrowth, unaligned, ...(tended?.problems ?? [])].filter(
      (problem) => problem !== undefined,
    ),
  });
  return {
    readiness,
    status: facts(object, plan, engine, { ready, view, look, roll }),
    conditions: [availableCondition(view), securedCondition(object.spec, security, move), disks],
    requeueAfterMilliseconds: readiness.ready || readiness.failed ? poll.ready : poll.otherwise,
  };
}

const numbered = (pod: Observed<V1Pod>) => ({
  index: indexOf(pod),
  ready: isPodReady(pod),
  starting: !pod.status?.containerStatuses?.some(({ started }) => started),
  ending: pod.metadata.deletionTimestamp !== undefined,
});

/** The engine's usual image comes from the registry that the installation names; one that a resource names stays. */
function withImage(
  spec: EventCluster['spec'],
  { release }: Engine,
  registry: string | undefined,
): EventCluster['spec'] {
  if (spec.image !== undefined || registry === undefined) return spec;
  return { ...spec, image: fromRegistry(imageOf(spec, release), registry) };
}

/**
 * Nothing is changed, for want of a spec that can be gone by. Brokers that run already go on as they are, and whether they
 * serve clients is looked at all the same.
 */
async function leaveAsTheyAre(
  { object, caches }: Context<EventCluster>,
  { brokers, onLook }: EngineTools,
  running: Observed<V1StatefulSet> | undefined,
  problem: Problem,
): Promise<Outcome<EventCluster>> {
  const { observedGeneration: _observedGeneration, conditions = [], ...facts } = object.status ?? {};
  const known = conditions.filter(({ type }) => conditionTypes.includes(type));
  // No watch tells that a broker hangs, or that cert-manager has been installed.
  const outcome = { readiness: { ready: false, ...problem }, requeueAfterMilliseconds: poll.ready } as const;
  const wasLookedAt = known.some(({ type }) => type === 'Available');
  if (!running || !facts.brokers || !wasLookedAt) return { ...outcome, status: facts, conditions: known };
  const ready = running.status?.readyReplicas ?? 0;
  const view = ready > 0 ? await viewBrokers(brokers, connectionTo(object, caches)) : undefined;
  onLook(object.metadata, view);
  return {
    ...outcome,
    status: { ...facts, brokers: { ...facts.brokers, ready } },
    conditions: [availableCondition(view), ...known.filter(({ type }) => type !== 'Available')],
  };
}

/** In the order in which they are needed; the StatefulSet comes last. */
async function applyAll(
  context: Context<EventCluster>,
  plan: ClusterPlan,
  engine: Engine,
  manifest: V1StatefulSet,
): Promise<Observed<V1StatefulSet>> {
  await applyOwned(context, configMaps, configMap(plan, engine));
  const wanted = services(plan);
  for (const service of wanted) await applyOwned(context, serviceKind, service);
  await removeServices(context, wanted);
  await applyOwned(context, podDisruptionBudgets, podDisruptionBudget(plan));
  return applyOwned(context, statefulSets, manifest);
}

function claimsOf({ object, caches }: Context<EventCluster>, plan: ClusterPlan): Observed<V1PersistentVolumeClaim>[] {
  const keys = indexes(plan.brokers).map((index) => claimKey(object.metadata, index));
  const claims = keys.map((key) => caches.of(persistentVolumeClaims).get(key));
  return claims.filter((claim) => claim !== undefined);
}

function connectionTo(object: EventCluster, caches: Caches): KafkaConnection {
  const { metadata } = object;
  const secrets = seeSecrets(caches, metadata.namespace, clusterSecrets(object));
  return kafkaConnection(object, bootstrapServers(metadata), secrets);
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

interface Seen {
  readonly ready: number;
  readonly view: BrokerView | undefined;
  readonly look: EngineLook | undefined;
  readonly roll: RollStep;
}

function facts(object: EventCluster, plan: ClusterPlan, engine: Engine, seen: Seen): Facts<EventCluster> {
  const { view, look, ready, roll } = seen;
  const before = object.status;
  return {
    bootstrapServers: bootstrapServers(plan, clientPort(plan.security?.move)),
    // These two stay true while nobody answers; the others would be hearsay.
    clusterId: view?.answered ? view.clusterId : before?.clusterId,
    version: roll.step === 'done' ? versionOf(plan.spec, engine.release) : before?.version,
    brokers: { desired: plan.brokers, ready },
    security: before?.security,
    ...(look && {
      controllerId: look.controllerId,
      underReplicatedPartitions: look.underReplicatedPartitions,
    }),
  };
}
