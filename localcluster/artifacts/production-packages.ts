import { readFileSync } from 'node:fs';
import { copyFile, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Artifact } from '../cache.ts';
import { projectFolder } from '../settings.ts';
import { runTool } from './tools.ts';

const manifests = ['package.json', 'package-lock.json', '.npmrc'] as const;

/** What programs load, and licenses. Type declarations, source maps and documents are two thirds of the bytes. */
const kept = /\.(?:js|cjs|mjs|json|wasm|node)$|^(?:licen[cs]e|copying|notice)/i;

/** Folders of a package that its programs do not load from. */
const dropped = /(?:^|\/)(?:@types|tests?|docs?|examples?|benchmarks?)\//;

/** `node_modules` as the programs need it at run time: what package-lock.json pins, less what only developers read. */
export const productionPackages: Artifact = {
  name: 'production-packages',
  title: 'npm packages for the image',
  get inputs() {
    return [readFileSync(join(projectFolder, 'package-lock.json'), 'utf8'), String(kept), String(dropped)];
  },
  async fill(folder, report) {
    for (const file of manifests) await copyFile(join(projectFolder, file), join(folder, file));
    report('installing');
    await runTool('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], { folder });
    report('trimming');
    for (const file of manifests) await rm(join(folder, file));
    await trim(join(folder, 'node_modules'));
  },
};

async function trim(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const isNeeded = kept.test(entry.name) && !dropped.test(relative(folder, path));
    if (!entry.isDirectory() && !isNeeded) await rm(path);
  }
}
