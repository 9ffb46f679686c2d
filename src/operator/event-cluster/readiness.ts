import type { ExtraCondition } from '../runtime/reconcile/conditions.ts';
import { evaluate, type Check, type Problem, type Readiness } from '../runtime/reconcile/readiness.ts';
import { brokerTrouble } from '../brokers/broker-errors.ts';
import type { BrokerView } from './broker-view.ts';
import type { RollStep } from './roll.ts';

/** What was seen of a cluster that the operator runs. */
export interface ClusterSeen {
  readonly brokers: { readonly desired: number; readonly ready: number };
  /** What keeps a pod from running, in words; undefined when nothing does. */
  readonly podTrouble: string | undefined;
  /** Undefined while no broker is ready and nobody was asked. */
  readonly view: BrokerView | undefined;
  readonly roll: RollStep;
  /** What is added to the words of a cluster that is ready; nothing where it is undefined. */
  readonly notice?: string | undefined;
  /** What the spec asks for and is refused. */
  readonly refusals: readonly Problem[];
}

/** From cause to effect; what is refused comes last, for the cluster works without it. */
const checks: readonly Check<ClusterSeen>[] = [brokersReady, brokersAnswer, brokersJoined, rolledOut, nothingRefused];

export function clusterReadiness(seen: ClusterSeen): Readiness {
  return evaluate(checks, seen, {
    reason: 'BrokersReady',
    message: `${count(seen.brokers.desired)} ready.${seen.notice ?? ''}`,
  });
}

function brokersReady({ brokers, podTrouble, roll }: ClusterSeen): Problem | undefined {
  const { desired, ready } = brokers;
  if (ready >= desired) return undefined;
  // The one that is away was restarted, and comes back.
  if (roll.step !== 'done' && !podTrouble && ready === desired - 1) return rolledOut({ roll });
  const counts = `${ready} of ${count(desired)} ready.`;
  if (!podTrouble) return { reason: 'BrokersStarting', message: counts, failed: false };
  // Another reason, so that trouble in pods that have been starting for a while is an Event, and a Warning.
  return { reason: 'BrokersFailing', message: `${counts} ${podTrouble}`, failed: false, needsPerson: true };
}

function brokersAnswer({ view }: Pick<ClusterSeen, 'view'>): Problem | undefined {
  if (!view || view.answered) return undefined;
  return { reason: view.error.code, message: brokerTrouble(view.error), failed: !view.error.retryable };
}

function brokersJoined({ brokers, view }: ClusterSeen): Problem | undefined {
  if (!view?.answered || view.brokers.length >= brokers.desired) return undefined;
  const message = `${view.brokers.length} of ${count(brokers.desired)} members of the cluster.`;
  return { reason: 'BrokersJoining', message, failed: false };
}

function rolledOut({ roll }: Pick<ClusterSeen, 'roll'>): Problem | undefined {
  if (roll.step === 'done') return undefined;
  const message = roll.step === 'restart' ? `Restarting broker ${roll.index} to roll out a change.` : roll.message;
  return { reason: 'RollingOut', message, failed: false };
}

function nothingRefused({ refusals }: ClusterSeen): Problem | undefined {
  return refusals[0];
}

/** A cluster that somebody else runs is ready when it answers. */
export function externalReadiness(view: BrokerView): Readiness {
  const members = view.answered ? view.brokers.length : 0;
  const ready = { reason: 'BrokersReachable', message: `${count(members)} reachable.` };
  const readiness = evaluate([brokersAnswer], { view }, ready);
  // Nobody here restarts them.
  return readiness.ready ? readiness : { ...readiness, needsPerson: true };
}

/** Whether clients are served: unlike Ready, it does not care about a change that is under way, or refused. */
export function availableCondition(view: BrokerView | undefined): ExtraCondition {
  // Brokers that do not let this user describe the cluster do answer, and may well let it keep topics.
  if (view?.answered || view?.error.code === 'NotAuthorized') {
    return { type: 'Available', status: 'True', reason: 'BrokersAnswer', message: 'Brokers answer.' };
  }
  if (!view) return { type: 'Available', status: 'False', reason: 'BrokersStarting', message: 'No broker is ready.' };
  return { type: 'Available', status: 'False', reason: view.error.code, message: brokerTrouble(view.error) };
}

const count = (brokers: number) => (brokers === 1 ? '1 broker is' : `${brokers} brokers are`);
