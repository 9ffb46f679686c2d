import type { EventTopic } from '../../api/event-topic.ts';
import type { ExpectedError } from '../../lib/errors.ts';
import type { Context } from '../runtime/reconcile/controller.ts';
import type { FoundTopic } from './look.ts';
import type { TopicPlan } from './plan.ts';
import type { Refusal } from './refusals.ts';

export type TopicContext = Context<EventTopic>;

/** One topic on its way through all steps; each step adds what it found out. */
export interface PlannedTopic {
  readonly context: TopicContext;
  readonly topic: EventTopic;
  readonly found: FoundTopic;
  readonly plan: TopicPlan;
}

export interface ActedTopic extends PlannedTopic {
  /** What was not done, and why: a person has to change something. */
  readonly refusals: readonly Refusal[];
  /** What may succeed later. */
  readonly failure: ExpectedError | undefined;
  /** Whether it was created by this plan, and nobody else has come first. */
  readonly wasCreated: boolean;
  /** Of the topic that was created, where brokers have told it. */
  readonly createdId: string | undefined;
}

export interface SeenTopic extends ActedTopic {
  /** As it was found after everything was done. */
  readonly seen: FoundTopic;
  /** Undefined when none of its replicas move. */
  readonly move: Move | undefined;
}

/** How replicas of a topic move. */
export interface Move {
  /** How many partitions have replicas that move. */
  readonly partitions: number;
  /** Ids of brokers that are to get replicas and are away: until they are back, it does not end. */
  readonly missingBrokers: readonly number[];
}
