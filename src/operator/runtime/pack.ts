/**
 * Makes an npm package of the runtime, for projects of their own: `node pack.ts FOLDER` writes operator-runtime-VERSION.tgz
 * into the folder (build when left out), and its path to stdout.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';

const runtime = import.meta.dirname;
const project = join(runtime, '../../..');
const sources = join(project, 'src');

/** What users of the package import, as `operator-runtime/manager`. All else may change from one version to the next. */
const entries = {
  manager: 'manager.ts',
  metrics: 'metrics.ts',
  'object-kind': 'object-kind.ts',
  objects: 'objects.ts',
  controller: 'reconcile/controller.ts',
  readiness: 'reconcile/readiness.ts',
  informer: 'cache/informer.ts',
  'leader-election': 'leadership/leader-election.ts',
  'find-api-server': 'transport/find-api-server.ts',
  'http-transport': 'transport/http-transport.ts',
  'kubernetes-client': 'transport/kubernetes-client.ts',
  'kubernetes-error': 'transport/kubernetes-error.ts',
  'conversion/convertible-kind': 'conversion/convertible-kind.ts',
  'conversion/conversion-webhook': 'conversion/conversion-webhook.ts',
  'conversion/crd-conversion': 'conversion/crd-conversion.ts',
  'testing/connection': 'testing/connection.ts',
  'testing/eventually': 'testing/eventually.ts',
  'testing/faulty-proxy': 'testing/faulty-proxy.ts',
  'testing/install-crds': 'testing/install-crds.ts',
  'testing/manual-clock': 'testing/manual-clock.ts',
  'testing/round-trips': 'testing/round-trips.ts',
  'testing/running-manager': 'testing/running-manager.ts',
  'testing/seen-by-people': 'testing/seen-by-people.ts',
  'lib/clock': '../../lib/clock.ts',
  'lib/errors': '../../lib/errors.ts',
  'lib/kubernetes-object': '../../lib/kubernetes-object.ts',
  'lib/lifecycle': '../../lib/lifecycle.ts',
  'lib/log': '../../lib/log.ts',
  'lib/metrics': '../../lib/metrics.ts',
};

interface ProjectManifest {
  readonly version: string;
  readonly license: string;
  readonly engines: object;
  readonly dependencies: Readonly<Record<string, string>>;
}

const target = resolve(process.argv[2] ?? join(project, 'build'));
await mkdir(target, { recursive: true });
const folder = await mkdtemp(join(tmpdir(), 'operator-runtime-'));
try {
  const packages = compile(folder);
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(await manifest(packages), null, 2)}\n`);
  await cp(join(runtime, 'README.md'), join(folder, 'README.md'));
  await cp(join(project, 'LICENSE'), join(folder, 'LICENSE'));
  const options = ['pack', '--json', '--ignore-scripts', `--pack-destination=${target}`];
  const { stdout } = await promisify(execFile)('npm', options, { cwd: folder });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  console.log(join(target, filename));
} finally {
  await rm(folder, { recursive: true });
}

/**
 * Writes JavaScript and declarations of the entries and of what these import, and nothing else.
 *
 * @returns the names of the packages that they import
 */
function compile(outDir: string): Set<string> {
  const { config } = ts.readConfigFile(join(project, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, project);
  const emitted = { noEmit: false, declaration: true, noEmitOnError: true, rootDir: sources, outDir };
  const files = Object.values(entries).map((entry) => join(runtime, entry));
  const program = ts.createProgram(files, { ...options, ...emitted });
  const diagnostics = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, formatHost));
  const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(`${sources}/`));
  return new Set(own.flatMap(({ text }) => ts.preProcessFile(text).importedFiles.flatMap(packageOf)));
}

const formatHost: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => project,
  getNewLine: () => '\n',
};

function packageOf({ fileName }: ts.FileReference): string[] {
  if (/^(\.|node:)/.test(fileName)) return [];
  return [/^(@[^/]+\/)?[^/]+/.exec(fileName)![0]];
}

/** @throws {Error} when one of the packages is no dependency of the project, or of its tests only */
async function manifest(packages: ReadonlySet<string>): Promise<object> {
  const text = await readFile(join(project, 'package.json'), 'utf8');
  const { version, license, engines, dependencies } = JSON.parse(text) as ProjectManifest;
  const missing = [...packages].filter((name) => !(name in dependencies));
  if (missing.length > 0) throw new Error(`no dependencies in package.json: ${missing.join(', ')}`);
  return {
    name: 'operator-runtime',
    version,
    description: 'A runtime for Kubernetes operators in TypeScript.',
    license,
    type: 'module',
    engines,
    exports: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [`./${name}`, exported(entry)])),
    dependencies: Object.fromEntries([...packages].toSorted().map((name) => [name, dependencies[name]])),
    // The declarations name types of Node.
    peerDependencies: { '@types/node': '>=24' },
    peerDependenciesMeta: { '@types/node': { optional: true } },
  };
}

function exported(entry: string) {
  const path = `./${relative(sources, join(runtime, entry)).replace(/\.ts$/, '')}`;
  return { types: `${path}.d.ts`, default: `${path}.js` };
}
