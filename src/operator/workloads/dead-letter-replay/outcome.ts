import type { V1Job, V1Pod } from '@kubernetes/client-node';
import type { DeadLetterReplay } from '../../../api/dead-letter-replay.ts';
import type { Observed } from '../../runtime/objects.ts';
import type { ExtraCondition } from '../../runtime/reconcile/conditions.ts';
import type { Readiness } from '../../runtime/reconcile/readiness.ts';
import { podTrouble } from '../../pods/pod-trouble.ts';
import type { PodReport } from './pod-report.ts';

/** Those of a Job; each is there only once it is true, and stays. */
export const endConditions = ['Complete', 'Failed'];

export interface ReplayView {
  readonly replay: DeadLetterReplay;
  readonly job: Observed<V1Job> | undefined;
  readonly pods: readonly Observed<V1Pod>[];
  readonly report: PodReport | undefined;
  readonly now: Date;
}

/** How the Job has ended, by its own condition; undefined while it has not. */
export const endOf = (job: Observed<V1Job> | undefined) =>
  job?.status?.conditions?.find(({ type, status }) => endConditions.includes(type) && status === 'True');

export function replayReadiness(view: ReplayView): Readiness {
  const { replay, job, pods, report, now } = view;
  const end = endOf(job);
  const told = counted(view);
  if (end?.type === 'Complete') return { ready: true, reason: 'Complete', message: told };
  const trouble = report?.trouble?.message.replace(/\.?$/, '.');
  if (end) {
    const why = trouble ?? end.message ?? 'no reason is given.';
    return { ready: false, reason: 'Failed', message: `${why} ${told}`, failed: true };
  }
  if (replay.spec.paused) {
    return {
      ready: false,
      reason: 'Paused',
      message: `${told} It continues when spec.paused is false.`,
      failed: false,
    };
  }
  const hindrance = podTrouble(pods, now) ?? trouble;
  if (hindrance === undefined) return { ready: false, reason: 'Replaying', message: told, failed: false };
  return { ready: false, reason: 'Hindered', message: `${hindrance} ${told}`, failed: false, needsPerson: true };
}

/** Like that of the Job; none before it has ended. */
export function endCondition(readiness: Readiness, job: Observed<V1Job> | undefined): ExtraCondition[] {
  const end = endOf(job);
  return end ? [{ type: end.type, status: 'True', reason: readiness.reason, message: readiness.message }] : [];
}

function counted({ replay: { spec, status }, report }: ReplayView): string {
  const { matched = 0, replayed = 0, kept = 0, remaining } = report?.counts ?? status ?? {};
  if (remaining === undefined) return 'Nothing has been read yet.';
  const went = spec.dryRun ? `${letters(matched - kept)} would go back` : `${letters(replayed)} went back`;
  return `${went}, ${kept} matching ones stay, ${remaining} have not been read.`;
}

const letters = (count: number) => `${count} ${count === 1 ? 'letter' : 'letters'}`;
