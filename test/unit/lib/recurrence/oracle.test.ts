import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nextOccurrence } from '../../../../src/lib/recurrence.ts';

/** A random recurrence and its next occurrence by dateutil; see generate-occurrences.py. */
interface Row {
  readonly rule: string;
  readonly start: string;
  readonly after: string;
  readonly next: string | null;
}

const file = fileURLToPath(new URL('occurrences.jsonl', import.meta.url));
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

describe('nextOccurrence', () => {
  it(`says what dateutil says of ${rows.length} random rules, up to 20 years after their starts`, () => {
    const differing = rows.filter(({ rule, start, after, next }) => {
      const found = nextOccurrence({ rule, time_zone: 'UTC' }, new Date(start), new Date(after));
      return found?.getTime() !== (next === null ? undefined : Date.parse(next));
    });
    expect(rows.length).toBeGreaterThanOrEqual(2000);
    expect(differing).toEqual([]);
  });
});
