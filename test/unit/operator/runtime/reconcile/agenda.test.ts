import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Agenda } from '../../../../../src/operator/runtime/reconcile/agenda.ts';
import { ManualClock } from '../../../../../src/operator/runtime/testing/manual-clock.ts';

const key = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  fc.record({ do: fc.constant('add' as const), key, milliseconds: fc.integer({ min: 1, max: 1000 }) }),
  fc.record({ do: fc.constant('delete' as const), key, milliseconds: fc.constant(0) }),
  fc.record({ do: fc.constant('wait' as const), key, milliseconds: fc.nat(1000) }),
);

describe('an agenda', () => {
  it('reports each key at the earliest of its times, and none that was deleted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 300, size: 'max' }), async (steps) => {
        const clock = new ManualClock(new Date(0));
        const reported: string[] = [];
        const expected: string[] = [];
        const due = new Map<string, number>();
        const agenda = new Agenda(clock, (key) => reported.push(`${key} ${clock.monotonic()}`));
        for (const { do: action, key, milliseconds } of steps) {
          const time = clock.monotonic() + milliseconds;
          if (action === 'add') {
            agenda.add(key, milliseconds);
            due.set(key, Math.min(due.get(key) ?? Infinity, time));
          } else if (action === 'delete') {
            agenda.delete(key);
            due.delete(key);
          } else {
            await clock.advance(milliseconds);
            for (const [key, at] of due) {
              if (at > time) continue;
              expected.push(`${key} ${at}`);
              due.delete(key);
            }
          }
        }
        expect(reported.toSorted()).toEqual(expected.toSorted());
        expect(clock.sleepers).toBeLessThanOrEqual(1);
        agenda.clear();
        expect(clock.sleepers).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
