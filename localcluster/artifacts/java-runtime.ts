import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactKey, ensure, type Artifact } from '../cache.ts';
import type { Settings } from '../settings.ts';
import { jdkFolder, openJdk } from './debian-packages.ts';
import { runProgram } from './tools.ts';

/** What a Kafka broker uses of Java; of the desktop it is java.beans, for Log4j. A broker that starts is the proof. */
const modules = [
  'java.base',
  'java.desktop',
  'java.logging',
  'java.management',
  'java.naming',
  'java.security.jgss',
  'java.security.sasl',
  'java.xml',
  'jdk.crypto.ec',
  'jdk.management',
  'jdk.unsupported',
];

// Not --strip-debug: that needs objcopy, to strip libraries that Debian has stripped already.
const linkFlags = ['--strip-java-debug-attributes', '--no-header-files', '--no-man-pages', '--compress=2'];

/** A Java of 55 MB instead of 300: `bin/java` runs on the machine as well as in an image. */
export function javaRuntime(settings: Settings): Artifact {
  return {
    name: 'java-runtime',
    title: 'A Java runtime for Kafka',
    get inputs() {
      return [artifactKey(openJdk), ...modules, ...linkFlags, 'class archive'];
    },
    async fill(folder, report) {
      const jdk = await jdkFolder(await ensure(settings, openJdk));
      report('linking');
      // jlink insists on making the folder itself.
      await rm(folder, { recursive: true });
      await runProgram(join(jdk, 'bin/jlink'), ['--add-modules', modules.join(','), ...linkFlags, '--output', folder]);
      report('archiving its classes');
      await archiveClasses(folder);
    },
  };
}

/**
 * Java starts faster from an archive of its own classes, which jlink does not make. Java would reject the archive if the
 * modules' modification time changed, as it does in an image; a time of 0 is one that it does not look at.
 */
async function archiveClasses(folder: string): Promise<void> {
  await utimes(join(folder, 'lib/modules'), 0, 0);
  await runProgram(join(folder, 'bin/java'), ['-Xshare:dump']);
}
