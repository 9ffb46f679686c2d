import type { EventCluster } from '../../api/event-cluster.ts';
import type { EventUser, UserAccess } from '../../api/event-user.ts';
import { apiVersion } from '../../api/resource.ts';
import type { ClusterRef } from '../../api/shared.ts';
import { applyOwned } from '../apply-owned.ts';
import { asksForUsers } from '../brokers/client-access.ts';
import { clusterKey, seeCluster } from '../brokers/cluster-access.ts';
import { eventUsers } from '../kinds.ts';
import { objectLabels } from '../pods/labels.ts';
import { controllerOf, keyText, type Key, type Manifest } from '../runtime/objects.ts';
import type { Context, Managed } from '../runtime/reconcile/controller.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';

/** The user that the pods of a workload connect as, where brokers ask for one. */
export interface WorkloadUser {
  /** The label that tells its pods from others'. */
  readonly component: string;
  /** The resource that it is for. */
  readonly instance: Key;
  readonly clusterRef: ClusterRef;
  /** The least that the program needs. */
  readonly access: readonly Omit<UserAccess, 'host'>[];
  /** Topics whose limits it reads. */
  readonly describesConfigsOf: readonly string[];
}

/** The user as it is now, if there is one. */
export interface SeenUser {
  readonly key: Key;
  readonly user: EventUser | undefined;
}

/** The EventUser, and its Secret. Neither a kind's nor a user's own names have a dot after the kind. */
export const userKey = ({ component, instance }: Pick<WorkloadUser, 'component' | 'instance'>): Key => ({
  namespace: instance.namespace,
  name: `${component}.${instance.name}`,
});

/**
 * Declares the user of a workload where its brokers ask for one, so that users remain the work of one controller.
 *
 * @throws {ExpectedError} NameTaken
 */
export async function keepUser(context: Context<Managed>, wanted: WorkloadUser): Promise<SeenUser | undefined> {
  const { object, caches } = context;
  const { namespace } = object.metadata;
  const { cluster } = seeCluster({ metadata: { namespace }, spec: wanted }, caches);
  if (!cluster || cluster.metadata.deletionTimestamp !== undefined) return undefined;
  if (!needsUser(cluster)) {
    // It is of a cluster that the workload has left.
    await removeUser(context, wanted);
    return undefined;
  }
  const key = userKey(wanted);
  const present = caches.of(eventUsers).get(key);
  const isOfAnother = present && keyText(clusterKey(present)) !== keyText({ ...cluster.metadata });
  // It cannot move to another cluster. Its end calls again.
  if (isOfAnother) await removeUser(context, wanted);
  // Nor can its reference to the same cluster be put in other words.
  else
    await applyOwned(
      context,
      eventUsers,
      userManifest({ ...wanted, ...(present && { clusterRef: present.spec.clusterRef }) }),
    );
  return { key, user: isOfAnother ? undefined : caches.of(eventUsers).get(key) };
}

/** Brokers that somebody else runs have users that somebody else makes. */
const needsUser = (cluster: EventCluster) => cluster.spec.engine !== 'External' && asksForUsers(cluster);

/** For pods that are no more; one that somebody else made stays. */
export async function removeUser(
  { object, caches, client }: Pick<Context<Managed>, 'object' | 'caches' | 'client'>,
  wanted: Pick<WorkloadUser, 'component' | 'instance'>,
): Promise<void> {
  const present = caches.of(eventUsers).get(userKey(wanted));
  if (!present || controllerOf(present)?.uid !== object.metadata.uid) return;
  if (present.metadata.deletionTimestamp !== undefined) return;
  await client.delete(eventUsers, userKey(wanted), { uid: present.metadata.uid });
}

/** As brokers of its cluster are to know it. */
export function userManifest(wanted: WorkloadUser): Manifest {
  const { component, instance, clusterRef, access, describesConfigsOf } = wanted;
  const eventUser = {
    apiVersion,
    kind: 'EventUser',
    metadata: { ...userKey(wanted), labels: objectLabels(component, instance.name) },
    spec: {
      clusterRef,
      userName: `${component}.${instance.namespace}.${instance.name}`,
      access,
      acls: describesConfigsOf.map((name) => ({ resource: 'Topic', name, operations: ['DescribeConfigs'] })),
    },
  };
  return eventUser;
}

/** Pods that start before the user is made would be refused by the brokers. */
export function userMade({ user }: { readonly user?: SeenUser | undefined }): Problem | undefined {
  return user && user.user?.status?.secretName === undefined ? notReady(user) : undefined;
}

export function userReady({ user }: { readonly user?: SeenUser | undefined }): Problem | undefined {
  return user && readyCondition(user)?.status !== 'True' ? notReady(user) : undefined;
}

function notReady(seen: SeenUser): Problem {
  const why = readyCondition(seen)?.message ?? 'it is new.';
  const { name, namespace } = seen.key;
  return { reason: 'UserNotReady', message: `EventUser ${namespace}/${name} is not ready: ${why}`, failed: false };
}

const readyCondition = ({ user }: SeenUser) => user?.status?.conditions?.find(({ type }) => type === 'Ready');
