/** A broker's pod, as far as a roll needs to know it. */
export interface BrokerPod {
  readonly index: number;
  readonly ready: boolean;
  /** It can never start as it is: it serves nobody, and waiting does not change that. */
  readonly stuck: boolean;
  /** Made from the StatefulSet's present template, and of a broker that needs no restart for a property. */
  readonly current: boolean;
  /** Its broker needs a restart for a property, or did so before its last start: it has not had the time to say which. */
  readonly unsure: boolean;
  /** On its way out already. */
  readonly ending: boolean;
}

/** What the brokers themselves say; undefined when they cannot be asked. */
export interface BrokerHealth {
  /** The pod's number of the active controller. */
  readonly controllerIndex: number | undefined;
  /** Why no broker at all may go at the moment. */
  readonly unsettled: Cause | undefined;
  /** What a restart of a broker would cost, in words, by the pod's number; those that cost nothing are left out. */
  readonly risks: ReadonlyMap<number, string>;
}

export interface Cause {
  readonly reason: string;
  readonly message: string;
}

/** What a roll does next. `wait` says what for. */
export type RollStep =
  | { readonly step: 'done' }
  | ({ readonly step: 'wait' } & Cause)
  | { readonly step: 'restart'; readonly index: number };

/**
 * One broker at a time, and only when its absence costs nothing: all brokers are there and ready, and the brokers say that
 * all has settled and that this one is not needed. A broker that is not ready may yet serve clients, as its probe flaps:
 * it is left alone, and all others wait for it. Only a pod that can never start goes without asking, for it may be stuck on
 * the very template that was corrected since; and it goes alone, while no other is on its way. When the brokers cannot be
 * asked, none that could serve is restarted.
 */
export function nextRollStep(pods: readonly BrokerPod[], brokers: number, health: BrokerHealth | undefined): RollStep {
  const outdated = pods.filter(({ current }) => !current);
  if (outdated.length === 0) return waitForWord(pods);
  const inMotion = pods.length < brokers || pods.some(({ ending }) => ending);
  const stuck = outdated.find((pod) => pod.stuck && !pod.ready);
  if (stuck && !inMotion) return { step: 'restart', index: stuck.index };
  const away = brokers - pods.filter(serves).length;
  if (away > 0) return wait('BrokersAway', `${away} of ${brokers} brokers are not ready`);
  if (!health) return wait('BrokersUnknown', 'the brokers do not say whether one of them can be restarted');
  if (health.unsettled) return wait(health.unsettled.reason, health.unsettled.message);
  const order = inOrder(outdated, health.controllerIndex);
  const next = order.find((index) => !health.risks.has(index));
  if (next !== undefined) return { step: 'restart', index: next };
  return wait('BrokerNeeded', `restarting broker ${order[0]} now would cost ${health.risks.get(order[0]!)}`);
}

function waitForWord(pods: readonly BrokerPod[]): RollStep {
  const unsure = pods.find((pod) => pod.unsure);
  if (!unsure) return { step: 'done' };
  return wait('RestartUnsure', `broker ${unsure.index} started a moment ago, and may have to restart for a property`);
}

const serves = ({ ready, ending }: BrokerPod) => ready && !ending;

/** From the last to the first, as a StatefulSet does, and the active controller at the end: it moves only once. */
function inOrder(outdated: readonly BrokerPod[], controllerIndex: number | undefined): number[] {
  const order = outdated.map(({ index }) => index).sort((a, b) => b - a);
  return [...order.filter((index) => index !== controllerIndex), ...order.filter((index) => index === controllerIndex)];
}

/** @param what is waited for, in words that go on from `Waiting to roll out a change:` */
export const wait = (reason: string, what: string): RollStep => ({
  step: 'wait',
  reason,
  message: `Waiting to roll out a change: ${what}.`,
});
