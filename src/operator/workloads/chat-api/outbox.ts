import type { V1Pod } from '@kubernetes/client-node';
import type { Observed } from '../../runtime/objects.ts';
import { isPodReady } from '../../pods/pods.ts';
import { parsePodStatus, type Outbox, type ReadPodStatus } from '../pod-status.ts';

/** All pods share one outbox, so any of them can tell; undefined when none does, which its own probes see to. */
export async function readOutbox(pods: readonly Observed<V1Pod>[], read: ReadPodStatus): Promise<Outbox | undefined> {
  const addresses = pods.filter(isPodReady).flatMap(({ status: { podIP } = {} }) => podIP ?? []);
  const answers = addresses.map(async (address) => parsePodStatus(await read(address)).outbox);
  return Promise.any(answers).then(
    ({ oldestSeconds, ...counts }) => ({ ...counts, oldestSeconds: Math.round(oldestSeconds) }),
    () => undefined,
  );
}
