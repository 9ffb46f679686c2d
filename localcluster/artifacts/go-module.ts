import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The Go module that every program of the local cluster is part of. */
export const moduleFolder = join(import.meta.dirname, '..');

/**
 * Which version go.mod requires of a module, without its "v".
 *
 * @throws {Error} when it requires none
 */
export function requiredVersion(modulePath: string): string {
  const lines = readFileSync(join(moduleFolder, 'go.mod'), 'utf8').split('\n');
  const version = lines.map((line) => line.trim().split(' ')).find(([path]) => path === modulePath)?.[1];
  if (!version) throw new Error(`go.mod requires no ${modulePath}`);
  return version.replace(/^v/, '');
}
