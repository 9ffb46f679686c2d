import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensure, type Artifact } from '../../../localcluster/cache.ts';
import { binariesFile, fetchBinaries } from '../../../localcluster/fetch-binaries.ts';
import { packBinaries } from '../../../localcluster/publish-binaries.ts';
import { readSettings, type Settings } from '../../../localcluster/settings.ts';

let folder: string;
let published: string;
let server: Server;
/** A request for one of these is answered with an error, or broken off. */
let failing: Map<string, number | 'hang up'>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fetch-'));
  published = join(folder, 'published');
  failing = new Map();
  server = createServer((request, response) => {
    const name = (request.url ?? '').slice('/release/'.length);
    const failure = failing.get(name);
    if (failure === 'hang up')
      return void response.writeHead(200, { 'content-length': 1000 }).write('half', () => response.destroy());
    if (failure) return void response.writeHead(failure).end();
    readFile(join(published, name)).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

/** One that says where it came from. */
const artifact: Artifact = {
  name: 'some',
  title: 'Something',
  inputs: ['1'],
  published: true,
  fill: async (path) => {
    await mkdir(join(path, 'bin'));
    await writeFile(join(path, 'bin/program'), 'built', { mode: 0o755 });
  },
};

const local = (name: string): Settings => readSettings({ XDG_CACHE_HOME: join(folder, name) });

/** With a slash at its end, as people write it. */
const withRelease = (name: string): Settings =>
  readSettings({
    XDG_CACHE_HOME: join(folder, name),
    KAFKA_EVENTS_BINARIES_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/release/`,
  });

/** Publishes the artifact with another content, by which it is told from a built one. */
async function publish(): Promise<void> {
  const fetched = {
    ...artifact,
    fill: async (path: string) => writeFile(join(path, 'program'), 'fetched', { mode: 0o755 }),
  };
  await packBinaries(local('publisher'), fetched, published);
}

const isFetched = async (path: string) => (await readdir(path)).includes('program');

describe('fetchBinaries', () => {
  it('fills the folder with what was published', async () => {
    await publish();
    const path = await ensure(withRelease('user'), artifact);
    expect(await readFile(join(path, 'program'), 'utf8')).toBe('fetched');
    expect(await readdir(join(path, '..'))).not.toContainEqual(expect.stringMatching(/partial|tar/));
  });

  it('builds what is not published', async () => {
    expect(await isFetched(await ensure(withRelease('user'), artifact))).toBe(false);
  });

  it.each<[string, (name: string) => Promise<void>]>([
    ['another checksum', (name) => writeFile(join(published, `${name}.sha256`), `${'0'.repeat(64)}  ${name}\n`)],
    ['another content', (name) => writeFile(join(published, name), 'garbage')],
    ['a checksum but no archive', (name) => rm(join(published, name))],
    ['an archive but no checksum', (name) => rm(join(published, `${name}.sha256`))],
    ['an archive that breaks off', (name) => Promise.resolve(void failing.set(name, 'hang up'))],
    ['an archive that cannot be had today', (name) => Promise.resolve(void failing.set(name, 503))],
  ])('builds instead of taking %s, and leaves nothing of it', async (_what, spoil) => {
    await publish();
    await spoil(binariesFile(artifact));
    const path = await ensure(withRelease('user'), artifact);
    expect(await readdir(path)).toEqual(['bin']);
    expect(await readdir(join(path, '..'))).not.toContainEqual(expect.stringMatching(/partial|tar/));
  });

  it('builds when nobody answers', async () => {
    await publish();
    const settings = withRelease('user');
    server.close();
    await once(server, 'close');
    expect(await isFetched(await ensure(settings, artifact))).toBe(false);
  });

  it('does not ask for what no release has, nor when no place is given', async () => {
    await publish();
    const path = join(folder, 'empty');
    await mkdir(path);
    expect(await fetchBinaries(withRelease('user'), { ...artifact, published: false }, path)).toBe(false);
    expect(await fetchBinaries(local('user'), artifact, path)).toBe(false);
    expect(await readdir(path)).toEqual([]);
  });
});

describe('packBinaries', () => {
  it('makes equal bytes of equal content, wherever and whenever it was built', async () => {
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    await packBinaries(local('one'), artifact, first);
    await packBinaries(local('two'), artifact, second);
    expect((await readdir(first)).sort()).toEqual([binariesFile(artifact), `${binariesFile(artifact)}.sha256`]);
    for (const name of await readdir(first)) {
      expect(await readFile(join(second, name))).toEqual(await readFile(join(first, name)));
    }
  });
});
