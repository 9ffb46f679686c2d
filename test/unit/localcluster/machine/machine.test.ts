import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtMachine } from '../../../../localcluster/machine/machine.ts';
import { readSettings } from '../../../../localcluster/settings.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-events-machine-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('lookAtMachine', () => {
  it('answers on any machine and for any user, and leaves nothing behind', async () => {
    const settings = readSettings({ XDG_CACHE_HOME: join(folder, 'cache'), XDG_STATE_HOME: join(folder, 'state') });
    const machine = await lookAtMachine(settings, ['sh', 'no-such-tool'], []);
    expect(machine).toMatchObject({ platform: process.platform, architecture: process.arch, tools: new Set(['sh']) });
    expect(machine.disks).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });
});
