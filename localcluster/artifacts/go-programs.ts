import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../cache.ts';
import type { Report } from '../progress.ts';
import { versions } from '../versions.ts';
import { moduleFolder, requiredVersion } from './go-module.ts';
import { goProgram } from './go-toolchain.ts';
import { runProgram } from './tools.ts';

/**
 * No C compiler, no paths of this machine in the binaries, and no debugging information, which is a third of the time and
 * of the size. A lazy garbage collector saves the compiler another tenth, for some memory.
 */
const environment = { CGO_ENABLED: '0', GOGC: '800', GOWORK: 'off' };
const compileFlags = ['-trimpath', '-buildvcs=false', '-gcflags=all=-dwarf=false'];

/** `kube` (all of Kubernetes, etcd, kubectl and helm in one) and `coredns`: minutes when nothing is in Go's build cache. */
export const kubernetesPrograms = goPrograms({
  name: 'kubernetes',
  title: `Kubernetes ${versions.kubernetes}`,
  takes: 'about ten minutes on two cores, once',
  packages: ['kube', 'coredns'],
  linkFlags: `-s -w ${versionFlags(versions.kubernetes, requiredVersion('helm.sh/helm/v4'))}`,
  published: true,
});

/** `node` and `guard`, which set up the node and watch over it: seconds. */
export const nodePrograms = goPrograms({
  name: 'node-programs',
  title: "The node's own programs",
  packages: ['node', 'guard'],
  linkFlags: '-s -w',
});

/** `pause`, which holds a pod's network namespace. */
export const pauseProgram = goPrograms({
  name: 'pause',
  title: 'The pause program',
  packages: ['pause'],
  linkFlags: '-s -w',
});

interface GoPrograms {
  readonly name: string;
  readonly title: string;
  /** How long it takes, if so long that people wonder. */
  readonly takes?: string;
  /** Folders of the module; each becomes a program of that name. */
  readonly packages: readonly string[];
  readonly linkFlags: string;
  readonly published?: boolean;
}

function goPrograms(programs: GoPrograms): Artifact {
  const { name, title, takes, packages, linkFlags, published = false } = programs;
  return {
    name,
    title: `${title} (compiling${takes === undefined ? '' : `: ${takes}`})`,
    published,
    get inputs() {
      return [...compileFlags, linkFlags, ...sources(packages)];
    },
    async fill(folder, report) {
      await build(await goProgram(report), { folder, packages, linkFlags, report });
    },
  };
}

/** What release builds are told about themselves: `kubectl version`, the API server and `helm version` report it. */
function versionFlags(kubernetes: string, helm: string): string {
  const [major, minor] = kubernetes.split('.');
  const values = { gitVersion: `v${kubernetes}`, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
    .flatMap((variables) => Object.entries(values).map(([name, value]) => `-X=${variables}.${name}=${value}`))
    .concat(`-X=helm.sh/helm/v4/internal/version.version=v${helm}`)
    .join(' ');
}

function sources(packages: readonly string[]): string[] {
  const files = packages.flatMap((folder) =>
    readdirSync(join(moduleFolder, folder))
      .filter((file) => file.endsWith('.go') && !file.endsWith('_test.go'))
      .sort()
      .map((file) => join(folder, file)),
  );
  return ['go.mod', 'go.sum', ...files].flatMap((file) => [file, readFileSync(join(moduleFolder, file), 'utf8')]);
}

interface Build extends Pick<GoPrograms, 'packages' | 'linkFlags'> {
  readonly folder: string;
  readonly report: Report;
}

/** Go's own build cache keeps every compiled package, so that an interrupted build goes on where it stopped. */
async function build(go: string, { folder, packages, linkFlags, report }: Build): Promise<void> {
  const targets = packages.map((name) => `./${name}`);
  const options = { folder: moduleFolder, environment };
  report('downloading modules');
  const stale = await runProgram(
    go,
    ['list', ...compileFlags, '-deps', '-f', '{{if .Stale}}{{.ImportPath}}{{end}}', ...targets],
    options,
  );
  const total = stale.split('\n').filter(Boolean).length;
  const started = performance.now();
  let compiled = 0;
  await runProgram(go, ['build', '-v', ...compileFlags, `-ldflags=${linkFlags}`, '-o', `${folder}/`, ...targets], {
    ...options,
    onLine: (line) => {
      if (/^\S+$/.test(line)) compiled += 1;
      report(compiled < total ? howFar(compiled, total, (performance.now() - started) / 1000) : 'linking');
    },
  });
}

/** From here on the packages so far say something about those to come. */
const tellingShare = 0.1;

/** Such as "package 900 of 3000, about 6 minutes left": at the pace so far. */
export function howFar(compiled: number, total: number, seconds: number): string {
  const place = `package ${compiled} of ${total}`;
  if (compiled < total * tellingShare) return place;
  const minutes = Math.ceil(((seconds / compiled) * (total - compiled)) / 60);
  return `${place}, about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} left`;
}
