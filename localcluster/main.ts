import { down } from './cluster/down.ts';
import { kubeconfigFile } from './cluster/kubectl.ts';
import { prepareParts } from './cluster/prepare.ts';
import { up } from './cluster/up.ts';
import { prepareTestParts } from './parts/prepare.ts';
import { say } from './progress.ts';
import { readSettings, type Settings } from './settings.ts';

/** The local cluster's commands, as the Makefile calls them: `node localcluster/main.ts up`. */
const commands: Record<string, (settings: Settings) => Promise<void>> = {
  up,
  down,
  /** All that the cluster and the tests need, without starting anything. */
  prepare: async (settings) => {
    await Promise.all([prepareParts(settings), prepareTestParts(settings)]);
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
