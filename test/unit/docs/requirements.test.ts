import { expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';

const rows = readFileSync('docs/requirements.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| (FR|SC)-\d{3} /.test(line))
  .map((line) => ({ id: line.slice(2, 8), line }));

/** FR-001 to FR-028, SC-001 to SC-005. */
const wanted = [
  ...Array.from({ length: 28 }, (_, index) => `FR-${String(index + 1).padStart(3, '0')}`),
  ...Array.from({ length: 5 }, (_, index) => `SC-${String(index + 1).padStart(3, '0')}`),
];

it('Every requirement has its row', () => {
  expect(rows.map(({ id }) => id)).toEqual(wanted);
});

it.each(rows)('The tests that show $id exist', ({ line }) => {
  const tests = [...line.matchAll(/\[[^\]]+\]\(\.\.\/([^)]+)\)(?:: "([^"]+)")?/g)];
  expect(tests.length).toBeGreaterThan(0);
  for (const [, file = '', name = ''] of tests) {
    expect({ file, exists: existsSync(file) }).toEqual({ file, exists: true });
    expect(readFileSync(file, 'utf8')).toContain(name);
  }
});
