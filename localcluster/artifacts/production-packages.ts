import { minify } from '@swc/core';
import { readFileSync } from 'node:fs';
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../cache.ts';
import { projectFolder } from '../settings.ts';
import { runTool } from './tools.ts';

const manifests = ['package.json', 'package-lock.json', '.npmrc'] as const;

/** What programs load, and licenses. Type declarations, source maps and documents are two thirds of the bytes. */
const kept = /\.(?:js|cjs|mjs|json|wasm|node)$|^(?:licen[cs]e|copying|notice)/i;

/** `node_modules` as the programs need it at run time: what package-lock.json pins, less what only developers read. */
export const productionPackages: Artifact = {
  name: 'production-packages',
  title: 'npm packages for the image',
  get inputs() {
    const rules = [kept, program].map(String);
    return [readFileSync(join(projectFolder, 'package-lock.json'), 'utf8'), ...rules, JSON.stringify(sameProgram)];
  },
  async fill(folder, report) {
    for (const file of manifests) await copyFile(join(projectFolder, file), join(folder, file));
    report('installing');
    await runTool('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], { folder });
    report('trimming');
    for (const file of manifests) await rm(join(folder, file));
    await trim(join(folder, 'node_modules'));
    await stripComments(join(folder, 'node_modules'));
  },
};

async function trim(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !kept.test(entry.name)) await rm(path);
  }
}

const program = /\.(?:js|cjs|mjs)$/;

/** Nothing is renamed or rewritten: what goes is white space, and comments other than licenses. */
const sameProgram = { compress: false, mangle: false, module: 'unknown', format: { comments: 'some' } } as const;

/** Half of what is left, most of it the comments of generated clients. What cannot be parsed stays as it is. */
async function stripComments(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !program.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const stripped = await minify(await readFile(path, 'utf8'), sameProgram).catch(() => undefined);
    if (stripped) await writeFile(path, stripped.code);
  }
}
