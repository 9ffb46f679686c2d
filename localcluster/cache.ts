import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';
import { fetchBinaries } from './fetch-binaries.ts';
import { say, step, type Report } from './progress.ts';
import type { Settings } from './settings.ts';

/** Something that is built once and kept: a folder whose content follows from its inputs alone. */
export interface Artifact {
  /** A file name's worth of letters: kubernetes, kafka-jars. */
  readonly name: string;
  /** What a person reads while it is made: "Kubernetes 1.37.2 (compiling)". */
  readonly title: string;
  /** Everything the content follows from: versions, and the text of the sources. A change makes a new folder. */
  readonly inputs: readonly string[];
  /** Whether a release may publish it, so that it can be fetched instead of built. */
  readonly published?: boolean;
  /** Fills an empty folder. What it throws is what the user is told. */
  readonly fill: (folder: string, report: Report) => Promise<void>;
}

/** Which folder of the cache an artifact has, whether it was made yet or not. */
export function artifactFolder(settings: Settings, artifact: Artifact): string {
  return join(settings.cacheFolder, artifact.name, artifactKey(artifact));
}

export function artifactKey(artifact: Artifact): string {
  const hash = createHash('sha256');
  for (const input of [process.arch, ...artifact.inputs]) hash.update(`${input.length}:${input}`);
  return hash.digest('hex').slice(0, 16);
}

/**
 * The artifact's folder, made if it is missing: whole or not at all (it is filled under another name and then renamed),
 * and by one process at a time (a second one waits for the first and takes what that one made).
 */
export function ensure(settings: Settings, artifact: Artifact): Promise<string> {
  const folder = artifactFolder(settings, artifact);
  if (existsSync(folder)) return Promise.resolve(folder);
  const making = inTheMaking.get(folder) ?? make(settings, artifact, folder).finally(() => inTheMaking.delete(folder));
  inTheMaking.set(folder, making);
  return making;
}

/** What this process makes now, by folder: whoever asks for the same, as two images for a layer, gets the same answer. */
const inTheMaking = new Map<string, Promise<string>>();

async function make(settings: Settings, artifact: Artifact, folder: string): Promise<string> {
  return withLock(folder, artifact.title, async () => {
    if (existsSync(folder)) return folder;
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    const started = performance.now();
    if (!(await fetchBinaries(settings, artifact, partial))) {
      await step(artifact.title, (report) => artifact.fill(partial, report));
    }
    await writeFile(`${folder}.seconds`, ((performance.now() - started) / 1000).toFixed(1));
    await rename(partial, folder);
    return folder;
  });
}

/** How long it took to make the artifact, in seconds, whenever that was; undefined when it was not made here. */
export async function secondsToMake(settings: Settings, artifact: Artifact): Promise<number | undefined> {
  return readFile(`${artifactFolder(settings, artifact)}.seconds`, 'utf8').then(Number, () => undefined);
}

/** Does the work while no other process does any under the same path; waits, and says so, while one does. */
export async function withLock<T>(path: string, title: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const release = await acquire(path, title);
  try {
    return await work();
  } finally {
    await release();
  }
}

/** How often a waiting process looks again, and for how long it believes a holder that stopped refreshing its lock. */
const lookMilliseconds = 250;
const staleMilliseconds = 10_000;

async function acquire(path: string, title: string): Promise<() => Promise<void>> {
  for (let waited = false; ; waited = true) {
    try {
      return await lock(path, { realpath: false, stale: staleMilliseconds, update: staleMilliseconds / 4 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
      if (!waited) say(`  … ${title}: another process is preparing it; waiting`);
      await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
    }
  }
}
