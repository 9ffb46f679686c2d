import { describe, expect, it } from '@jest/globals';
import { decideRoll } from '../../../../src/operator/event-cluster/decide-roll.ts';

const past = {
  restarts: new Set<number>(),
  hasServed: true,
  doomed: new Map(),
  now: new Date('2026-05-01T12:00:00Z'),
};
const statefulSet = (observedGeneration?: number) =>
  ({ metadata: { generation: 2 }, status: { observedGeneration, updateRevision: 'old' } }) as never;
const pods = [
  {
    metadata: { name: 'events-0', labels: { 'controller-revision-hash': 'old' } },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  },
] as never[];

describe('a roll', () => {
  it('is not over before the controller of the StatefulSet has seen the newest template', () => {
    expect(decideRoll({ statefulSet: statefulSet(1), pods }, past, 1)).toMatchObject({ step: 'wait' });
    expect(decideRoll({ statefulSet: statefulSet(2), pods }, past, 1)).toEqual({ step: 'done' });
  });

  it('is nothing that a cluster without pods waits for', () => {
    expect(decideRoll({ statefulSet: statefulSet(), pods: [] }, past, 1)).toEqual({ step: 'done' });
  });
});
