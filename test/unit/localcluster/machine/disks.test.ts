import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDisks, nearestFolder } from '../../../../localcluster/machine/disks.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-events-disks-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('nearestFolder', () => {
  it('goes up until something exists', async () => {
    expect(await nearestFolder(folder)).toBe(folder);
    expect(await nearestFolder(join(folder, 'not/yet/there'))).toBe(folder);
    expect(await nearestFolder('/not/yet/there')).toBe('/');
  });
});

describe('findDisks', () => {
  it('puts folders of one disk together, though they do not exist yet', async () => {
    const folders = [join(folder, 'cache'), join(folder, 'state', 'cluster')];
    const disks = await findDisks(folders);
    expect(disks).toEqual([{ folders, freeBytes: expect.any(Number) }]);
    const { blocks, bsize } = await statfs(folder);
    expect(disks[0]?.freeBytes).toBeGreaterThan(0);
    expect(disks[0]?.freeBytes).toBeLessThanOrEqual(blocks * bsize);
  });
});
