import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goProgram } from '../../localcluster/artifacts/go-toolchain.ts';
import { runProgram } from '../../localcluster/artifacts/tools.ts';
import type { Artifact } from '../../localcluster/cache.ts';
import type { Report } from '../../localcluster/progress.ts';

const environment = { CGO_ENABLED: '0', GOGC: '800', GOWORK: 'off' };
const flags = ['-trimpath', '-buildvcs=false', '-gcflags=all=-dwarf=false', '-ldflags=-s -w'];

/** `gitops`: what the libraries of Argo CD and Flux make of manifests and resources. */
export const gitOpsLibraries = goArtifact({
  name: 'gitops-libraries',
  title: 'The libraries of Argo CD and Flux (compiling: about five minutes, once)',
  module: join(import.meta.dirname, 'libraries'),
  async fill({ run, folder }) {
    await run(['build', ...flags, '-o', join(folder, 'gitops'), '.']);
  },
});

const cloudNativePgModule = 'github.com/cloudnative-pg/cloudnative-pg';

/** `manager` is the operator; `crds.yaml` and `webhooks.yaml` are what is applied for it. */
export const cloudNativePg = goArtifact({
  name: 'cloudnative-pg',
  title: 'CloudNativePG (compiling: about five minutes, once)',
  module: join(import.meta.dirname, 'cloudnative-pg'),
  async fill({ run, folder }) {
    await run(['build', ...flags, '-o', join(folder, 'manager'), `${cloudNativePgModule}/cmd/manager`]);
    await copyManifests(join(await run(['list', '-m', '-f', '{{.Dir}}', cloudNativePgModule]), 'config'), folder);
  },
});

interface GoArtifact {
  readonly name: string;
  readonly title: string;
  /** The folder of a Go module, whose go.sum has the checksum of everything that is downloaded. */
  readonly module: string;
  readonly fill: (go: { run: (args: readonly string[]) => Promise<string>; folder: string }) => Promise<void>;
}

function goArtifact({ name, title, module, fill }: GoArtifact): Artifact {
  return {
    name,
    title,
    get inputs() {
      const files = readdirSync(module).sort();
      return [...flags, ...files.flatMap((file) => [file, readFileSync(join(module, file), 'utf8')])];
    },
    async fill(folder: string, report: Report) {
      const go = await goProgram(report);
      report('compiling');
      await fill({ run: (args) => runProgram(go, args, { folder: module, environment }), folder });
    },
  };
}

async function copyManifests(from: string, to: string): Promise<void> {
  const crds = join(from, 'crd/bases');
  const texts = await Promise.all((await readdir(crds)).map((file) => readFile(join(crds, file), 'utf8')));
  await writeFile(join(to, 'crds.yaml'), texts.join('\n---\n'));
  await writeFile(join(to, 'webhooks.yaml'), await readFile(join(from, 'webhook/manifests.yaml')));
}
