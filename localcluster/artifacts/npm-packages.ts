import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectFolder } from '../settings.ts';

const manifest = z.object({ version: z.string() });

/** Where `npm install` put a package. */
export function packageFolder(name: string): string {
  return join(projectFolder, 'node_modules', name);
}

/** @throws {Error} when the package is not installed */
export function packageVersion(name: string): string {
  return versionIn(packageFolder(name));
}

/** The version of kafka-events itself. */
export function projectVersion(): string {
  return versionIn(projectFolder);
}

function versionIn(folder: string): string {
  return manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).version;
}
