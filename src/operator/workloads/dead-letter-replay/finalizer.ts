import type { DeadLetterReplay } from '../../../api/dead-letter-replay.ts';
import { isRetryable, toError } from '../../../lib/errors.ts';
import type { Brokers } from '../../brokers/brokers.ts';
import { jobs } from '../../kinds.ts';
import { podsOf } from '../../pods/pods.ts';
import { keyOf } from '../../runtime/objects.ts';
import type { Context, Finalizer, Waiting } from '../../runtime/reconcile/controller.ts';
import { operatorConnection } from '../requirements.ts';
import { component, replayId } from './names.ts';
import { ownJob, replayRequirements } from './see.ts';

/** The longest that a consumer group that cannot be removed keeps its resource: an unused group costs next to nothing. */
const patienceMilliseconds = 60_000;

/** Ends the replay, and removes the consumer group that notes how far it was. */
export function replayFinalizer(brokers: Brokers): Finalizer<DeadLetterReplay> {
  return {
    needed: () => true,
    finalize: (context) => removeGroup(context, brokers),
  };
}

async function removeGroup(context: Context<DeadLetterReplay>, brokers: Brokers): Promise<Waiting | undefined> {
  const { object, caches, client } = context;
  const job = ownJob(context);
  if (job) await client.delete(jobs, keyOf(job), { uid: job.metadata.uid, propagationPolicy: 'Background' });
  // A pod that still runs would make the group anew.
  if (podsOf(caches, component, object.metadata).length > 0) return wait(context, 'its pod is stopping');
  if (object.spec.dryRun) return undefined;
  const requirements = replayRequirements(object, caches);
  const connection = requirements && operatorConnection(requirements, caches);
  if (!connection) return leave(context, 'its cluster is not available');
  try {
    await brokers.deleteGroup(connection, replayId(object));
    return undefined;
  } catch (error) {
    const why = toError(error).message;
    return isRetryable(error) ? wait(context, why) : leave(context, why);
  }
}

function wait(context: Context<DeadLetterReplay>, why: string): Waiting | undefined {
  if (context.deletedForMilliseconds >= patienceMilliseconds) return leave(context, why);
  const message = `Consumer group ${replayId(context.object)} cannot be removed yet: ${why}.`;
  return { reason: 'RemovingGroup', message, requeueAfterMilliseconds: 2_000 };
}

function leave({ object, event }: Context<DeadLetterReplay>, why: string): undefined {
  event('Warning', 'GroupLeftBehind', `Consumer group ${replayId(object)} stays on the brokers: ${why}. Delete it.`);
}
