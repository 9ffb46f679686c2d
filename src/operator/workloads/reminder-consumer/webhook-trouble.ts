import type { V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import { isPodReady } from '../../pods/pods.ts';
import type { Observed } from '../../runtime/objects.ts';
import type { ReadPodStatus } from '../pod-status.ts';

/** What a pod says at /status; anybody could have written it. */
const podStatus = z.object({ trouble: z.string().max(1000).optional() });

const listed = 3;

/** Why pods of a webhook deliver nothing: those tell that run and are not ready. The same reason stands once. */
export async function webhookTrouble(
  pods: readonly Observed<V1Pod>[],
  read: ReadPodStatus,
): Promise<readonly string[]> {
  const answers = pods
    .filter((pod) => !isPodReady(pod))
    .flatMap(({ status: { podIP } = {} }) => podIP ?? [])
    .map(async (address) => podStatus.parse(await read(address)).trouble);
  const results = await Promise.allSettled(answers);
  const reasons = results.flatMap((result) => (result.status === 'fulfilled' ? (result.value ?? []) : []));
  return [...new Set(reasons)].slice(0, listed);
}
