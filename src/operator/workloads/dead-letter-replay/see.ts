import type { V1Job } from '@kubernetes/client-node';
import type { DeadLetterReplay } from '../../../api/dead-letter-replay.ts';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { jobs, reminderConsumers } from '../../kinds.ts';
import type { Caches } from '../../runtime/cache/caches.ts';
import { controllerOf, keyOf, type Key, type Observed } from '../../runtime/objects.ts';
import type { Context } from '../../runtime/reconcile/controller.ts';
import type { SeenUser } from '../kafka-user.ts';
import { seeRequirements, type Requirements } from '../requirements.ts';

export function consumerKey({ metadata, spec }: DeadLetterReplay): Key {
  return { namespace: metadata.namespace, name: spec.consumerRef.name };
}

export function consumerOf(replay: DeadLetterReplay, caches: Caches): ReminderConsumer | undefined {
  return caches.of(reminderConsumers).get(consumerKey(replay));
}

/** What its pods need, which are the brokers of its consumer, from its own namespace; undefined without a consumer. */
export function replayRequirements(
  replay: DeadLetterReplay,
  caches: Caches,
  user?: SeenUser,
): Requirements | undefined {
  const consumer = consumerOf(replay, caches);
  if (!consumer) return undefined;
  const { clusterRef } = consumer.spec;
  return seeRequirements({ metadata: replay.metadata, spec: { clusterRef } }, caches, [], user);
}

/** The Job as it is now; one that somebody else made under the resource's name is not it. */
export function ownJob({
  object,
  caches,
}: Pick<Context<DeadLetterReplay>, 'object' | 'caches'>): Observed<V1Job> | undefined {
  const job = caches.of(jobs).get(keyOf(object));
  return job && controllerOf(job)?.uid === object.metadata.uid ? job : undefined;
}
