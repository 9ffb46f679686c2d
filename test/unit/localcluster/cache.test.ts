import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import fc from 'fast-check';
import { artifactFolder, artifactKey, ensure, type Artifact } from '../../../localcluster/cache.ts';
import { readSettings } from '../../../localcluster/settings.ts';
import { until } from '../../support/until.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'cache-'));
});

afterEach(async () => {
  await rm(home, { recursive: true });
});

const settings = () => readSettings({ XDG_CACHE_HOME: home });

function artifactOf(inputs: readonly string[], fill: Artifact['fill'] = () => Promise.resolve()): Artifact {
  return { name: 'some', title: 'Something', inputs, fill };
}

/** Wants the artifact in a process of its own, as two checkouts of a developer do at once. */
function ensureInProcess(milliseconds: number) {
  const script = join(import.meta.dirname, '../../support/ensure-artifact.ts');
  return execa(process.execPath, [script, home, String(milliseconds)]);
}

const fills = async () => (await readFile(join(home, 'fills'), 'utf8')).trim().split('\n').length;

describe('artifactKey', () => {
  it('is the same for the same inputs, and another for any others, however they are cut', () => {
    const inputs = fc.array(fc.string());
    fc.assert(
      fc.property(inputs, inputs, (some, others) => {
        const isSame = JSON.stringify(some) === JSON.stringify(others);
        expect(artifactKey(artifactOf(some)) === artifactKey(artifactOf(others))).toBe(isSame);
      }),
    );
    expect(artifactKey(artifactOf(['ab', 'c']))).not.toBe(artifactKey(artifactOf(['a', 'bc'])));
  });
});

describe('ensure', () => {
  it('fills the folder once, and takes it as it is from then on', async () => {
    let times = 0;
    const artifact = artifactOf(['1'], async (folder) => writeFile(join(folder, 'content'), String(++times)));
    const folder = await ensure(settings(), artifact);
    expect(await ensure(settings(), artifact)).toBe(folder);
    expect(await readFile(join(folder, 'content'), 'utf8')).toBe('1');
  });

  it('leaves nothing of a fill that fails, says why, and begins anew the next time', async () => {
    const failing = artifactOf(['1'], async (folder) => {
      await writeFile(join(folder, 'half'), '');
      throw new Error('the disk is full');
    });
    await expect(ensure(settings(), failing)).rejects.toThrow('the disk is full');
    expect(existsSync(artifactFolder(settings(), failing))).toBe(false);
    const folder = await ensure(
      settings(),
      artifactOf(['1'], async (path) => writeFile(join(path, 'whole'), '')),
    );
    expect(await readdir(folder)).toEqual(['whole']);
  });

  it('fills once when two processes want it at once; the second takes what the first made', async () => {
    const [first, second] = await Promise.all([ensureInProcess(1000), ensureInProcess(1000)]);
    expect(second.stdout).toBe(first.stdout);
    expect((await readdir(first.stdout)).sort()).toEqual(['first', 'second']);
    expect(await fills()).toBe(1);
  });

  it('is not kept from it by a process that was killed in the middle of it', async () => {
    const killed = ensureInProcess(60_000);
    await until(() => existsSync(join(home, 'fills')));
    killed.kill('SIGKILL');
    await killed.catch(() => undefined);
    const { stdout } = await ensureInProcess(0);
    expect((await readdir(stdout)).sort()).toEqual(['first', 'second']);
    expect(await fills()).toBe(2);
  });
});
