import { expect, it } from '@jest/globals';
import { withoutUnused } from '../../../../src/chat-api/http/without-unused.ts';

const code = `'use strict';
const used = 1;
export const other = 2;
let kept;
if (used) {
    kept = inner;
}
async function inner() {
    return other2(...spread).property;
}
const spread = [];
export async function entry() { return kept + 'say quoted'; }
function other2() {}
export class Alone {}
function quoted() {}
function property() {}
`;

it('keeps what is reached from the used names, with the statements that belong to it, in its order', () => {
  expect(withoutUnused(code, ['entry', 'missing'])).toBe(
    code
      .replace('export const other = 2;\n', '')
      .replace('export class Alone {}\nfunction quoted() {}\nfunction property() {}\n', ''),
  );
  expect(withoutUnused(code, [])).toBe("'use strict';\n");
});
