import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { baseLibraries, findFile } from '../../../localcluster/artifacts/debian-packages.ts';
import { packageFolder } from '../../../localcluster/artifacts/npm-packages.ts';
import { ensure } from '../../../localcluster/cache.ts';
import { baseLayer } from '../../../localcluster/images/base.ts';
import { kafkaEventsImage } from '../../../localcluster/images/kafka-events/image.ts';
import { buildImage, type BuiltImage } from '../../../localcluster/images/build.ts';
import { partsFolder } from '../../../localcluster/parts/parts-folder.ts';
import { readSettings } from '../../../localcluster/settings.ts';

/** Builds the Dockerfile at the root as users do, but on base images that are made here: nothing is pulled. */
const settings = readSettings();
const bases = ['docker.io/library/node:24.21.0-bookworm-slim', 'gcr.io/distroless/cc-debian12:nonroot'] as const;
const limitMilliseconds = 600_000;
const buildah = await findBuildah();
const why = buildah ?? 'skipped: it needs root and buildah 1.28 or later (apt-get install buildah)';

let folder: string;
let container: string;
let root: string;

async function findBuildah(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const { stdout, failed } = await execa('buildah', ['--version'], { reject: false });
  return failed ? undefined : stdout.trim();
}

async function run(...args: string[]): Promise<string> {
  const places = [`--root=${join(folder, 'storage')}`, `--runroot=${join(folder, 'run')}`, '--storage-driver=vfs'];
  return (await execa('buildah', [...places, ...args], { env: { TMPDIR: folder } })).stdout.trim();
}

/** An image of one folder. */
async function makeImage(name: string, content: string, ...configuration: string[]): Promise<void> {
  const working = await run('from', 'scratch');
  await run('copy', '--quiet', working, content, '/');
  await run('config', ...configuration, working);
  await run('commit', '--quiet', working, name);
  await run('rm', working);
}

/** What the build stages use of node:bookworm-slim: Node, npm, a shell and find. */
async function stageNode(to: string): Promise<void> {
  await mkdir(join(to, 'usr/local/lib/node_modules'), { recursive: true });
  for (const name of ['bin', 'usr/bin', 'usr/local/bin']) await mkdir(join(to, name), { recursive: true });
  await copyFile(join(packageFolder('node'), 'bin/node'), join(to, 'usr/local/bin/node'));
  const busybox = await findFile(await ensure(settings, baseLibraries), '**/bin/busybox');
  await copyFile(busybox, join(to, 'bin/busybox'));
  await symlink('busybox', join(to, 'bin/sh'));
  for (const name of ['env', 'find', 'rm']) await symlink('/bin/busybox', join(to, 'usr/bin', name));
  const { stdout: npm } = await execa('sh', ['-c', 'command -v npm']);
  await cp(join(dirname(await realpath(npm)), '..'), join(to, 'usr/local/lib/node_modules/npm'), { recursive: true });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(to, 'usr/local/bin/npm'));
}

/** The layers of an image over one another. A local cluster takes the same image, which is therefore not built twice. */
async function unpack({ archive }: BuiltImage, to: string): Promise<string> {
  await mkdir(to);
  const { stdout } = await execa('tar', ['-xOf', archive, 'manifest.json']);
  const [{ Layers: layers }] = JSON.parse(stdout) as [{ Layers: string[] }];
  for (const layer of layers)
    await execa('bash', ['-c', 'tar -xOf "$0" "$1" | tar -xC "$2" --no-same-owner', archive, layer, to]);
  return to;
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .toSorted();
}

(buildah ? describe : describe.skip)(`the image of the Dockerfile (${why})`, () => {
  beforeAll(async () => {
    // Storage of the kind vfs copies whole images again and again.
    folder = await mkdtemp(join(await partsFolder(), 'dockerfile-'));
    const [node, distroless] = [join(folder, 'node'), join(folder, 'distroless')];
    for (const base of [node, distroless]) {
      await mkdir(base);
      await baseLayer.stage(settings, base);
    }
    await stageNode(node);
    // A proxy's certificate authority, say, which this machine trusts.
    const { NODE_EXTRA_CA_CERTS: authorities } = process.env;
    if (authorities) await copyFile(authorities, join(node, 'etc/ssl/certs/ca-certificates.crt'));
    const trust = '--env=NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt';
    await makeImage(bases[0], node, '--env=PATH=/usr/local/bin:/usr/bin:/bin', trust);
    await makeImage(bases[1], distroless);
    await writeFile(join(folder, 'policy.json'), JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }));
    const policy = `--signature-policy=${join(folder, 'policy.json')}`;
    // What npm has downloaded for this machine before, it need not download again.
    const { stdout: npmCache } = await execa('npm', ['config', 'get', 'cache']);
    const options = ['--isolation=chroot', '--pull=never', policy, `--volume=${npmCache}:/root/.npm`];
    await run('build', ...options, '--build-arg=REVISION=abc', '--tag=built', '.');
    container = await run('from', '--pull=never', policy, 'built');
    root = await run('mount', container);
  }, limitMilliseconds);

  afterAll(async () => {
    if (container) await run('rm', container);
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'has the files of the one that is built without Docker',
    async () => {
      const ours = await unpack(await buildImage(settings, kafkaEventsImage), join(folder, 'ours'));
      const [packages, programs] = [join(ours, 'app/node_modules'), join(ours, 'app/dist')];
      expect(await filesIn(join(root, 'app/node_modules'))).toEqual(await filesIn(packages));
      expect(await filesIn(join(root, 'app/dist'))).toEqual(await filesIn(programs));
      for (const file of await filesIn(programs)) {
        expect(await readFile(join(root, 'app/dist', file), 'utf8')).toBe(await readFile(join(programs, file), 'utf8'));
      }
      expect((await readdir(join(root, 'app'))).toSorted()).toEqual(['dist', 'node_modules', 'package.json']);
    },
    limitMilliseconds,
  );

  it('runs as nobody, with labels that say where it comes from', async () => {
    const { OCIv1 } = JSON.parse(await run('inspect', '--type=image', 'built')) as {
      OCIv1: { config: { User: string; Entrypoint: string[]; WorkingDir: string; Labels: Record<string, string> } };
    };
    expect(OCIv1.config).toMatchObject({ User: '65532:65532', Entrypoint: ['node'], WorkingDir: '/app' });
    expect(OCIv1.config.Labels).toMatchObject({ 'org.opencontainers.image.revision': 'abc' });
  });

  it('starts its programs', async () => {
    const inRoot = ['--userspec=65532:65532', root, '/usr/local/bin/node'];
    const options = { extendEnv: false, env: { PATH: process.env['PATH'] }, all: true, reject: false } as const;
    expect((await execa('chroot', [...inRoot, '--version'], options)).all).toBe(process.version);
    // All of its modules are there by the time that it misses its configuration.
    expect((await execa('chroot', [...inRoot, '/app/dist/bin/operator.js'], options)).all).toContain(
      'Invalid environment variables',
    );
  });
});
