import { describe, expect, it } from '@jest/globals';
import { Batcher } from '../../../../../src/operator/controllers/event-topic/batcher.ts';

describe('a batcher', () => {
  it('asks together what comes together, within its maximum, one batch at a time', async () => {
    const sizes: number[] = [];
    let running = 0;
    const batcher = new Batcher<number, number>({
      maximum: 4,
      run: async (items) => {
        running += 1;
        expect(running).toBe(1);
        await Promise.resolve();
        sizes.push(items.length);
        running -= 1;
        return items.map((item) => item * 2);
      },
    });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, item) => batcher.ask(item)));
    expect(answers).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18]);
    expect(sizes).toEqual([4, 4, 2]);
  });

  it('gives an error to all of its batch, and goes on with the next', async () => {
    let attempts = 0;
    const batcher = new Batcher<string, string>({
      maximum: 2,
      run: (items) => {
        attempts += 1;
        return attempts === 1 ? Promise.reject(new Error('broker away')) : Promise.resolve(items);
      },
    });
    const answers = await Promise.allSettled(['a', 'b', 'c'].map((item) => batcher.ask(item)));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(await batcher.ask('d')).toBe('d');
  });
});
