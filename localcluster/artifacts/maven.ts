import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensure } from '../cache.ts';
import { readSettings } from '../settings.ts';
import { debianPackages, jdkFolder, openJdk } from './debian-packages.ts';
import { writeTrustStore } from './java-trust-store.ts';
import { runProgram, runTool, ToolError } from './tools.ts';

/** Maven with the libraries that it is made of, which Debian has as packages of their own. */
const mavenPackages = debianPackages('maven', 'Apache Maven', ['maven'], /-java$/);

/** Runs Maven: the machine's where it has one that starts, or else one from the cache, on a JDK from there. */
export async function runMaven(args: readonly string[]): Promise<void> {
  if (await machineHasMaven()) await runTool('mvn', args);
  else await runCachedMaven(args);
}

async function machineHasMaven(): Promise<boolean> {
  try {
    await runTool('mvn', ['--version']);
    return true;
  } catch (error) {
    // It is missing, or it finds no Java.
    if (error instanceof ToolError) return false;
    throw error;
  }
}

async function runCachedMaven(args: readonly string[]): Promise<void> {
  const settings = readSettings();
  const [maven, jdk] = await Promise.all([ensure(settings, mavenPackages), ensure(settings, openJdk)]);
  const folder = await mkdtemp(join(tmpdir(), 'maven-'));
  try {
    const trustStore = join(folder, 'trust-store');
    await writeTrustStore(trustStore);
    const environment = {
      JAVA_HOME: await jdkFolder(jdk),
      MAVEN_OPTS: `-Djavax.net.ssl.trustStore=${trustStore} -Djavax.net.ssl.trustStoreType=JKS`,
    };
    await runProgram(join(maven, 'usr/share/maven/bin/mvn'), args, { environment });
  } finally {
    await rm(folder, { recursive: true });
  }
}
