import { describe, expect, it } from '@jest/globals';
import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { growthsOfFull, growthsToSize } from '../../../../src/operator/event-cluster/volume-growth.ts';
import type { Observed } from '../../../../src/operator/runtime/objects.ts';

const claim = (request: string, capacity = request) =>
  ({
    metadata: { name: 'data-events-0', namespace: 'tasks' },
    spec: { resources: { requests: { storage: request } } },
    status: { capacity: { storage: capacity } },
  }) as unknown as Observed<V1PersistentVolumeClaim>;
const disk = (usableBytes: number) => new Map([[0, { totalBytes: 100, usableBytes }]]);
const storage = (maxSize?: string) => ({ size: '20Gi', reclaimPolicy: 'Retain' as const, maxSize });

describe('volumes grow', () => {
  it.each([
    ['to what the spec says', '10Gi', ['20Gi']],
    ['no further where they have it in other words', '20480Mi', []],
    ['never back', '40Gi', []],
  ])('%s', (_what, request, expected) => {
    expect(growthsToSize([claim(request)], storage()).map(({ size }) => size)).toEqual(expected);
  });

  it.each<[string, Observed<V1PersistentVolumeClaim>, string | undefined, number, string[]]>([
    ['by a quarter when they fill up', claim('20Gi'), '100Gi', 14, ['25Gi']],
    ['in whole gibibytes', claim('10Gi'), '100Gi', 14, ['13Gi']],
    ['not before', claim('20Gi'), '100Gi', 15, []],
    ['not unless they may', claim('20Gi'), undefined, 1, []],
    ['no further than they may', claim('20Gi'), '22Gi', 1, ['22Gi']],
    ['not when they have grown that far', claim('22Gi'), '22Gi', 1, []],
    ['once at a time', claim('25Gi', '20Gi'), '100Gi', 1, []],
  ])('by themselves %s', (_what, seen, maxSize, left, expected) => {
    expect(growthsOfFull([seen], storage(maxSize), disk(left)).map(({ size }) => size)).toEqual(expected);
  });

  it('by themselves only where the broker says how much it has left', () => {
    expect(growthsOfFull([claim('20Gi')], storage('100Gi'), new Map())).toEqual([]);
  });
});
