import type { V1Deployment } from '@kubernetes/client-node';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import type { GroupLook } from '../../../kafka/look-at-group.ts';
import { replicaSetsOf } from '../../pods/pods.ts';
import type { Caches } from '../../runtime/cache/caches.ts';
import type { Observed } from '../../runtime/objects.ts';
import type { Context } from '../../runtime/reconcile/controller.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import type { ExpectedError } from '../../../lib/errors.ts';
import type { Answer } from '../../brokers/answer.ts';
import { judgeGroup, type Absence, type GroupRecord } from './consumer-group.ts';
import { groupId } from './names.ts';

/**
 * The longest that first workers wait for somebody to look whether their group exists already: brokers that start with
 * them need a minute or two, and some never answer the operator.
 */
export const patienceMilliseconds = 5 * 60_000;

interface Memory {
  /** The last one, which the status has not got yet where the resource is deleted at once. */
  readonly record?: GroupRecord | undefined;
  readonly absence?: Absence | undefined;
  /** Since when workers wait for the first look. */
  readonly waitingSince?: number | undefined;
}

/** Keeps track of each consumer's group from before its workers start. An operator that restarts begins anew. */
export class GroupKeeper {
  /** By uid: a later resource of the same name has nothing to do with it. */
  readonly #memories = new Map<string, Memory>();

  /**
   * What to record after a look; without one, what is known of the same group stays.
   *
   * @param deployment that runs the workers
   */
  record(
    { object, caches, clock, event }: Context<ReminderConsumer>,
    look: GroupLook | undefined,
    deployment: Observed<V1Deployment> | undefined,
  ): GroupRecord | undefined {
    const { uid } = object.metadata;
    const memory = this.#memories.get(uid);
    // What this process knows is newer, even when it is that there is no group any more.
    const before = memory ? memory.record : object.status?.consumerGroup;
    const id = groupId(object);
    const known = { record: before?.id === id ? before : undefined, absence: memory?.absence };
    const isOwnWorker = ownWorkers(caches, deployment);
    const after = look ? judgeGroup({ groupId: id, look, ...known, isOwnWorker, now: clock.monotonic() }) : known;
    this.#memories.set(uid, { ...memory, ...after });
    if (before?.created) announceLoss(event, before, id, look, after.record);
    return after.record;
  }

  /** Why the first workers are not started yet: with them in it, nobody can tell any more whether the group was there. */
  hold(
    { object, clock }: Context<ReminderConsumer>,
    group: Answer<GroupLook> | undefined,
    deployment: Observed<V1Deployment> | undefined,
  ): Problem | undefined {
    const memory = this.#memories.get(object.metadata.uid);
    const isAnswered = group?.value !== undefined || group?.error?.retryable === false;
    if (deployment || isAnswered) {
      this.#memories.set(object.metadata.uid, { ...memory, waitingSince: undefined });
      return undefined;
    }
    const now = clock.monotonic();
    const { waitingSince = now } = memory ?? {};
    this.#memories.set(object.metadata.uid, { ...memory, waitingSince });
    return now - waitingSince < patienceMilliseconds ? notObserved(groupId(object), group?.error) : undefined;
  }

  forget({ metadata }: ReminderConsumer): void {
    this.#memories.delete(metadata.uid);
  }
}

function notObserved(id: string, error: ExpectedError | undefined): Problem {
  const minutes = patienceMilliseconds / 60_000;
  const condition = `the brokers have answered whether consumer group ${id} exists, or after ${minutes} minutes`;
  const why = error ? `: ${error.message.replace(/\.$/, '')}` : '';
  return { reason: 'GroupNotObserved', message: `Workers start when ${condition}${why}.`, failed: false };
}

/** A worker calls itself by the name of its pod, which begins with that of a ReplicaSet of the Deployment. */
export function ownWorkers(
  caches: Caches,
  deployment: Observed<V1Deployment> | undefined,
): (clientId: string) => boolean {
  const replicaSets = deployment ? replicaSetsOf(caches, deployment.metadata.uid) : [];
  return (clientId) => replicaSets.some(({ metadata }) => clientId.startsWith(`${metadata.name}-`));
}

/** Tells of a group that was this resource's, and is not any more. One that brokers no longer have is no loss. */
function announceLoss(
  event: Context<ReminderConsumer>['event'],
  before: GroupRecord,
  id: string,
  look: GroupLook | undefined,
  after: GroupRecord | undefined,
): void {
  if (before.id !== id || (look && look.clusterId !== before.clusterId)) {
    const message = `This resource no longer uses consumer group ${before.id}, which stays on its brokers.`;
    event('Normal', 'GroupKept', message);
  } else if (after?.created === false) {
    const message = `Others have joined consumer group ${id}: it will stay when this resource is deleted.`;
    event('Normal', 'GroupShared', message);
  }
}
