/** A broker's pod, as far as a roll needs to know it. */
export interface BrokerPod {
  readonly index: number;
  readonly ready: boolean;
  /** Has come up since its container began: it may serve clients although it is not ready at the moment. */
  readonly started: boolean;
  /** Made from the StatefulSet's present template. */
  readonly current: boolean;
  /** On its way out already. */
  readonly ending: boolean;
}

/** What the brokers themselves say; undefined when they cannot be asked. */
export interface BrokerHealth {
  /** The pod's number of the active controller. */
  readonly controllerIndex: number | undefined;
  readonly underReplicatedPartitions: number;
}

/** What a roll does next. `wait` says what for. */
export type RollStep =
  | { readonly step: 'done' }
  | { readonly step: 'wait'; readonly reason: string; readonly message: string }
  | { readonly step: 'restart'; readonly index: number };

/**
 * One broker at a time, and only when its absence costs nothing: all brokers are there, and every partition has all its
 * replicas in step. Nobody is asked about a broker that is down anyway, because it may be down for the very template that
 * has been corrected since: one that never came up serves nobody, whoever else is away; one that did may only have a
 * probe that flaps, so it waits for the others. When the brokers cannot be asked, nothing that is ready is restarted.
 */
export function nextRollStep(pods: readonly BrokerPod[], brokers: number, health: BrokerHealth | undefined): RollStep {
  const outdated = pods.filter(({ current }) => !current);
  if (outdated.length === 0) return { step: 'done' };
  const away = brokers - pods.filter(serves).length;
  const down = outdated.filter((pod) => !pod.ready && !pod.ending);
  const broken = down.find(({ started }) => !started) ?? (away === 1 ? down[0] : undefined);
  if (broken) return { step: 'restart', index: broken.index };
  if (away > 0) return wait('BrokersAway', `${away} of ${brokers} brokers are not ready`);
  if (!health) return wait('BrokersUnknown', 'the brokers cannot be asked whether all replicas are in step');
  const { underReplicatedPartitions } = health;
  if (underReplicatedPartitions > 0) {
    return wait('UnderReplicated', `${underReplicatedPartitions} partitions have replicas that are not in step`);
  }
  return { step: 'restart', index: firstToGo(outdated, health.controllerIndex) };
}

const serves = ({ ready, ending }: BrokerPod) => ready && !ending;

/** From the last to the first, as a StatefulSet does, and the active controller at the end: it moves only once. */
function firstToGo(outdated: readonly BrokerPod[], controllerIndex: number | undefined): number {
  const order = outdated.map(({ index }) => index).sort((a, b) => b - a);
  return order.find((index) => index !== controllerIndex) ?? order[0]!;
}

const wait = (reason: string, what: string): RollStep => ({
  step: 'wait',
  reason,
  message: `A change waits to be rolled out: ${what}.`,
});
