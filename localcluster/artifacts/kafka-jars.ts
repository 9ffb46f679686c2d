import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '../cache.ts';
import { versions } from '../versions.ts';
import { runMaven } from './maven.ts';

/** pom.xml says what is wanted, SHA256SUMS what that has to be, byte for byte. */
const sourceFolder = join(import.meta.dirname, 'kafka');
const sources = ['pom.xml', 'SHA256SUMS', 'log4j2.yaml'] as const;

/** Apache Kafka, laid out as its own distribution is: `libs/*.jar` and `config/log4j2.yaml`. */
export const kafkaJars: Artifact = {
  name: 'kafka-jars',
  title: `Apache Kafka ${versions.kafka} (from Maven)`,
  get inputs() {
    return sources.map((file) => readFileSync(join(sourceFolder, file), 'utf8'));
  },
  async fill(folder) {
    const libraries = join(folder, 'libs');
    await copyDependencies(libraries);
    await verifyJars(libraries, readFileSync(join(sourceFolder, 'SHA256SUMS'), 'utf8'));
    await mkdir(join(folder, 'config'));
    await copyFile(join(sourceFolder, 'log4j2.yaml'), join(folder, 'config/log4j2.yaml'));
  },
};

/**
 * Every jar of an unpacked Kafka in one fixed order: a class archive serves only the class path that it was made with,
 * while Java puts the jars of `libs/*` in whatever order the file system has them.
 */
export async function kafkaClassPath(kafkaFolder: string): Promise<string> {
  const jars = (await readdir(join(kafkaFolder, 'libs'))).sort();
  return jars.map((jar) => join(kafkaFolder, 'libs', jar)).join(':');
}

async function copyDependencies(folder: string): Promise<void> {
  const pom = join(sourceFolder, 'pom.xml');
  await runMaven([
    ...['--batch-mode', '--quiet', `--file=${pom}`],
    ...['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`],
  ]);
}

/**
 * Sets the jars' modification times to 0 as well, which a class archive takes for "do not look at it": an image has none.
 *
 * @param checksums lines as of sha256sum
 * @throws {Error} naming the jars that are missing, superfluous or different
 */
export async function verifyJars(folder: string, checksums: string): Promise<void> {
  const wanted = new Map(
    checksums
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).reverse() as [string, string]),
  );
  const problems: string[] = [];
  for (const jar of await readdir(folder)) {
    const path = join(folder, jar);
    const checksum = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    if (!wanted.has(jar)) problems.push(`${jar} is not among SHA256SUMS`);
    else if (wanted.get(jar) !== checksum) problems.push(`${jar} has the checksum ${checksum}, not ${wanted.get(jar)}`);
    wanted.delete(jar);
    await utimes(path, 0, 0);
  }
  for (const jar of wanted.keys()) problems.push(`${jar} was not downloaded`);
  if (problems.length > 0) throw new Error(`The jars of Kafka are not the expected ones:\n${problems.join('\n')}`);
}
