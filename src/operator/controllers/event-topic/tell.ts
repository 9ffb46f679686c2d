import type { EventTopic } from '../../../api/event-topic.ts';
import type { TopicDescription } from '../../../kafka/describe-topics.ts';
import type { Context } from '../../runtime/controller.ts';
import { describeDifferences, differencesOf, type Comparison } from './compare-topic.ts';
import { topicName } from './desired-topic.ts';

/** Events about what others did to the topic: it was there before us, or is not what we left. */
export function tellWhatWasFound(
  { object, event }: Context<EventTopic>,
  found: TopicDescription | undefined,
  comparison: Comparison | undefined,
): void {
  const name = topicName(object);
  const knownId = object.status?.topicId;
  const differences = comparison ? differencesOf(comparison) : [];
  const differs = differences.length === 0 ? 'It is as the spec says.' : `${describeDifferences(differences)}.`;
  if (!found) {
    if (knownId !== undefined)
      event('Warning', 'TopicLost', `Topic ${name} was deleted: made again, without messages.`);
  } else if (knownId === undefined) {
    event('Normal', 'TopicAdopted', `Topic ${name} exists already and is kept from now on. ${differs}`);
  } else if (found.topicId !== knownId) {
    event('Warning', 'TopicReplaced', `Topic ${name} was deleted and made again by somebody else. ${differs}`);
  } else if (differences.length > 0 && object.status?.observedGeneration === object.metadata.generation) {
    event('Normal', 'DriftFound', `Topic ${name} was changed by somebody else: ${differs}`);
  }
}
