import type { V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import type { Observed } from '../../runtime/objects.ts';
import { isPodReady } from '../../pods/pods.ts';
import type { ReadPodStatus } from '../pod-status.ts';

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What the program says at /status, and in its last words; anybody could have written it. */
const podReport = z.object({
  counts: z.object({ read: count, matched: count, replayed: count, kept: count, remaining: count }),
  trouble: z.object({ message: z.string().max(2000) }).optional(),
});

export type PodReport = z.infer<typeof podReport>;

/** The newest that the pods of a replay tell; undefined where none does. Counts only grow, from pod to pod. */
export async function newestReport(
  pods: readonly Observed<V1Pod>[],
  read: ReadPodStatus,
): Promise<PodReport | undefined> {
  const reports = await Promise.all(pods.map((pod) => reportOf(pod, read)));
  const isNewer = (one: PodReport, other: PodReport | undefined) => !other || one.counts.read >= other.counts.read;
  return reports.reduce((newest, report) => (report && isNewer(report, newest) ? report : newest), undefined);
}

async function reportOf(pod: Observed<V1Pod>, read: ReadPodStatus): Promise<PodReport | undefined> {
  const { podIP, containerStatuses = [] } = pod.status ?? {};
  const words = containerStatuses.map(({ state }) => state?.terminated?.message).find((message) => message);
  try {
    if (words !== undefined) return podReport.parse(JSON.parse(words));
    return isPodReady(pod) && podIP !== undefined ? podReport.parse(await read(podIP)) : undefined;
  } catch {
    // The pod has just ended, or was killed. The next one will report.
    return undefined;
  }
}
