import { brokersOf, moveBytesPerSecond, type EventCluster } from '../../api/event-cluster.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { brokerTrouble } from '../brokers/broker-errors.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import type { Disks } from './disk-pressure.ts';
import type { BrokerAccess } from './broker-access.ts';
import type { Engine } from './engine.ts';
import type { Members } from './members.ts';
import { describeEmpty, rebalancing, spreadProblem, type SpreadOrder } from './spread.ts';

export interface BrokersSeen {
  /** Brokers that are run: 0 to this - 1. */
  readonly running: number;
  readonly pods: Members['pods'];
  /** Whether all brokers are ready, and none is about to leave. */
  readonly settled: boolean;
}

/** What came of it. */
export interface BrokersOutcome {
  readonly problems: readonly Problem[];
  /** Why a broker is not ready though its pod runs. */
  readonly trouble?: string | undefined;
  /** What is added to the words of a cluster that is ready. */
  readonly notice?: string;
  readonly disks: Disks;
}

/**
 * Brings the cluster's list of brokers up to date, looks at their disks, and spreads replicas over all of them where that
 * is wanted.
 */
export async function lookAfterBrokers(
  cluster: EventCluster,
  engine: Engine,
  { running, pods, settled }: BrokersSeen,
  access: BrokerAccess,
): Promise<BrokersOutcome> {
  try {
    const members = { staying: Math.min(running, brokersOf(cluster.spec)), running, pods };
    const { problem, trouble } = await engine.tidy(cluster, members, access);
    const ready = pods.filter((pod) => pod.ready).map(({ index }) => index);
    const disks = await engine.disks(cluster, ready, access);
    const spread = settled ? await engine.spread(spreadOrder(cluster, running), access) : undefined;
    const problems = [problem, spread && spreadProblem(spread)].filter((each) => each !== undefined);
    return { problems, trouble, notice: describeEmpty(spread), disks };
  } catch (thrown) {
    if (!(thrown instanceof ExpectedError)) throw thrown;
    const error = thrown as ExpectedError;
    return { problems: [{ reason: error.code, message: brokerTrouble(error), failed: false }], disks: new Map() };
  }
}

function spreadOrder({ spec, status }: EventCluster, brokers: number): SpreadOrder {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    brokers,
    wanted: spec.rebalance?.replicas === 'Spread',
    wasMoving: ready?.reason === rebalancing,
    bytesPerSecond: moveBytesPerSecond(spec),
  };
}
