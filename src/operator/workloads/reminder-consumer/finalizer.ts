import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { isRetryable, toError } from '../../../lib/errors.ts';
import type { Context, Finalizer, Waiting } from '../../runtime/reconcile/controller.ts';
import { deployments } from '../../kinds.ts';
import { controllerOf, keyOf } from '../../runtime/objects.ts';
import type { Brokers } from '../../brokers/brokers.ts';
import { podsOf } from '../../pods/pods.ts';
import { operatorConnection, seeRequirements } from '../requirements.ts';
import { component, groupId } from './names.ts';
import type { ReplicaScaler } from './replica-scaler.ts';

/** The longest that a consumer group that cannot be removed keeps its resource: an unused group costs next to nothing. */
const patienceMilliseconds = 60_000;

/** Removes the consumer group, which the brokers would otherwise keep for days, with its place in the topics. */
export function groupFinalizer(brokers: Brokers, scaler: ReplicaScaler): Finalizer<ReminderConsumer> {
  return {
    needed: () => true,
    finalize: async (context) => {
      const waiting = await removeGroup(context, brokers);
      if (!waiting) scaler.forget(keyOf(context.object));
      return waiting;
    },
  };
}

async function removeGroup(context: Context<ReminderConsumer>, brokers: Brokers): Promise<Waiting | undefined> {
  const { object, caches } = context;
  const group = groupId(object);
  const requirements = seeRequirements(object, caches, []);
  const connection = operatorConnection(requirements, caches);
  if (!connection) {
    context.event(
      'Warning',
      'GroupLeftBehind',
      `Consumer group ${group} stays on the brokers: its cluster is not available.`,
    );
    return undefined;
  }
  await stopWorkers(context);
  if (podsOf(caches, component, object.metadata).length > 0) return wait(context, 'its workers are stopping');
  try {
    await brokers.deleteGroup(connection, group);
    return undefined;
  } catch (error) {
    if (isRetryable(error)) return wait(context, toError(error).message);
    context.event(
      'Warning',
      'GroupLeftBehind',
      `Consumer group ${group} stays on the brokers: ${toError(error).message}`,
    );
    return undefined;
  }
}

/** Before the garbage collector does: a group can be removed only when nobody is in it. */
async function stopWorkers({ object, caches, client }: Context<ReminderConsumer>): Promise<void> {
  const deployment = caches.of(deployments).get(keyOf(object));
  const ours = deployment && controllerOf(deployment)?.uid === object.metadata.uid;
  if (ours) await client.delete(deployments, keyOf(deployment));
}

function wait(context: Context<ReminderConsumer>, why: string): Waiting | undefined {
  const { object, deletedForMilliseconds } = context;
  const group = groupId(object);
  if (deletedForMilliseconds < patienceMilliseconds) {
    return {
      reason: 'RemovingGroup',
      message: `Consumer group ${group} is removed once ${why}.`,
      requeueAfterMilliseconds: 2_000,
    };
  }
  context.event('Warning', 'GroupLeftBehind', `Consumer group ${group} stays on the brokers: ${why}.`);
  return undefined;
}
