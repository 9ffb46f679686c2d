import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import type { KafkaConnection } from '../../../kafka/connection.ts';
import type { GroupLook } from '../../../kafka/look-at-group.ts';
import { answerOf, refusalOf, type Answer } from '../../brokers/answer.ts';
import type { Brokers, GroupLag } from '../../brokers/brokers.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { deadLetterTopic, groupId } from './names.ts';

/** How the workers get on, as the brokers tell it. What they do not tell is unknown, which is not the same as none. */
export interface Observation {
  readonly group: Answer<GroupLook>;
  readonly lag: GroupLag | undefined;
  readonly deadLetters: number | undefined;
  readonly refusals: readonly (Problem | undefined)[];
}

/** Asks for each thing by itself: a user that may not read the one may still read the others. */
export async function observe(
  { brokers, connection }: { readonly brokers: Brokers; readonly connection: KafkaConnection },
  consumer: ReminderConsumer,
): Promise<Observation> {
  const { topics } = consumer.spec;
  const [id, dead] = [groupId(consumer), deadLetterTopic(consumer)];
  const [group, lag, deadLetters] = await Promise.all([
    answerOf(brokers.lookAtGroup(connection, id)),
    answerOf(brokers.groupLag(connection, id, topics)),
    answerOf(brokers.messageCount(connection, dead)),
  ]);
  return {
    group,
    lag: lag.value,
    deadLetters: deadLetters.value,
    refusals: [
      refusalOf(group, { subject: 'The state of the consumer group', rights: `Describe on group ${id}` }),
      refusalOf(lag, { subject: 'The lag', rights: `Describe on group ${id} and on topics ${topics.join(', ')}` }),
      refusalOf(deadLetters, { subject: 'The number of dead letters', rights: `Describe on topic ${dead}` }),
    ],
  };
}
