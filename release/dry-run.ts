/**
 * `node release/dry-run.ts [FOLDER]`: makes what a release offers beside its images, and publishes nothing. HELM names the
 * helm to use; without it, the local cluster's own is built.
 */
import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectVersion } from '../localcluster/artifacts/npm-packages.ts';
import { kubernetesPrograms } from '../localcluster/artifacts/go-programs.ts';
import { ensure } from '../localcluster/cache.ts';
import { say } from '../localcluster/progress.ts';
import { projectFolder, readSettings } from '../localcluster/settings.ts';
import { changesOf } from './changelog.ts';
import { softwareBillOfMaterials } from './sbom.ts';

/** @param helm the command of helm, with arguments that come first */
export async function releaseDryRun(folder: string, helm: readonly string[]): Promise<void> {
  const version = projectVersion();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const run = async (command: string, args: readonly string[]) =>
    (await execa(command, args, { cwd: projectFolder })).stdout;
  const read = (file: string) => readFile(join(projectFolder, file), 'utf8');
  const [program = 'helm', ...first] = helm;
  await run(program, [...first, 'package', 'charts/kafka-events', `--destination=${folder}`]);
  await writeFile(
    join(folder, 'kafka-events.cdx.json'),
    `${JSON.stringify(softwareBillOfMaterials(await read('package-lock.json')), undefined, 2)}\n`,
  );
  await writeFile(join(folder, 'CHANGES.md'), changesOf(await read('CHANGELOG.md'), version));
  await writeFile(join(folder, 'crds.yaml'), await customResourceDefinitions());
  const prefix = `kafka-events-${version}`;
  await run('git', ['archive', `--prefix=${prefix}/`, `--output=${join(folder, `${prefix}-source.tar.gz`)}`, 'HEAD']);
  await writeFile(join(folder, 'SHA256SUMS'), await checksums(folder));
}

async function customResourceDefinitions(): Promise<string> {
  const crds = join(projectFolder, 'crds');
  const names = (await readdir(crds)).filter((name) => name.startsWith('kafka-events.dev_')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(crds, name), 'utf8')));
  return texts.map((text) => (text.startsWith('---') ? text : `---\n${text}`)).join('');
}

/** As sha256sum prints them. */
async function checksums(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const bytes = await readFile(join(folder, name));
    lines.push(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
  }
  return lines.join('');
}

if (import.meta.main) {
  const folder = join(projectFolder, process.argv[2] ?? 'build/release');
  const given = process.env['HELM'];
  const helm = given ? [given] : [join(await ensure(readSettings(), kubernetesPrograms), 'kube'), 'helm'];
  await releaseDryRun(folder, helm);
  for (const name of (await readdir(folder)).sort()) say(join(folder, name));
}
