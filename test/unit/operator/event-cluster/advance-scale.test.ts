import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EventCluster } from '../../../../src/api/event-cluster.ts';
import type { BrokerAccess } from '../../../../src/operator/event-cluster/broker-access.ts';
import { advanceScale, wasEmptied } from '../../../../src/operator/event-cluster/advance-scale.ts';
import type { Engine } from '../../../../src/operator/event-cluster/engine.ts';
import type { DrainStep } from '../../../../src/operator/event-cluster/scale.ts';
import type { Context } from '../../../../src/operator/runtime/reconcile/controller.ts';
import { anEventCluster } from '../../../support/resources.ts';

interface Claim {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations: Record<string, string | null>;
  };
}

let claims: Map<string, Claim>;
let drain: DrainStep;
const restored: number[] = [];

const engine = {
  drain: () => Promise.resolve(drain),
  restore: (_cluster: EventCluster, brokers: readonly number[]) => Promise.resolve(void restored.push(...brokers)),
} as unknown as Engine;

function contextOf(brokers: number): Context<EventCluster> {
  const cache = { get: ({ name }: { readonly name: string }) => claims.get(name) };
  return {
    object: anEventCluster({ engine: 'Kafka', brokers }),
    caches: {
      of: () => cache,
      informer: () => ({ observe: (claim: Claim) => claims.set(claim.metadata.name, claim) }),
    },
    client: {
      mergePatch: (_kind: unknown, { name }: { readonly name: string }, { metadata }: Claim) => {
        const before = claims.get(name)!;
        const annotations = Object.fromEntries(
          Object.entries({ ...before.metadata.annotations, ...metadata.annotations }).filter(([, value]) => value),
        );
        return Promise.resolve({ metadata: { ...before.metadata, annotations } });
      },
    },
  } as unknown as Context<EventCluster>;
}

async function advance(brokers: number) {
  const context = contextOf(brokers);
  const { brokers: run } = await advanceScale(
    context,
    engine,
    { running: 5, anyReady: true, voters: 3 },
    {} as BrokerAccess,
  );
  return { run, emptied: [0, 1, 2, 3, 4].filter((index) => wasEmptied(context, index)) };
}

describe('brokers that leave', () => {
  beforeEach(() => {
    const names = [0, 1, 2, 3, 4].map((index) => `data-events-${index}`);
    claims = new Map(names.map((name) => [name, { metadata: { name, namespace: 'tasks', annotations: {} } }]));
  });

  it('may take their volumes along only once they are empty', async () => {
    drain = { step: 'moving', message: '7 replicas are left' };
    expect(await advance(3)).toEqual({ run: 5, emptied: [] });
    drain = { step: 'empty', from: 4 };
    expect(await advance(3)).toEqual({ run: 4, emptied: [4] });
    drain = { step: 'empty', from: 3 };
    expect(await advance(3)).toEqual({ run: 3, emptied: [3, 4] });
  });

  it('may not when they have got something again, nor when they stay after all', async () => {
    drain = { step: 'empty', from: 3 };
    await advance(3);
    drain = { step: 'moving', message: '1 replica is left' };
    expect(await advance(3)).toEqual({ run: 5, emptied: [] });
    drain = { step: 'empty', from: 3 };
    await advance(3);
    expect(await advance(5)).toEqual({ run: 5, emptied: [] });
    expect(restored).toEqual([3, 4]);
  });
});
