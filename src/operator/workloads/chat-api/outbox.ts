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
});

type Outbox = z.infer<typeof chatApiStatus>['outbox'];

/** All pods share one outbox, so any of them can tell; undefined when none does, which its own probes see to. */
export async function readOutbox(pods: readonly Observed<V1Pod>[], read: ReadPodStatus): Promise<Outbox | undefined> {
  const addresses = pods.filter(isPodReady).flatMap(({ status: { podIP } = {} }) => podIP ?? []);
  const answers = addresses.map(async (address) => chatApiStatus.parse(await read(address)).outbox);
  return Promise.any(answers).then(
    ({ oldestSeconds, ...counts }) => ({ ...counts, oldestSeconds: Math.round(oldestSeconds) }),
    () => undefined,
  );
}
