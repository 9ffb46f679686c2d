import type { TopicDifference } from '../../api/event-topic.ts';
import { describeDifferences } from './compare-topic.ts';
import type { FoundTopic } from './look.ts';
import type { TopicContext } from './per-cluster.ts';
import type { TopicPlan } from './plan-topic.ts';

/** An Event about a topic that was just created, though it once was. */
export function tellIfLost({ object, event }: TopicContext, { name, create }: TopicPlan): void {
  if (!create || object.status?.topicId === undefined) return;
  event('Warning', 'TopicLost', `Topic ${name} was deleted: made again, without messages.`);
}

/** Events about what others did to the topic: it was there before us, or is not what we left. */
export function tellWhatWasFound(
  { object, event }: TopicContext,
  found: FoundTopic,
  differences: readonly TopicDifference[],
): void {
  if (!found || found instanceof Error || found.isInternal || object.spec.managementPolicy === 'Observe') return;
  const { topicId: knownId, observedGeneration } = object.status ?? {};
  const differs = differences.length === 0 ? 'It is as the spec says.' : `${describeDifferences(differences)}.`;
  if (knownId === undefined) {
    event('Normal', 'TopicAdopted', `Topic ${found.name} exists already and is kept from now on. ${differs}`);
  } else if (found.topicId !== knownId) {
    event('Warning', 'TopicReplaced', `Topic ${found.name} was deleted and made again by somebody else. ${differs}`);
  } else if (differences.length > 0 && observedGeneration === object.metadata.generation) {
    event('Normal', 'DriftFound', `Topic ${found.name} was changed by somebody else: ${differs}`);
  }
}
