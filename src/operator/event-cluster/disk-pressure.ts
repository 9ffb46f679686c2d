import type { BrokerDisk } from '../../kafka/protocol/describe-log-dirs.ts';
import { gibibyte } from '../pods/quantity.ts';
import type { EventCluster } from '../../api/event-cluster.ts';
import type { Context } from '../runtime/reconcile/controller.ts';
import type { ExtraCondition } from '../runtime/reconcile/conditions.ts';

/** By the number of the broker's pod; of those that are away, nothing is known. */
export type Disks = ReadonlyMap<number, BrokerDisk>;

/** With less than this left, a person has to act: a broker whose disk is full ends. */
const leastFreePercent = 15;

/** Names the broker that has the least left, before its disk is full. */
export function diskCondition(disks: Disks): ExtraCondition {
  const type = 'DiskPressure';
  const [fullest] = [...disks].toSorted(([, one], [, other]) => freeShare(one) - freeShare(other));
  if (!fullest) {
    const message = 'No broker says how much space it has left.';
    return { type, status: 'Unknown', reason: 'DisksUnknown', message };
  }
  const [broker, disk] = fullest;
  const percent = Math.floor(freeShare(disk) * 100);
  if (!isFillingUp(disk)) {
    // Nothing that changes as disks fill: each change of a status is a write.
    const message = `Each broker has ${leastFreePercent} % of its disk left, or more.`;
    return { type, status: 'False', reason: 'SpaceLeft', message };
  }
  const message =
    `Broker ${broker} has ${percent} % of its disk left, which has ${(disk.totalBytes / gibibyte).toFixed(1)} GiB. ` +
    `Raise spec.storage.size, or keep less: lower the retention of topics.`;
  return { type, status: 'True', reason: 'DiskFillingUp', message };
}

/** An Event when a disk begins to fill up: whoever watches Events sees it, too. */
export function announcePressure(
  { object, event }: Context<EventCluster>,
  { type, status, reason, message }: ExtraCondition,
) {
  const before = object.status?.conditions?.find((condition) => condition.type === type);
  if (status === 'True' && before?.status !== 'True') event('Warning', reason, message);
}

/** Whether it has too little left. */
export const isFillingUp = (disk: BrokerDisk) => freeShare(disk) * 100 < leastFreePercent;

const freeShare = ({ usableBytes, totalBytes }: BrokerDisk) => usableBytes / totalBytes;
