import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTask } from '../../../../src/chat-api/quick-add/task-phrase.ts';

const time = { now: new Date('2026-03-10T13:30:00Z'), zone: 'Europe/Berlin' };

/** Words that say when, and what "Call Ann <word>" is then due or how often. */
const meanings: readonly (readonly [words: string, meaning: object])[] = [
  ['tomorrow', { due: '2026-03-11' }],
  ['on wednesday', { due: '2026-03-11' }],
  ['on thursday', { due: '2026-03-12' }],
  ['on friday', { due: '2026-03-13' }],
  ['on saturday', { due: '2026-03-14' }],
  ['on sunday', { due: '2026-03-15' }],
  ['on monday', { due: '2026-03-16' }],
  ['on tuesday', { due: '2026-03-17' }],
  ['5 september', { due: '2026-09-05' }],
  ['5 october', { due: '2026-10-05' }],
  ['5 november', { due: '2026-11-05' }],
  ['5 april', { due: '2026-04-05' }],
  ['5 august', { due: '2026-08-05' }],
  ['quarterly', { recurrence: 'FREQ=MONTHLY;INTERVAL=3' }],
];

const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'.split(''));

/** One letter too many, too few, wrong, or two in the wrong order; never the first one of the last word. */
const slip = fc.constantFrom(...meanings).chain(([words, meaning]) => {
  const first = words.lastIndexOf(' ') + 2;
  return fc
    .tuple(fc.integer({ min: first, max: words.length - 1 }), letter, fc.constantFrom('more', 'less', 'wrong', 'swap'))
    .map(([at, other, kind]) => {
      const [before, behind] = [words.slice(0, at), words.slice(at)];
      const written = {
        more: before + other + behind,
        less: before + behind.slice(1),
        wrong: before + other + behind.slice(1),
        swap: before + behind.slice(1, 2) + behind.slice(0, 1) + behind.slice(2),
      };
      return { written: written[kind], meaning };
    });
});

/** Slips that are other words, or names, and so may be meant. */
const otherWords = /\b(?:frida|sunda|sundy|sundas|sundae|sundry|monda|mondy|moday|munday)\b/;

describe('readTask', () => {
  it('reads a word about time that has a slip, or names it', () => {
    fc.assert(
      fc.property(slip, ({ written, meaning }) => {
        fc.pre(!otherWords.test(written));
        const { due, recurrence, remarks } = readTask(`Call Ann ${written}`, time);
        if (remarks === undefined)
          expect({ due, recurrence }).toEqual({ due: undefined, recurrence: undefined, ...meaning });
      }),
      { numRuns: 2000 },
    );
  });

  it('names a day that is glued to another word', () => {
    const day = fc.constantFrom('tomorrow', 'tonight', 'monday', 'wednesday', 'sunday');
    const word = fc.constantFrom('lunch', 'gym', 'dentist', 'call');
    fc.assert(
      fc.property(word, day, (noun, name) => {
        const { title, due, remarks } = readTask(`${noun}${name} with Ann`, time);
        expect({ title, due, says: remarks !== undefined }).toEqual({
          title: `${noun}${name} with Ann`,
          due: undefined,
          says: true,
        });
      }),
    );
  });
});
