import { setTimeout as delay } from 'node:timers/promises';
import type { Place } from '../../../demo/place.ts';
import { membersBy, type Member } from '../../support/redpanda-members.ts';

const lookMilliseconds = 500;
const brokers = '--selector=app.kubernetes.io/name=event-cluster';

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** What was seen of the brokers of a Redpanda cluster while they restarted. */
export interface Restarts {
  /** Pods that were replaced. */
  readonly replaced: readonly string[];
  /** Pods that were in maintenance meanwhile. */
  readonly maintained: readonly string[];
  /** The most that were not ready, or in maintenance, at a time. */
  readonly mostAway: number;
  readonly mostInMaintenance: number;
}

/** Looks at the brokers, again and again, while `work` goes on. */
export async function restartsDuring(
  work: () => Promise<void>,
  { place, namespace }: { readonly place: Place; readonly namespace: string },
): Promise<Restarts> {
  const podsNow = async () => {
    const answer = await place.kubectl(['get', 'pods', brokers, '--namespace', namespace, '--output=json']);
    return (JSON.parse(answer) as { readonly items: readonly Pod[] }).items;
  };
  const uidsOf = (pods: readonly Pod[]) => new Map(pods.map(({ metadata }) => [metadata.name, metadata.uid]));
  const before = uidsOf(await podsNow());
  const maintained = new Set<string>();
  let [mostAway, mostInMaintenance] = [0, 0];
  const done = new AbortController();
  const looking = (async () => {
    for (; !done.signal.aborted; await delay(lookMilliseconds)) {
      const pods = await podsNow();
      const ready = pods.filter(isReady).map(({ metadata }) => metadata.name);
      mostAway = Math.max(mostAway, [...before.keys()].filter((name) => !ready.includes(name)).length);
      const draining = (await firstAnswer(ready)).filter(({ isInMaintenance }) => isInMaintenance);
      mostInMaintenance = Math.max(mostInMaintenance, draining.length);
      for (const { pod } of draining) maintained.add(pod);
    }
  })();
  try {
    await work();
  } finally {
    done.abort();
    await looking;
  }
  const after = uidsOf(await podsNow());
  const replaced = [...before].filter(([name, uid]) => after.get(name) !== uid).map(([name]) => name);
  return { replaced, maintained: [...maintained].sort(), mostAway, mostInMaintenance };

  async function firstAnswer(pods: readonly string[]): Promise<Member[]> {
    for (const pod of pods) {
      const members = await membersBy(pod, place, namespace).catch(() => undefined);
      if (members) return members;
    }
    return [];
  }
}

const isReady = ({ metadata, status }: Pod) =>
  metadata.deletionTimestamp === undefined &&
  (status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
