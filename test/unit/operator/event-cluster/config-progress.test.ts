import { beforeEach, describe, expect, it } from '@jest/globals';
import { configProgress } from '../../../../src/operator/event-cluster/config-progress.ts';
import { RememberedByCluster } from '../../../../src/operator/brokers/remembered-by-cluster.ts';

let newest: RememberedByCluster<number>;

beforeEach(() => {
  newest = new RememberedByCluster();
});

const reasonOf = (taken: readonly number[], given?: number, uid = 'one') =>
  configProgress(uid, taken, given, newest)?.reason;

describe('changed properties of brokers', () => {
  it('are in effect where nothing was changed, and where brokers do not tell', () => {
    expect(reasonOf([2, 2, 2])).toBeUndefined();
    expect(reasonOf([])).toBeUndefined();
  });

  it('are pending until all brokers have taken them in, however late the first of them tells', () => {
    expect(reasonOf([2, 2, 2], 3)).toBe('ConfigPending');
    expect(reasonOf([2, 2, 2])).toBe('ConfigPending');
    expect(reasonOf([3, 2, 3])).toBe('ConfigPending');
    expect(reasonOf([])).toBe('ConfigPending');
    expect(reasonOf([2, 2, 2], undefined, 'another')).toBeUndefined();
    expect(reasonOf([3, 3, 3])).toBeUndefined();
  });

  it('are pending where an operator before has changed them, as soon as one broker tells', () => {
    expect(reasonOf([2, 3, 2])).toBe('ConfigPending');
  });

  it('are forgotten once taken in: a cluster that lost all volumes counts from the beginning', () => {
    reasonOf([2, 2, 2], 7);
    expect(reasonOf([7, 7, 7])).toBeUndefined();
    expect(reasonOf([1, 1, 1])).toBeUndefined();
  });
});
