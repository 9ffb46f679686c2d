import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { kubernetesPrograms } from './artifacts/go-programs.ts';
import { ensure, type Artifact } from './cache.ts';
import { binariesFile } from './fetch-binaries.ts';
import { writeLayer } from './images/layer.ts';
import { say } from './progress.ts';
import { readSettings, type Settings } from './settings.ts';

/**
 * Packs an artifact, built first if need be, as the files that a release offers and `fetchBinaries` takes. The same
 * content makes the same bytes, so that anybody can check a release by building it again.
 *
 * @returns the path of the archive; its checksum stands beside it, in a file of the same name and .sha256
 */
export async function packBinaries(settings: Settings, artifact: Artifact, outputFolder: string): Promise<string> {
  const name = binariesFile(artifact);
  const archive = join(outputFolder, name);
  const tar = `${archive}.partial`;
  await mkdir(outputFolder, { recursive: true });
  await writeLayer(await ensure(settings, artifact), { destination: '', owner: { user: 0, group: 0 } }, tar);
  await pipeline(createReadStream(tar), createGzip({ level: 9 }), createWriteStream(archive));
  await rm(tar);
  const checksum = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex');
  await writeFile(`${archive}.sha256`, `${checksum}  ${name}\n`);
  return archive;
}

/** `node localcluster/publish-binaries.ts OUTPUT_FOLDER`: writes what a release is to offer. */
if (import.meta.main) {
  const [outputFolder] = process.argv.slice(2);
  if (outputFolder) {
    say(await packBinaries({ ...readSettings(), binariesUrl: undefined }, kubernetesPrograms, outputFolder));
  } else {
    say('Usage: node localcluster/publish-binaries.ts OUTPUT_FOLDER');
    process.exitCode = 2;
  }
}
