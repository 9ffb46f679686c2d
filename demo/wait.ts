import { z } from 'zod';
import { step } from '../localcluster/progress.ts';
import type { Place } from './place.ts';

const resources = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({ name: z.string(), generation: z.number() }),
      status: z
        .object({
          observedGeneration: z.number().optional(),
          conditions: z
            .array(z.object({ type: z.string(), status: z.string(), reason: z.string(), message: z.string() }))
            .optional(),
        })
        .optional(),
    }),
  ),
});

type Observed = z.infer<typeof resources>['items'][number];

/** Each look starts kubectl, which takes a fifth of a second of the processor from what is waited for. */
const lookMilliseconds = 1000;

/** Waits until every resource named is Ready, and says on which it waits, and why. @throws that, when the time is over */
export async function waitUntilReady(
  place: Place,
  namespace: string,
  title: string,
  names: readonly string[],
  limitSeconds: number,
): Promise<void> {
  await step(title, async (report) => {
    const deadline = performance.now() + limitSeconds * 1000;
    for (;;) {
      const waiting = await firstNotReady(place, namespace, names);
      if (waiting === undefined) return;
      report(waiting);
      if (performance.now() > deadline) throw new Error(`Not ready after ${limitSeconds} s: ${waiting}`);
      await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
    }
  });
}

async function firstNotReady(place: Place, namespace: string, names: readonly string[]): Promise<string | undefined> {
  const answer = await place.kubectl(['get', ...names, '--namespace', namespace, '--output=json']);
  const parsed: unknown = JSON.parse(answer);
  const list = resources.safeParse(parsed);
  const items = list.success ? list.data.items : [resources.shape.items.element.parse(parsed)];
  return items.map(whyNotReady).find((why) => why !== undefined);
}

function whyNotReady({ kind, metadata, status }: Observed): string | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready === undefined || status?.observedGeneration !== metadata.generation) {
    return `${kind} ${metadata.name}: the operator has not looked at it yet`;
  }
  return ready.status === 'True' ? undefined : `${kind} ${metadata.name}: ${ready.message} (${ready.reason})`;
}
