import { describe, expect, it } from '@jest/globals';
import type { Condition } from '../../../../../src/lib/kubernetes-object.ts';
import { conditionsOf } from '../../../../../src/operator/runtime/reconcile/conditions.ts';
import { evaluate, type Readiness } from '../../../../../src/operator/runtime/reconcile/readiness.ts';

const ready: Readiness = { ready: true, reason: 'TopicReady', message: 'well' };
const waiting: Readiness = { ready: false, failed: false, reason: 'Creating', message: 'soon' };
const failed: Readiness = { ready: false, failed: true, reason: 'InvalidConfig', message: 'never' };

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second, 500));

function follow(...steps: Readiness[]): Condition[] {
  let previous: Condition[] = [];
  steps.forEach((readiness, second) => {
    previous = conditionsOf({ previous, readiness, generation: second + 1, now: at(second) });
  });
  return previous;
}

const types = (conditions: Condition[]) => conditions.map(({ type, status }) => `${type}=${status}`);

describe('conditions', () => {
  it.each([
    ['ready', ready, ['Ready=True']],
    ['on its way', waiting, ['Ready=False', 'Reconciling=True']],
    ['failed', failed, ['Ready=False', 'Stalled=True']],
  ])('of what is %s are those of kstatus', (_what, readiness, expected) => {
    expect(types(follow(readiness))).toEqual(expected);
  });

  it('have messages that the API server takes, however much there is to say', () => {
    const messages = follow({ ...failed, message: '𝄞'.repeat(20_000) }).map(({ message }) => message);
    expect(messages.map(({ length }) => length)).toEqual([32_767, 32_767]);
    expect(messages[0]).toMatch(/𝄞\.\.\.$/u);
  });

  it('keep the time of the last flip while only reason and message change', () => {
    const [condition] = follow(ready, waiting, failed);
    expect(condition).toEqual({
      type: 'Ready',
      status: 'False',
      reason: 'InvalidConfig',
      message: 'never',
      observedGeneration: 3,
      lastTransitionTime: '2026-01-01T00:00:01Z',
    });
  });

  it('leave Reconciling and Stalled out as soon as they are over', () => {
    expect(types(follow(waiting, failed, ready))).toEqual(['Ready=True']);
  });

  it('carry those of the kind beside them', () => {
    const extra = [{ type: 'Available', status: 'True', reason: 'BrokersAnswer', message: '' }] as const;
    const conditions = conditionsOf({ previous: [], readiness: waiting, extra, generation: 1, now: at(0) });
    expect(types(conditions)).toEqual(['Ready=False', 'Reconciling=True', 'Available=True']);
  });
});

describe('readiness', () => {
  const problem = (reason: string) => ({ reason, message: reason, failed: false });

  it('tells the first problem of the checks, in their order', () => {
    const checks = [() => undefined, () => problem('Cause'), () => problem('Effect')];
    expect(evaluate(checks, {}, ready)).toEqual({ ready: false, ...problem('Cause') });
  });

  it('is well when no check finds a problem', () => {
    expect(evaluate([() => undefined], {}, { reason: 'Well', message: 'all' })).toEqual({
      ready: true,
      reason: 'Well',
      message: 'all',
    });
  });
});
