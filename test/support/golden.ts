import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@jest/globals';
import { stringify } from 'yaml';

/**
 * Compares manifests with the file `golden/<name>.yaml` beside the test, so that every change of what is rendered shows
 * in a review. With UPDATE_GOLDEN=1 the file is written instead; one that is missing fails.
 */
export function expectGolden(testFolder: string, name: string, manifests: readonly object[]): void {
  const file = join(testFolder, 'golden', `${name}.yaml`);
  const rendered = manifests
    .map((manifest) => stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 0 }))
    .join('---\n');
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, rendered);
  }
  expect(existsSync(file) ? readFileSync(file, 'utf8') : `${file} is missing`).toBe(rendered);
}
