import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fifo } from '../../../../../src/operator/runtime/reconcile/fifo.ts';

const step = fc.record({ do: fc.constantFrom('add', 'delete', 'take'), key: fc.constantFrom('a', 'b', 'c', 'd', 'e') });

describe('keys in the order they were added', () => {
  it('are the same as in a list, whatever is added, deleted and taken', () => {
    fc.assert(
      fc.property(fc.array(step, { size: 'max', maxLength: 100 }), (steps) => {
        const fifo = new Fifo();
        let list: string[] = [];
        for (const { do: action, key } of steps) {
          const deleted = action === 'take' ? list[0] : key;
          if (action === 'add') {
            fifo.add(key);
            if (!list.includes(key)) list.push(key);
          } else if (deleted !== undefined) {
            fifo.delete(deleted);
            list = list.filter((one) => one !== deleted);
          }
          expect(fifo.first).toBe(list[0]);
        }
      }),
    );
  });

  it('are taken in the same time each, however many there are', () => {
    const fifo = new Fifo();
    for (let index = 0; index < 200_000; index += 1) fifo.add(`key-${index}`);
    const start = performance.now();
    while (fifo.first !== undefined) fifo.delete(fifo.first);
    // It takes 0.1 s; a look from the start for each would take 15 s.
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
