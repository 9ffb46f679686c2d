import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import type { KafkaConnection } from '../../../kafka/connection.ts';
import { isRetryable, toError } from '../../../lib/errors.ts';
import type { Brokers } from '../../brokers/brokers.ts';
import { clusterKey, seeCluster } from '../../brokers/cluster-access.ts';
import { clustersWithSameBrokers } from '../../brokers/same-brokers.ts';
import { deployments, reminderConsumers } from '../../kinds.ts';
import { podsOf } from '../../pods/pods.ts';
import type { Caches } from '../../runtime/cache/caches.ts';
import { keyOf, keyText } from '../../runtime/objects.ts';
import type { Context, Finalizer, Waiting } from '../../runtime/reconcile/controller.ts';
import { ownDeployment } from '../deployment.ts';
import { operatorConnection, seeRequirements } from '../requirements.ts';
import type { GroupKeeper } from './group-keeper.ts';
import { component, groupId } from './names.ts';
import type { ReplicaScaler } from './scaling.ts';

type ConsumerContext = Context<ReminderConsumer>;

/** The longest that a consumer group that cannot be removed keeps its resource: an unused group costs next to nothing. */
const patienceMilliseconds = 60_000;

/**
 * Removes the consumer group, which the brokers would otherwise keep for days, with its place in the topics. A group that
 * this resource did not create, or that somebody else uses, stays.
 */
export function groupFinalizer(
  brokers: Brokers,
  scaler: ReplicaScaler,
  keeper: GroupKeeper,
): Finalizer<ReminderConsumer> {
  return {
    needed: () => true,
    finalize: async (context) => {
      const waiting = await removeGroup(context, brokers, keeper);
      if (!waiting) {
        scaler.forget(keyOf(context.object));
        keeper.forget(context.object);
      }
      return waiting;
    },
  };
}

async function removeGroup(
  context: ConsumerContext,
  brokers: Brokers,
  keeper: GroupKeeper,
): Promise<Waiting | undefined> {
  const { object, caches } = context;
  const record = object.status?.consumerGroup;
  // Workers that never started have left nothing behind.
  if (!record && !ownDeployment(context)) return undefined;
  if (record?.id === groupId(object) && !record.created) return keep(context, notOurs);
  const other = otherUser(object, caches);
  if (other) return keep(context, `${describeOther(object, other)} also uses it`);
  const connection = operatorConnection(seeRequirements(object, caches, []), caches);
  if (!connection) return leave(context, 'its cluster is not available');
  try {
    return await removeOwnGroup(context, brokers, connection, keeper);
  } catch (error) {
    if (isRetryable(error)) return wait(context, toError(error).message);
    return leave(context, toError(error).message);
  }
}

const notOurs = 'it existed before this resource used it, or others have joined it';

async function removeOwnGroup(
  context: ConsumerContext,
  brokers: Brokers,
  connection: KafkaConnection,
  keeper: GroupKeeper,
): Promise<Waiting | undefined> {
  const { object, caches, client } = context;
  const id = groupId(object);
  const look = await brokers.lookAtGroup(connection, id);
  if (look.existence === 'absent') return undefined;
  const deployment = ownDeployment(context);
  // Whoever is in it after the workers were told to stop cannot be told from a worker that is still leaving.
  if (!deployment && look.clientIds.length > 0) return wait(context, 'it still has members');
  if (!keeper.record(context, look, deployment)?.created) return keep(context, notOurs);
  // Before the garbage collector does: a group can be removed only when nobody is in it.
  if (deployment) await client.delete(deployments, keyOf(deployment));
  if (podsOf(caches, component, object.metadata).length > 0) return wait(context, 'its workers are still stopping');
  await brokers.deleteGroup(connection, id);
  return undefined;
}

/** Another resource that names the same group of the same brokers, in whatever namespace. */
function otherUser(consumer: ReminderConsumer, caches: Caches): ReminderConsumer | undefined {
  const users = clustersWithSameBrokers(clusterKey(consumer), caches).flatMap((cluster) =>
    caches.of(reminderConsumers).by(groupIndex, groupIndexValue(keyText(cluster), groupId(consumer))),
  );
  // Namespaces that the cluster does not allow have no workers in it, whatever they name.
  return users.find(
    (user) =>
      user.metadata.uid !== consumer.metadata.uid &&
      user.metadata.deletionTimestamp === undefined &&
      seeCluster(user, caches).cluster !== undefined,
  );
}

const groupIndexValue = (cluster: string, group: string) => `${cluster}/${group}`;
const groupIndex = (consumer: ReminderConsumer) => [groupIndexValue(keyText(clusterKey(consumer)), groupId(consumer))];

/** What is in another namespace is not for everybody to know. */
function describeOther({ metadata }: ReminderConsumer, other: ReminderConsumer): string {
  const { namespace, name } = other.metadata;
  return namespace === metadata.namespace ? `ReminderConsumer ${name}` : 'a ReminderConsumer of another namespace';
}

function wait(context: ConsumerContext, why: string): Waiting | undefined {
  const { object, deletedForMilliseconds } = context;
  if (deletedForMilliseconds >= patienceMilliseconds) return leave(context, why);
  return {
    reason: 'RemovingGroup',
    message: `Consumer group ${groupId(object)} cannot be removed yet: ${why}.`,
    requeueAfterMilliseconds: 2_000,
  };
}

/** It is somebody else's, so that it has to stay. */
function keep({ object, event }: ConsumerContext, why: string): undefined {
  event('Normal', 'GroupKept', `Consumer group ${groupId(object)} stays on the brokers: ${why}.`);
}

/** It should go, or may have to, and somebody has to see to that. */
function leave({ object, event }: ConsumerContext, why: string): undefined {
  const group = groupId(object);
  event(
    'Warning',
    'GroupLeftBehind',
    `Consumer group ${group} stays on the brokers: ${why}. Delete it if it is no longer needed.`,
  );
}
