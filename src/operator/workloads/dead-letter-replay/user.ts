import type { DeadLetterReplay } from '../../../api/dead-letter-replay.ts';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import type { WorkloadUser } from '../kafka-user.ts';
import { component, replayId } from './names.ts';
import { topicsOf } from './topics.ts';

/** It reads dead letters and writes them back, with its place in them, in transactions of its own. */
export function replayUser(replay: DeadLetterReplay, consumer: ReminderConsumer): WorkloadUser {
  const { deadLetterTopic, topics } = topicsOf(replay, consumer);
  const id = replayId(replay);
  return {
    ...{ component, instance: replay.metadata, clusterRef: consumer.spec.clusterRef },
    access: [
      { topic: deadLetterTopic, allow: 'Read' },
      ...(replay.spec.dryRun ? [] : topics.map((topic) => ({ topic, allow: 'Write' as const }))),
      { group: id, allow: 'Read' },
      { transactionalId: id, allow: 'Write' },
    ],
    describesConfigsOf: [],
  };
}
