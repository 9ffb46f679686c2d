import type { Condition } from '../../../lib/kubernetes-object.ts';
import { wireTime } from '../objects.ts';
import type { Readiness } from './readiness.ts';
import { shorten } from './shorten.ts';

/** In characters, as in metav1.Condition: a status with a longer message would be refused. */
const longestMessage = 32_768;

/** A condition that a kind adds to the three of kstatus. */
export type ExtraCondition = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

export interface ConditionsInput {
  /** What the status holds now. */
  readonly previous: readonly Condition[] | undefined;
  readonly readiness: Readiness;
  readonly extra?: readonly ExtraCondition[] | undefined;
  readonly generation: number | undefined;
  readonly now: Date;
}

/**
 * Conditions by the rules of kstatus: Ready always; Reconciling or Stalled beside it only while true. The transition
 * time moves when the status flips, and at nothing else.
 */
export function conditionsOf({ previous = [], readiness, extra = [], generation, now }: ConditionsInput): Condition[] {
  return [...standardConditions(readiness), ...extra].map((wanted) => {
    const before = previous.find(({ type }) => type === wanted.type);
    const flipped = before?.status !== wanted.status;
    return {
      ...wanted,
      message: shorten(wanted.message, longestMessage),
      ...(generation !== undefined && { observedGeneration: generation }),
      lastTransitionTime: flipped ? wireTime(now) : before.lastTransitionTime,
    };
  });
}

function standardConditions(readiness: Readiness): ExtraCondition[] {
  const { reason, message } = readiness;
  if (readiness.ready) return [{ type: 'Ready', status: 'True', reason, message }];
  const type = readiness.failed ? 'Stalled' : 'Reconciling';
  return [
    { type: 'Ready', status: 'False', reason, message },
    { type, status: 'True', reason, message },
  ];
}
