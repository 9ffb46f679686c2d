import { describe, expect, it } from '@jest/globals';
import { Progress } from '../../../src/kafka/progress.ts';

/** On partition 0 of the topic tasks, at times in seconds. */
function progressOf() {
  let now = 0;
  const progress = new Progress({ monotonic: () => now * 1000 });
  const at = (seconds: number) => {
    now = seconds;
    return progress;
  };
  return { at, begin: (seconds: number, offset: string) => at(seconds).begin('tasks', 0, offset) };
}

describe('the progress of partitions', () => {
  it('is stuck where a message takes long, or fails again and again, until it gets through', () => {
    const { at, begin } = progressOf();
    const first = begin(0, '7');
    expect(at(29).stuck(30_000)).toEqual([]);
    const stuck = { topic: 'tasks', partition: 0, offset: '7' };
    expect(at(30).stuck(30_000)).toEqual([{ ...stuck, seconds: 30 }]);
    at(31).fail(first);
    expect(at(32).stuck(30_000)).toEqual([{ ...stuck, seconds: 32 }]);
    const second = begin(33, '7');
    expect(at(600).stuck(30_000)).toEqual([{ ...stuck, seconds: 600 }]);
    at(601).end(second);
    expect(at(602).stuck(30_000)).toEqual([]);
  });

  it('is not stuck at a message that has failed and does not come again, as one that retention has removed', () => {
    const { at, begin } = progressOf();
    at(1).fail(begin(0, '7'));
    expect(at(31).stuck(30_000)).toEqual([]);
    // Where nobody could read for long, it comes again all the same.
    begin(600, '7');
    expect(at(600).stuck(30_000)).toMatchObject([{ offset: '7', seconds: 600 }]);
  });

  it('is not changed by an earlier attempt that ends late', () => {
    const { at, begin } = progressOf();
    const early = begin(0, '7');
    begin(1, '7');
    at(2).fail(early);
    at(3).end(early);
    expect(at(60).stuck(30_000)).toMatchObject([{ offset: '7', seconds: 60 }]);
  });
});
