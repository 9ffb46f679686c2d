import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import LongestFirst, { seconds } from '../../runner/longest-first.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kafka-events-order-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function ofSize(name: string, bytes: number): string {
  const path = join(folder, name);
  writeFileSync(path, 'x'.repeat(bytes));
  return path;
}

it('begins with the files that take longest, then takes the largest', () => {
  const known = Object.keys(seconds).map((file) => resolve(file));
  const [small, large] = [ofSize('small', 1), ofSize('large', 100_000)];
  const tests = [small, ...known.toReversed(), large].map((path) => ({ path }) as never);
  expect(new LongestFirst().sort(tests).map(({ path }) => path)).toEqual([...known, large, small]);
});

it('knows no file that is gone', () => {
  expect(Object.keys(seconds).filter((file) => !existsSync(file))).toEqual([]);
});
