import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { countStart, forgetStarts } from '../../../../localcluster/redpanda-stand-in/crash-loop.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crashes-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('refuses the start after more crashes than the limit, for an hour', async () => {
  const [limit, start] = [5, 1_000_000];
  for (let starts = 0; starts <= limit; starts += 1) await countStart(folder, limit, start);
  await expect(countStart(folder, limit, start)).rejects.toThrow(
    /Crash loop detected.* 6, exceeded crash_loop_limit 5/,
  );
  await expect(countStart(folder, limit, start + 3_599_999)).rejects.toThrow(/Crash loop/);
  await countStart(folder, limit, start + 3_600_000);
});

it('counts no start that has ended well', async () => {
  for (let starts = 0; starts < 10; starts += 1) {
    await countStart(folder, 1);
    await forgetStarts(folder);
  }
});
