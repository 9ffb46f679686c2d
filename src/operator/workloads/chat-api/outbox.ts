import type { V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import type { ChatApi } from '../../../api/chat-api.ts';
import type { Observed } from '../../runtime/objects.ts';
import { isPodReady } from '../../pods/pods.ts';
import { metricsPort } from '../workload.ts';

export type Outbox = NonNullable<NonNullable<ChatApi['status']>['outbox']>;

/** Reads what a pod answers at /status; rejects when it does not. */
export type ReadPodStatus = (podIp: string) => Promise<unknown>;

const timeoutMilliseconds = 2_000;

export const readPodStatus: ReadPodStatus = async (podIp) => {
  const host = podIp.includes(':') ? `[${podIp}]` : podIp;
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const response = await fetch(`http://${host}:${metricsPort}/status`, { signal });
  return response.json();
};

const status = z.object({
  outbox: z.object({ pending: z.int().min(0), oldestSeconds: z.number().min(0) }),
});

/** All pods share one outbox, so any of them can tell; undefined when none does, which its own probes see to. */
export async function readOutbox(pods: readonly Observed<V1Pod>[], read: ReadPodStatus): Promise<Outbox | undefined> {
  const addresses = pods.filter(isPodReady).flatMap(({ status: { podIP } = {} }) => podIP ?? []);
  const answers = addresses.map(async (address) => status.parse(await read(address)).outbox);
  return Promise.any(answers).then(
    ({ pending, oldestSeconds }) => ({ pending, oldestSeconds: Math.round(oldestSeconds) }),
    () => undefined,
  );
}
