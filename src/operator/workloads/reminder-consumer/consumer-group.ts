import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import type { GroupLook } from '../../../kafka/look-at-group.ts';

/** What the status records of a group. */
export type GroupRecord = NonNullable<NonNullable<ReminderConsumer['status']>['consumerGroup']>;

/** When brokers last had no such group. */
export interface Absence {
  readonly groupId: string;
  readonly clusterId: string;
  /** Of the monotonic clock, in milliseconds. */
  readonly at: number;
}

export interface GroupEvidence {
  readonly groupId: string;
  readonly look: GroupLook;
  /** What the status records now, maybe of another group, or of other brokers. */
  readonly record: GroupRecord | undefined;
  readonly absence: Absence | undefined;
  /** Whether a member with this client id runs in a pod of this resource. */
  readonly isOwnWorker: (clientId: string) => boolean;
  /** Of the monotonic clock, in milliseconds. */
  readonly now: number;
}

export interface GroupKnowledge {
  readonly record: GroupRecord | undefined;
  readonly absence: Absence | undefined;
}

/**
 * How long an absence counts, which is some looks. It is what others would have to come and go in, unseen, for their
 * group to be taken for our own.
 */
export const absenceMilliseconds = 30_000;

/**
 * Decides whether this resource has brought a group into being. Groups have no ids that could tell one from another of
 * the same name, so that the proof is: there was none a moment ago, and now there is one with our own workers in it and
 * nobody else. Whatever falls short of that counts as somebody else's, for as long as the group exists.
 */
export function judgeGroup({ groupId, look, record, absence, isOwnWorker, now }: GroupEvidence): GroupKnowledge {
  const { clusterId, existence, clientIds } = look;
  // Brokers without an id cannot be told from others, so that nothing is ever proved on them.
  if (existence === 'absent') {
    return { record: undefined, absence: clusterId === undefined ? undefined : { groupId, clusterId, at: now } };
  }
  const alone = clientIds.every(isOwnWorker);
  if (record?.id === groupId && record.clusterId === clusterId) {
    return { record: { ...record, created: record.created && alone }, absence: undefined };
  }
  const wasAbsent =
    absence?.groupId === groupId && absence.clusterId === clusterId && now - absence.at < absenceMilliseconds;
  if (wasAbsent && existence === 'bare') return { record: undefined, absence };
  const created = wasAbsent && alone && clientIds.length > 0;
  return { record: { id: groupId, ...(clusterId !== undefined && { clusterId }), created }, absence: undefined };
}
