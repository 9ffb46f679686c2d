import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kafkaClassPath, verifyJars } from '../../../../localcluster/artifacts/kafka-jars.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jars-'));
  await mkdir(join(folder, 'libs'));
  for (const jar of ['b.jar', 'a.jar']) await writeFile(join(folder, 'libs', jar), jar);
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const line = (jar: string, content = jar) => `${createHash('sha256').update(content).digest('hex')}  ${jar}\n`;
const verify = (checksums: string) => verifyJars(join(folder, 'libs'), checksums);

describe('verifyJars', () => {
  it('takes the jars that the checksums are of', async () => {
    await expect(verify(line('a.jar') + line('b.jar'))).resolves.toBeUndefined();
  });

  it.each([
    ['a different one', line('a.jar') + line('b.jar', 'changed'), 'b.jar has the checksum'],
    ['a missing one', line('a.jar') + line('b.jar') + line('c.jar'), 'c.jar was not downloaded'],
    ['one too many', line('a.jar'), 'b.jar is not among SHA256SUMS'],
  ])('refuses %s, by name', async (_what, checksums, problem) => {
    await expect(verify(checksums)).rejects.toThrow(problem);
  });
});

describe('kafkaClassPath', () => {
  it('has the jars in the same order on every file system', async () => {
    expect(await kafkaClassPath(folder)).toBe(`${folder}/libs/a.jar:${folder}/libs/b.jar`);
  });
});
