import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, mkdir, rm, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TokenDirectory } from '../../../../src/chat-api/http/token-directory.ts';
import { userIdOf } from '../../../../src/chat-api/http/user-id.ts';
import { createLogger } from '../../../../src/lib/log.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let directory: string;
let now = 0;
const clock = { now: () => new Date(now), monotonic: () => now, sleep: () => Promise.resolve() };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tokens-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Lays files out as kubelet does: in a folder of their own, which a link is turned to. */
async function mountSecret(version: string, tokens: Record<string, string>): Promise<void> {
  await mkdir(join(directory, `..${version}`));
  for (const [user, token] of Object.entries(tokens)) {
    await writeFile(join(directory, `..${version}`, user), token);
    await symlink(join('..data', user), join(directory, user)).catch(() => {});
  }
  await symlink(`..${version}`, join(directory, '..data_tmp'));
  await rename(join(directory, '..data_tmp'), join(directory, '..data'));
}

describe('TokenDirectory', () => {
  it('knows users by their tokens, and takes a changed Secret in', async () => {
    await mountSecret('1', { alice: 'one\n', empty: '' });
    const tokens = new TokenDirectory({ directory, clock, logger });
    await tokens.load();
    expect(await tokens.authenticate('one')).toBe('alice');
    expect(await tokens.authenticate('')).toBeUndefined();
    await mountSecret('2', { alice: 'two', empty: '' });
    expect(await tokens.authenticate('one')).toBe('alice');
    now += 2000;
    expect(await tokens.authenticate('one')).toBeUndefined();
    expect(await tokens.authenticate('two')).toBe('alice');
  });

  it('goes on with the tokens it has while the folder cannot be read', async () => {
    await mountSecret('1', { alice: 'one' });
    const tokens = new TokenDirectory({ directory, clock, logger });
    await tokens.load();
    await rm(directory, { recursive: true });
    now += 2000;
    expect(await tokens.authenticate('one')).toBe('alice');
  });

  it('says what is wrong when there is no folder to begin with', async () => {
    const tokens = new TokenDirectory({ directory: join(directory, 'missing'), clock, logger });
    await expect(tokens.load()).rejects.toMatchObject({ code: 'TokensUnreadable' });
  });
});

describe('userIdOf', () => {
  it('is a UUID of version 5, the same for a name every time', () => {
    expect(userIdOf('alice')).toBe('c598aaa0-3739-5f8c-a941-5d6d8dfe147d');
    expect(userIdOf('bob')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
