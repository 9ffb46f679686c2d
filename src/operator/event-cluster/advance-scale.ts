import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { brokersOf, type EventCluster } from '../../api/event-cluster.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { persistentVolumeClaims } from '../kinds.ts';
import { keyOf, type Observed } from '../runtime/objects.ts';
import type { Context } from '../runtime/reconcile/controller.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { brokerTrouble } from '../brokers/broker-errors.ts';
import type { BrokerAccess, Engine } from './engine.ts';
import { claimName, indexes } from './names.ts';
import type { RunEngine } from './plan.ts';
import { decideScale, drainProblem, type DrainStep } from './scale.ts';

/** On the volume claim of a broker that is being emptied: noted before anything moves, so that it can be taken back. */
export const drainingAnnotation = 'kafka-events.dev/draining';

export interface ScaleSeen {
  /** Brokers that the StatefulSet runs, undefined before the first start. */
  readonly running: number | undefined;
  /** Whether any of them is ready, and can be asked. */
  readonly anyReady: boolean;
  readonly voters: number;
}

/** How many brokers to run, and what keeps that from being what the spec says. */
export interface ScaleOutcome {
  readonly brokers: number;
  readonly problem: Problem | undefined;
}

/**
 * Takes the next step to the number of brokers that the spec says. In this order, so that the operator can end between
 * any two: a broker that leaves is noted, is emptied, and only then are its pod and its volume removed.
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
    const unrestored = await tried(() => engine.restore(context.object, restored, access));
    if (unrestored) return { brokers, problem: decision.problem ?? restoreProblem(restored, unrestored) };
    for (const index of restored) await note(context, claims.get(index)!, null);
  }
  if (leaving.length === 0) return { brokers, problem: decision.problem };
  if (!anyReady) return { brokers, problem: drainProblem(leaving, unknown('no broker is ready')) };
  for (const index of leaving) {
    const claim = context.caches.of(persistentVolumeClaims).get(claimKey(context.object, index));
    if (claim && !claims.has(index)) await note(context, claim, 'true');
  }
  let drain: DrainStep = unknown('');
  const failure = await tried(async () => {
    drain = await engine.drain(context.object, { leaving, staying: leaving[0]! }, access);
  });
  if (failure) drain = unknown(`the brokers could not be asked to move replicas: ${failure.message}`);
  return { brokers: drain.step === 'empty' ? drain.from : brokers, problem: drainProblem(leaving, drain) };
}

const unknown = (message: string): DrainStep => ({ step: 'moving', message });

const claimKey = ({ metadata }: EventCluster, index: number) => ({
  namespace: metadata.namespace,
  name: claimName(metadata, index),
});

function drainingClaims({ object, caches }: Context<EventCluster>, running: number) {
  const claims = indexes(running).map(
    (index) => [index, caches.of(persistentVolumeClaims).get(claimKey(object, index))] as const,
  );
  return new Map(
    claims.flatMap(([index, claim]) => {
      return claim?.metadata.annotations?.[drainingAnnotation] === 'true' ? [[index, claim] as const] : [];
    }),
  );
}

async function note(
  { client }: Context<EventCluster>,
  claim: Observed<V1PersistentVolumeClaim>,
  value: 'true' | null,
): Promise<void> {
  const patch = { metadata: { annotations: { [drainingAnnotation]: value } } };
  await client.mergePatch(persistentVolumeClaims, keyOf(claim), patch);
}

/** What brokers answer is told in a condition; what the API server answers is not for this file. */
async function tried(work: () => Promise<void>): Promise<ExpectedError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return error as ExpectedError;
  }
}

/** Why the brokers could not be looked after. */
export async function brokersProblem(work: () => Promise<void>): Promise<Problem | undefined> {
  const failure = await tried(work);
  return failure && { reason: failure.code, message: brokerTrouble(failure), failed: false };
}

function restoreProblem(brokers: readonly number[], { message }: ExpectedError): Problem {
  const who = brokers.length === 1 ? `Broker ${brokers[0]} stays` : `Brokers ${brokers.join(', ')} stay`;
  const words = `${who} after all, but what was begun could not be taken back yet: ${message}. The operator keeps trying.`;
  return { reason: 'ScalingDown', message: words, failed: false };
}
