import type { V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import type { Observed } from '../../runtime/objects.ts';
import { isPodReady } from '../../pods/pods.ts';
import type { ReadPodStatus } from '../pod-status.ts';

const tenYearsSeconds = 10 * 365 * 24 * 3600;

/** What a chat API says at /status; anybody could have written it. */
const chatApiStatus = z.object({
  outbox: z.object({
    pending: z.int().min(0).max(1e12),
    oldestSeconds: z.number().min(0).max(tenYearsSeconds),
    /** Missing from a pod of the version before. */
    setAside: z.int().min(0).max(1e12).optional(),
  }),
  /** With an identity provider. */
  signIn: z.object({ trouble: z.string().max(4096).optional() }).optional(),
});

export interface PodReport {
  /** The same from every pod, since all share one outbox. */
  readonly outbox: z.infer<typeof chatApiStatus>['outbox'];
  /** Why a pod cannot reach the identity provider; undefined when each can, or none says. */
  readonly signInTrouble: string | undefined;
}

/** @returns undefined when no pod answers, which its own probes see to */
export async function readPodReport(
  pods: readonly Observed<V1Pod>[],
  read: ReadPodStatus,
): Promise<PodReport | undefined> {
  const addresses = pods.filter(isPodReady).flatMap(({ status: { podIP } = {} }) => podIP ?? []);
  const answers = await Promise.allSettled(addresses.map(async (address) => chatApiStatus.parse(await read(address))));
  const reports = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const [first] = reports;
  if (!first) return undefined;
  const { oldestSeconds, ...counts } = first.outbox;
  return {
    outbox: { ...counts, oldestSeconds: Math.round(oldestSeconds) },
    signInTrouble: reports.find(({ signIn }) => signIn?.trouble !== undefined)?.signIn?.trouble,
  };
}
