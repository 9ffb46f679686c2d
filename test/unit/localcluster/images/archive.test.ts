import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { extract } from 'tar-stream';
import { writeArchive } from '../../../../localcluster/images/archive.ts';
import { writeLayer } from '../../../../localcluster/images/layer.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archive-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const atRoot = { destination: '', owner: { user: 0, group: 0 } };

/** A folder that has a bit of everything, made with these permissions and at this time. */
async function makeTree(name: string, mode: number, time: number): Promise<string> {
  const root = join(folder, name);
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(root, 'tmp'));
  await chmod(join(root, 'tmp'), 0o1777);
  await writeFile(join(root, 'bin/program'), 'run', { mode: mode | 0o100 });
  await writeFile(join(root, 'text'), 'read', { mode });
  await writeFile(join(root, `${'long-name/'.slice(0, -1)}-${'x'.repeat(180)}`), '');
  await symlink('bin/program', join(root, 'link'));
  await utimes(join(root, 'text'), time, time);
  return root;
}

async function entries(file: string) {
  const found = [];
  const tar = createReadStream(file).pipe(extract());
  for await (const entry of tar) {
    const { name, type, mode, uid, gid, mtime, linkname } = entry.header;
    found.push({ name, type, mode, uid, gid, time: mtime.getTime(), linkname, content: await buffer(entry) });
  }
  return found;
}

describe('writeLayer', () => {
  it('makes equal bytes of equal folders, whenever and under whichever umask they were made', async () => {
    const first = await writeLayer(await makeTree('a', 0o600, 1), atRoot, join(folder, 'a.tar'));
    const second = await writeLayer(await makeTree('b', 0o664, 1e9), atRoot, join(folder, 'b.tar'));
    expect(second).toEqual(first);
    expect(await readFile(join(folder, 'b.tar'))).toEqual(await readFile(join(folder, 'a.tar')));
  });

  it('tells the digest and the size of what it wrote', async () => {
    const blob = await writeLayer(await makeTree('a', 0o600, 1), atRoot, join(folder, 'a.tar'));
    const content = await readFile(join(folder, 'a.tar'));
    expect(blob).toEqual({
      digest: `sha256:${createHash('sha256').update(content).digest('hex')}`,
      bytes: content.length,
    });
  });

  it('keeps what can be run, links and the mode of /tmp; nothing has a time', async () => {
    await writeLayer(await makeTree('a', 0o600, 1e9), atRoot, join(folder, 'a.tar'));
    const found = await entries(join(folder, 'a.tar'));
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'bin/program', mode: 0o755, content: Buffer.from('run') }),
        expect.objectContaining({ name: 'text', mode: 0o644, uid: 0, gid: 0 }),
        expect.objectContaining({ name: 'link', type: 'symlink', linkname: 'bin/program' }),
        expect.objectContaining({ name: 'tmp', type: 'directory', mode: 0o1777 }),
      ]),
    );
    expect(new Set(found.map(({ time }) => time))).toEqual(new Set([0]));
  });

  it('gives what is copied to its owner, and the folders above to root', async () => {
    const placement = { destination: '/opt/deep', owner: { user: 65532, group: 65533 } };
    await writeLayer(await makeTree('a', 0o600, 1), placement, join(folder, 'a.tar'));
    const found = await entries(join(folder, 'a.tar'));
    expect(found.slice(0, 2)).toEqual([
      expect.objectContaining({ name: 'opt', uid: 0, gid: 0 }),
      expect.objectContaining({ name: 'opt/deep', uid: 0, gid: 0 }),
    ]);
    expect(found.find(({ name }) => name === 'opt/deep/text')).toMatchObject({ uid: 65532, gid: 65533 });
  });

  it('writes a folder before what is in it, and each once, whatever they are called', async () => {
    const name = fc.stringMatching(/^[a-z.\-]{1,4}$/).filter((text) => !/^\.+$/.test(text));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 3 }), { maxLength: 8 }),
        async (paths) => {
          const root = await mkdtemp(join(folder, 'tree-'));
          for (const path of paths) await mkdir(join(root, ...path), { recursive: true });
          await writeLayer(root, atRoot, `${root}.tar`);
          const seen = new Set(['']);
          for (const entry of await entries(`${root}.tar`)) {
            const path = entry.name.replace(/\/$/, '');
            expect(seen).toContain(path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
            expect(seen).not.toContain(path);
            seen.add(path);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('writeArchive', () => {
  async function archive(name: string) {
    const file = join(folder, `${name}.layer`);
    const layer = { ...(await writeLayer(await makeTree(name, 0o600, 1), atRoot, file)), file };
    const configuration = { Entrypoint: ['/bin/program'], User: '65532' };
    const digest = await writeArchive(join(folder, `${name}.tar`), 'localhost/some:1.2', configuration, [layer, layer]);
    return { digest, file: join(folder, `${name}.tar`), layer, configuration };
  }

  it('makes equal bytes of equal images', async () => {
    const [first, second] = [await archive('a'), await archive('b')];
    expect(second.digest).toBe(first.digest);
    expect(await readFile(second.file)).toEqual(await readFile(first.file));
  });

  it('is a layout in which every blob is called by its own digest, and everything named is there', async () => {
    const { digest, file, layer, configuration } = await archive('a');
    const files = new Map((await entries(file)).map((entry) => [entry.name, entry.content]));
    const json = (name: string) => JSON.parse(String(files.get(name))) as never;
    const blob = (name: string) => `blobs/${name.replace(':', '/')}`;
    for (const [name, content] of files) {
      if (!name.startsWith('blobs/')) continue;
      expect(name).toBe(blob(`sha256:${createHash('sha256').update(content).digest('hex')}`));
    }
    expect(json('oci-layout')).toEqual({ imageLayoutVersion: '1.0.0' });
    const index: { manifests: [{ digest: string; size: number; annotations: object }] } = json('index.json');
    expect(index.manifests[0]).toMatchObject({
      digest,
      size: files.get(blob(digest))?.length,
      annotations: { 'io.containerd.image.name': 'localhost/some:1.2', 'org.opencontainers.image.ref.name': '1.2' },
    });
    const manifest: { config: { digest: string; size: number }; layers: object[] } = json(blob(digest));
    expect(manifest.layers).toEqual(
      [0, 1].map(() => expect.objectContaining({ digest: layer.digest, size: layer.bytes })),
    );
    expect(manifest.config.size).toBe(files.get(blob(manifest.config.digest))?.length);
    expect(json(blob(manifest.config.digest))).toMatchObject({
      config: configuration,
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [layer.digest, layer.digest] },
    });
    expect(json('manifest.json')).toEqual([
      {
        Config: blob(manifest.config.digest),
        RepoTags: ['localhost/some:1.2'],
        Layers: [0, 1].map(() => blob(layer.digest)),
      },
    ]);
  });
});
