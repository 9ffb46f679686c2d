import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { runTool } from './artifacts/tools.ts';
import { artifactKey, type Artifact } from './cache.ts';
import { say, step, type Report } from './progress.ts';
import type { Settings } from './settings.ts';

/** The file that a release has of an artifact; beside it stands one of this name and .sha256, as sha256sum writes it. */
export function binariesFile(artifact: Artifact): string {
  return `${artifact.name}-${artifactKey(artifact)}-linux-${process.arch}.tar.gz`;
}

/**
 * Fills the empty folder with what a release has of the artifact.
 *
 * @returns whether it did; if not, the folder is empty as before, and the artifact is to be built
 */
export async function fetchBinaries(settings: Settings, artifact: Artifact, folder: string): Promise<boolean> {
  if (settings.binariesUrl === undefined || !artifact.published) return false;
  const url = `${settings.binariesUrl}/${binariesFile(artifact)}`;
  try {
    const checksumLine = await (await request(`${url}.sha256`))?.text();
    const archive = checksumLine && (await request(url));
    if (!checksumLine || !archive) return false;
    const [checksum = ''] = checksumLine.split(/\s/);
    await step(`Fetching ${url}`, (report) => unpack(archive, checksum, folder, report));
    return true;
  } catch (error) {
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    say(`    ${reason(error)}; building it instead`);
    return false;
  }
}

async function unpack(archive: Response, checksum: string, folder: string, report: Report): Promise<void> {
  const file = `${folder}.tar.gz`;
  try {
    const actual = await save(archive, file, report);
    if (actual !== checksum) throw new Error(`${archive.url} has the checksum ${actual}, not ${checksum}`);
    await runTool('tar', ['--extract', '--gzip', '--no-same-owner', `--file=${file}`, `--directory=${folder}`]);
  } finally {
    await rm(file, { force: true });
  }
}

/** @returns undefined for what is not there */
async function request(url: string): Promise<Response | undefined> {
  const response = await fetch(url);
  if (response.ok) return response;
  await response.body?.cancel();
  if (response.status === 404) return undefined;
  throw new Error(`${url} answered ${response.status} ${response.statusText}`);
}

/** @returns the SHA-256 of what was saved, in hexadecimal digits */
async function save(response: Response, file: string, report: Report): Promise<string> {
  if (!response.body) throw new Error(`${response.url} has no content`);
  const hash = createHash('sha256');
  let bytes = 0;
  const count = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      report(`${Math.round(bytes / 1e6)} MB`);
      yield chunk;
    }
  };
  await pipeline(Readable.fromWeb(response.body), count, createWriteStream(file));
  return hash.digest('hex');
}

/** fetch() says no more than "fetch failed" itself: why is in its cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
