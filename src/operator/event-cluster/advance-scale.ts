import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { brokersOf, type EventCluster } from '../../api/event-cluster.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { persistentVolumeClaims } from '../kinds.ts';
import { keyOf, type Observed } from '../runtime/objects.ts';
import type { Context } from '../runtime/reconcile/controller.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import type { BrokerAccess } from './broker-access.ts';
import type { Engine } from './engine.ts';
import { claimKey, indexes } from './names.ts';
import type { RunEngine } from './plan.ts';
import { decideScale, drainProblem, type DrainStep } from './scale.ts';

/**
 * On the volume claim of a broker that is being emptied; put there before anything moves, so that it can be undone. Only
 * with `empty` may the volume go.
 */
const drainingAnnotation = 'kafka-events.dev/draining';
type Mark = 'true' | 'empty';

export interface ScaleSeen {
  /** Brokers that the StatefulSet runs, undefined before the first start. */
  readonly running: number | undefined;
  /** Whether any of them is ready, and can be asked. */
  readonly anyReady: boolean;
  /** Brokers 0 to this - 1 vote on metadata; 0 where the engine chooses by itself. */
  readonly voters: number;
}

/** How many brokers to run, and why that is not what the spec says. */
export interface ScaleOutcome {
  readonly brokers: number;
  readonly problem: Problem | undefined;
}

/**
 * Takes the next step to the number of brokers in the spec. A broker that leaves is marked, then emptied, and only then
 * are its pod and its volume removed: in this order, the operator can stop between any two.
 */
export async function advanceScale(
  context: Context<EventCluster>,
  engine: Engine,
  { running, anyReady, voters }: ScaleSeen,
  access: BrokerAccess,
): Promise<ScaleOutcome> {
  const { spec } = context.object;
  const claims = drainingClaims(context, running ?? 0);
  const decision = decideScale({
    engine: spec.engine as RunEngine,
    wanted: brokersOf(spec),
    running,
    voters,
    draining: [...claims.keys()],
  });
  const { brokers, leaving, restored } = decision;
  if (restored.length > 0 && anyReady) {
    const failure = await tried(
      async () => {
        await engine.restore(context.object, restored, access);
        return undefined;
      },
      (error) => restoreProblem(restored, error),
    );
    if (failure) return { brokers, problem: decision.problem ?? failure };
    for (const index of restored) await mark(context, claims.get(index)!, null);
  }
  if (leaving.length === 0) return { brokers, problem: decision.problem };
  if (!anyReady) return { brokers, problem: drainProblem(leaving, moving('no broker is ready')) };
  await markAll(
    context,
    leaving.filter((index) => !claims.has(index)),
    () => 'true',
  );
  const order = { leaving, staying: leaving[0]! };
  const drain = await tried(() => engine.drain(context.object, order, access), notAsked);
  await markAll(context, leaving, (index) => (drain.step === 'empty' && index >= drain.from ? 'empty' : 'true'));
  return { brokers: drain.step === 'empty' ? drain.from : brokers, problem: drainProblem(leaving, drain) };
}

const moving = (message: string): DrainStep => ({ step: 'moving', message });
const notAsked = ({ message }: ExpectedError) => moving(`the brokers could not be asked to move replicas: ${message}`);

function drainingClaims(context: Context<EventCluster>, running: number) {
  const claims = indexes(running).map((index) => [index, drainingClaim(context, index)] as const);
  return new Map(claims.flatMap(([index, claim]) => (claim ? [[index, claim] as const] : [])));
}

function drainingClaim({ object, caches }: Context<EventCluster>, index: number) {
  const claim = caches.of(persistentVolumeClaims).get(claimKey(object.metadata, index));
  return claim && markOf(claim) !== undefined ? claim : undefined;
}

const markOf = ({ metadata }: Observed<V1PersistentVolumeClaim>) => metadata.annotations?.[drainingAnnotation];

/** Whether a broker may go with its volume: it was emptied. */
export function wasEmptied(context: Context<EventCluster>, index: number): boolean {
  const claim = drainingClaim(context, index);
  return claim !== undefined && markOf(claim) === 'empty';
}

async function markAll(
  context: Context<EventCluster>,
  brokers: readonly number[],
  value: (index: number) => Mark,
): Promise<void> {
  const { metadata } = context.object;
  for (const index of brokers) {
    const claim = context.caches.of(persistentVolumeClaims).get(claimKey(metadata, index));
    if (claim && markOf(claim) !== value(index)) await mark(context, claim, value(index));
  }
}

async function mark(
  { client, caches }: Context<EventCluster>,
  claim: Observed<V1PersistentVolumeClaim>,
  value: Mark | null,
): Promise<void> {
  const patch = { metadata: { annotations: { [drainingAnnotation]: value } } };
  const marked = await client.mergePatch(persistentVolumeClaims, keyOf(claim), patch);
  // What is decided next goes by it.
  caches.informer(persistentVolumeClaims)?.observe(marked);
}

/** What brokers answer becomes a condition. */
async function tried<T>(work: () => Promise<T>, describe: (error: ExpectedError) => T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return describe(error as ExpectedError);
  }
}

function restoreProblem(brokers: readonly number[], { message }: ExpectedError): Problem {
  const who = brokers.length === 1 ? `Broker ${brokers[0]} stays` : `Brokers ${brokers.join(', ')} stay`;
  const words = `${who}, but the drain cannot be undone yet: ${message}. The operator keeps trying.`;
  return { reason: 'ScalingDown', message: words, failed: false };
}
