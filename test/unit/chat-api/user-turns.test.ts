import { expect, it } from '@jest/globals';
import { UserTurns } from '../../../src/chat-api/http/user-turns.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';

/** Work that lasts until it is told to end. */
function lasting() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let hasBegun = false;
  const work = () => {
    hasBegun = true;
    return promise;
  };
  return { work, end: resolve, fail: reject, hasBegun: () => hasBegun };
}

it('lets a user make four changes at once, and the others in turn, whatever becomes of those before', async () => {
  const turns = new UserTurns(new ManualClock());
  const works = Array.from({ length: 6 }, lasting);
  const taken = works.map(({ work }) => turns.take('alice', work));
  await new Promise(setImmediate);
  expect(works.map(({ hasBegun }) => hasBegun())).toEqual([true, true, true, true, false, false]);

  works[0]!.fail(new Error('failed'));
  await expect(taken[0]).rejects.toThrow('failed');
  works[3]!.end();
  await taken[3];
  await new Promise(setImmediate);
  expect(works.map(({ hasBegun }) => hasBegun())).toEqual([true, true, true, true, true, true]);
  for (const { end } of works) end();
  await Promise.all(taken.slice(1));
});

it('lets others begin at once', async () => {
  const turns = new UserTurns(new ManualClock());
  const ofAlice = Array.from({ length: 6 }, lasting);
  const taken = ofAlice.map(({ work }) => turns.take('alice', work));
  expect(await turns.take('bob', () => Promise.resolve('done'))).toBe('done');
  for (const { end } of ofAlice) end();
  await Promise.all(taken);
});

it('gives up what does not get its turn in time, and never begins it', async () => {
  const clock = new ManualClock();
  const turns = new UserTurns(clock);
  const works = Array.from({ length: 4 }, lasting);
  const taken = works.map(({ work }) => turns.take('alice', work));
  const late = lasting();
  const given = turns.take('alice', late.work);
  const refused = expect(given).rejects.toMatchObject({ code: 'Unavailable' });
  await clock.advance(5000);
  await refused;
  for (const { end } of works) end();
  await Promise.all(taken);
  expect(late.hasBegun()).toBe(false);
  expect(await turns.take('alice', () => Promise.resolve('done'))).toBe('done');
});
