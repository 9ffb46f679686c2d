import { describeDifferences } from './compare.ts';
import { isInternal } from './plan.ts';
import { idOf, topicName } from './topic-index.ts';
import type { ActedTopic, PlannedTopic } from './topic-work.ts';

/** An Event about a topic that was just created, though it once was. */
export function announceLost({ context, topic, wasCreated }: ActedTopic): void {
  if (!wasCreated || topic.status?.managedTopicId === undefined) return;
  if (topic.spec.managementPolicy !== 'Manage') return;
  const name = topicName(topic);
  context.event('Warning', 'TopicLost', `Topic ${name} was deleted outside the operator and re-created empty.`);
}

/** Events about what others did to the topic: it was there before us, or is not what we left. */
export function announceFound({ context, topic, found, plan }: PlannedTopic): void {
  const name = topicName(topic);
  if (!found || found instanceof Error || isInternal(name, found)) return;
  if (topic.spec.managementPolicy !== 'Manage') return;
  const { managedTopicId } = topic.status ?? {};
  const differs =
    plan.differences.length === 0 ? 'It already has these values.' : `${describeDifferences(plan.differences)}.`;
  if (managedTopicId === undefined) {
    context.event('Normal', 'TopicAdopted', `Topic ${name} already exists and is now managed. ${differs}`);
  } else if (managedTopicId !== idOf(found)) {
    context.event(
      'Warning',
      'TopicReplaced',
      `Topic ${name} was deleted and re-created outside the operator. ${differs}`,
    );
  } else if (plan.differences.length > 0 && wasReady(topic)) {
    context.event('Normal', 'DriftFound', `Topic ${name} was changed outside the operator: ${differs}`);
  }
}

/** Nothing was left to do for this very spec: what differs now, somebody else has changed. */
function wasReady({ metadata, status }: PlannedTopic['topic']): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' && status?.observedGeneration === metadata.generation;
}
