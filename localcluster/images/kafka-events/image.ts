import { existsSync, readFileSync } from 'node:fs';
import { copyFile, cp, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { nodeRuntime } from '../../artifacts/node-runtime.ts';
import { packageFolder, packageVersion, projectVersion } from '../../artifacts/npm-packages.ts';
import { productionPackages } from '../../artifacts/production-packages.ts';
import { runProgram } from '../../artifacts/tools.ts';
import { artifactKey, ensure } from '../../cache.ts';
import { projectFolder } from '../../settings.ts';
import { baseLayer } from '../base.ts';
import type { Image, Layer } from '../image.ts';

export const nodeLayer: Layer = {
  name: 'node',
  inputs: (settings) => [artifactKey(nodeRuntime(settings))],
  sources: [import.meta.filename],
  stage: async (settings, folder) =>
    copyFile(join(await ensure(settings, nodeRuntime(settings)), 'node'), join(folder, 'node')),
};

export const dependenciesLayer: Layer = {
  name: 'dependencies',
  inputs: () => [artifactKey(productionPackages)],
  sources: [import.meta.filename],
  stage: async (settings, folder) =>
    cp(await ensure(settings, productionPackages), folder, { recursive: true, verbatimSymlinks: true }),
};

const sourceFolder = join(projectFolder, 'src');

/** The programs alone: the only layer that a change of the sources rewrites. */
const applicationLayer: Layer = {
  name: 'application',
  inputs: async () => [packageVersion('typescript'), ...(await sourceTexts())],
  sources: [import.meta.filename, ...['package.json', 'tsconfig.json', 'tsconfig.build.json'].map(inProject)],
  async stage(_settings, folder) {
    await compile(join(folder, 'dist'));
    await copyFile(inProject('package.json'), join(folder, 'package.json'));
  },
};

/** The operator, the chat API and the reminder worker: which one runs is the argument, dist/bin/operator.js. */
export const kafkaEventsImage: Image = {
  name: 'kafka-events',
  reference: `localhost/kafka-events:${projectVersion()}`,
  layers: [baseLayer, nodeLayer, dependenciesLayer, applicationLayer],
};

function inProject(file: string): string {
  return join(projectFolder, file);
}

/** Compiles the sources, and copies what stands among them and is not to be compiled, such as pages. */
async function compile(folder: string): Promise<void> {
  if (!existsSync(sourceFolder)) return;
  const compiler = join(packageFolder('typescript'), 'bin/tsc');
  await runProgram(process.execPath, [compiler, '-p', inProject('tsconfig.build.json'), '--outDir', folder]);
  await cp(sourceFolder, folder, { recursive: true, filter: (path) => !path.endsWith('.ts') });
}

/** The path and the content of every source. */
async function sourceTexts(): Promise<string[]> {
  if (!existsSync(sourceFolder)) return [];
  const entries = await readdir(sourceFolder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.sort().flatMap((path) => [relative(sourceFolder, path), readFileSync(path, 'latin1')]);
}
