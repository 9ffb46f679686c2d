import { describe, expect, it } from '@jest/globals';
import { describeKept, keptVolumes, refuseKept } from '../../../../src/operator/event-cluster/kept-volumes.ts';
import { controllersAnnotation } from '../../../../src/operator/event-cluster/plan.ts';

const cluster = { name: 'events', namespace: 'tasks' };

function kept(indexes: readonly number[], voters = 3, metadata: object = {}) {
  const annotations = { [controllersAnnotation]: String(voters) };
  const names = [...indexes.map((index) => `data-events-${index}`).reverse(), 'data-events-x', 'other-events-9'];
  return keptVolumes(cluster, names.map((name) => ({ metadata: { name, annotations, ...metadata } })) as never);
}

describe('volumes of an earlier cluster of the same name', () => {
  it.each<[string, readonly number[], number, number]>([
    ['no volumes', [], 3, 3],
    ['as many volumes as brokers', [0, 1, 2], 3, 3],
    ['fewer volumes, of a cluster that grows', [0], 1, 3],
    ['a volume that is missing, where most are there', [0, 2], 3, 3],
  ])('are started on with %s', (_, indexes, voters, wanted) => {
    expect(refuseKept(cluster, kept(indexes, voters), wanted)).toBeUndefined();
  });

  it('are counted: with fewer brokers than had data nothing starts', () => {
    expect(refuseKept(cluster, kept([0, 1, 2, 3, 4]), 3)).toMatchObject({
      reason: 'KeptVolumesRefused',
      failed: true,
      message: expect.stringMatching(
        /^spec\.brokers is 3, but volumes of 5 earlier brokers exist \(data-events-0, .*data-events-4\).*Set spec\.brokers to 5/,
      ),
    });
    // The one that is missing had data as well.
    expect(refuseKept(cluster, kept([0, 2]), 2)?.message).toContain('Set spec.brokers to 3');
  });

  it('are not started on where most of those that hold the metadata are gone', () => {
    expect(refuseKept(cluster, kept([1]), 3)).toMatchObject({
      failed: true,
      message: expect.stringContaining(
        'Of the 3 volumes that hold the metadata of the earlier cluster, 1 still exists',
      ),
    });
  });

  it('do not count once they are being deleted', () => {
    const going = kept([0, 1, 2], 3, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(refuseKept(cluster, going, 1)).toBeUndefined();
  });

  it('are spoken of before brokers start beside them on empty ones', () => {
    expect(describeKept(cluster, kept([]), 3)).toBeUndefined();
    expect(describeKept(cluster, kept([0, 1, 2]), 3)).toBeUndefined();
    expect(describeKept(cluster, kept([0], 1), 3)).toBe(
      'Brokers start on volumes of an earlier cluster (data-events-0); brokers 1, 2 start with an empty one.',
    );
  });
});
