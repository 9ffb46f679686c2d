import fc, { type Arbitrary } from 'fast-check';
import { asPeopleWrite } from '../unit/chat-api/quick-add/sentences/as-people-write.ts';
import { commands } from '../unit/chat-api/quick-add/sentences/commands.ts';
import { shorthand } from '../unit/chat-api/quick-add/sentences/shorthand.ts';

/** Most pieces are words that the grammar knows, in any order; the rest is what keyboards and programs can send. */
const words = [
  ...new Set([...asPeopleWrite, ...shorthand, ...commands].flatMap(([sentence]) => sentence.split(/\s+/))),
];
const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...words) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '"',
      '\n',
      '#',
      '!',
      '-',
      '/',
      '0',
      '99999999999',
      '1e9',
      '٣',
      'İ',
      'toString',
      '__proto__',
    ),
  },
);

/** Chat messages, of which few make sense. */
export const arbitraryMessage: Arbitrary<string> = fc
  .array(piece, { minLength: 1, maxLength: 25 })
  .map((pieces) => pieces.join(' '));
