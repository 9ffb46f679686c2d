import { readFileSync } from 'node:fs';
import { glob, mkdir, readdir, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Artifact } from '../cache.ts';
import { runTool } from './tools.ts';

/** What the images stand on: the C and C++ libraries, certificates, a shell, and PostgreSQL's clients with their libraries. */
export const baseLibraries = debianPackages('base-libraries', 'Libraries for the images', [
  'libc6',
  'libstdc++6',
  'libgcc-s1',
  'zlib1g',
  'ca-certificates',
  'busybox-static',
  'libnss-wrapper',
  '^postgresql-client-[0-9]+$',
  '^libreadline8(t64)?$',
  'libtinfo6',
]);

/** Redpanda's image has both, and the operator's scripts use them. */
export const bashAndCurl = debianPackages('bash-and-curl', 'bash and curl', ['bash', 'curl'], /^lib/);

/** The JDK that a small Java runtime is linked from. */
export const openJdk = debianPackages('openjdk', 'OpenJDK 17', ['openjdk-17-jdk-headless', 'openjdk-17-jre-headless']);

/** Its folder below that of the artifact; Debian names it after the processor. */
export const jdkFolder = (openJdkFolder: string): Promise<string> =>
  findFile(openJdkFolder, 'usr/lib/jvm/java-17-openjdk-*');

/** The list of what an artifact of Debian packages was made from: a line a package file, its version in its name. */
export const packageList = 'packages.txt';

/**
 * Debian packages, unpacked into a folder as if it were a file system's root; nothing is installed on the machine. They
 * come from the release and the mirrors that the machine's apt is set up for, and apt verifies them.
 *
 * @param names package names, or regular expressions for those that are called differently from release to release
 * @param dependencies which of the packages that these need come with them; none when left out
 */
export function debianPackages(name: string, title: string, names: readonly string[], dependencies?: RegExp): Artifact {
  return {
    name,
    title: `${title} (Debian packages)`,
    get inputs() {
      return [debianRelease(), ...names, ...(dependencies ? [dependencies.source] : [])];
    },
    async fill(folder, report) {
      const downloads = join(folder, '.downloads');
      report('downloading');
      await download(downloads, names, dependencies);
      report('unpacking');
      const files = (await readdir(downloads)).filter((file) => file.endsWith('.deb')).sort();
      for (const file of files) await runTool('dpkg-deb', ['-x', join(downloads, file), folder]);
      await makeLinksRelative(folder);
      await writeFile(join(folder, packageList), files.map((file) => `${decodeURIComponent(file)}\n`).join(''));
      await rm(downloads, { recursive: true });
    },
  };
}

/**
 * Finds a file of unpacked packages, wherever a release of Debian puts it; what a link leads to, not the link.
 *
 * @param pattern a glob, from the folder on
 * @throws {Error} when no package has it
 */
export async function findFile(folder: string, pattern: string): Promise<string> {
  for await (const file of glob(pattern, { cwd: folder })) return realpath(join(folder, file));
  throw new Error(`There is no ${pattern} among the Debian packages in ${folder}`);
}

/** Such as "debian 12", or an empty text where there is no such file: then apt-get will be what is missed. */
function debianRelease(): string {
  try {
    const lines = readFileSync('/etc/os-release', 'utf8');
    return ['ID', 'VERSION_ID'].map((key) => new RegExp(`^${key}="?([^"\n]*)`, 'm').exec(lines)?.[1]).join(' ');
  } catch {
    return '';
  }
}

/** The machine's package lists may be missing (as in a fresh container) or out of date; then private ones are made. */
async function download(folder: string, names: readonly string[], dependencies: RegExp | undefined): Promise<void> {
  const lists = join(folder, 'lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  // Not as the user _apt, who cannot write here; with caches of its own, since those of the machine are root's.
  const options = ['-q', '-o', 'APT::Sandbox::User=', '-o', `Dir::Cache=${folder}/cache`];
  const privateLists = [...options, '-o', `Dir::State::lists=${lists}`];
  try {
    await downloadFrom(options);
  } catch {
    // A third party's broken source makes the update fail, but not the download of what Debian's own sources have.
    const update = await runTool('apt-get', [...privateLists, 'update'], { folder }).catch((error: unknown) => error);
    await downloadFrom(privateLists).catch((error: unknown) => {
      throw update instanceof Error
        ? new AggregateError([update, error], `${update.message}\n${String(error)}`)
        : error;
    });
  }

  async function downloadFrom(lists: readonly string[]): Promise<void> {
    const all = dependencies ? await withDependencies(names, dependencies, lists) : names;
    await runTool('apt-get', [...lists, 'download', ...all], { folder });
  }
}

/** The packages, and all that they need directly or indirectly whose name matches. */
async function withDependencies(names: readonly string[], matching: RegExp, options: readonly string[]) {
  const onlyNeeded = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
    (kind) => `--no-${kind}`,
  );
  const tree = await runTool('apt-cache', [...options, 'depends', '--recurse', ...onlyNeeded, ...names]);
  // A line that is not indented names a package; virtual ones are in brackets.
  const needed = tree.split('\n').filter((line) => /^[a-z]/.test(line) && matching.test(line));
  return [...new Set([...names, ...needed])];
}

/** Debian links to /etc/alternatives and the like by absolute paths, which in this folder would lead out of it. */
async function makeLinksRelative(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const link = join(entry.parentPath, entry.name);
    const target = await readlink(link);
    if (!target.startsWith('/')) continue;
    await rm(link);
    await symlink(relative(dirname(link), join(folder, target)), link);
  }
}
