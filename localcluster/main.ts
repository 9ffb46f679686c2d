import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { down } from './cluster/down.ts';
import { kubeconfigFile } from './cluster/kubectl.ts';
import { prepareParts } from './cluster/prepare.ts';
import { up } from './cluster/up.ts';
import { prepareTestParts } from './parts/prepare.ts';
import { buildImages, stageContext } from './images/build.ts';
import { allImages } from './images/images.ts';
import { say } from './progress.ts';
import { projectFolder, readSettings, type Settings } from './settings.ts';

/** The local cluster's commands, as the Makefile calls them: `node localcluster/main.ts up`. */
const commands: Record<string, (settings: Settings) => Promise<void>> = {
  up: (settings) => up(settings),
  down,
  /** All that the cluster and the tests need, without starting anything. */
  prepare: async (settings) => {
    await Promise.all([prepareParts(settings), prepareTestParts(settings)]);
  },
  images: async (settings) => {
    for (const { reference, bytes, archive } of await buildImages(settings)) {
      process.stdout.write(`${reference.padEnd(32)} ${(bytes / 1e6).toFixed(1).padStart(6)} MB  ${archive}\n`);
    }
  },
  /** A folder for each image that `docker build` takes as it is. */
  'docker-contexts': async (settings) => {
    for (const image of allImages) {
      const folder = join(projectFolder, 'build', 'images', image.name);
      await rm(folder, { recursive: true, force: true });
      await stageContext(settings, image, folder);
      process.stdout.write(`docker build --tag ${image.reference} ${relative(process.cwd(), folder)}\n`);
    }
  },
  kubeconfig: async (settings) => {
    process.stdout.write(`${kubeconfigFile(settings)}\n`);
    return Promise.resolve();
  },
};

const name = process.argv[2] ?? '';
const command = commands[name];
if (!command) {
  say(`There is no command "${name}"; there are: ${Object.keys(commands).join(', ')}`);
  process.exit(2);
}
try {
  await command(readSettings());
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(1); // what still goes on side by side is of no use any more
}
