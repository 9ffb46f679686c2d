import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { artifactKey, ensure, type Artifact } from '../cache.ts';
import type { Settings } from '../settings.ts';
import { javaRuntime } from './java-runtime.ts';
import { kafkaClassPath, kafkaJars } from './kafka-jars.ts';
import { lastLines, runProgram } from './tools.ts';

/** The archive's name in the artifact's folder: `java -XX:SharedArchiveFile=<folder>/kafka.jsa`. */
export const classArchive = 'kafka.jsa';

/**
 * The classes of a running broker, ready to be mapped into memory: a broker starts in 1.5 s instead of 2.3 s. It serves
 * only `kafkaClassPath` of the folder of `kafkaJars`, with the `javaRuntime`; for any other, Java leaves it alone.
 */
export function kafkaClassArchive(settings: Settings): Artifact {
  return {
    name: 'kafka-class-archive',
    title: "Kafka's class archive",
    get inputs() {
      const java = artifactKey(javaRuntime(settings));
      return [java, artifactKey(kafkaJars), settings.cacheFolder, serverProperties(''), ...javaFlags];
    },
    async fill(folder, report) {
      const [runtime, kafka] = await Promise.all([
        ensure(settings, javaRuntime(settings)),
        ensure(settings, kafkaJars),
      ]);
      const properties = join(folder, 'server.properties');
      await writeFile(properties, serverProperties(join(folder, 'data')));
      const java = join(runtime, 'bin/java');
      const args = [
        ...javaFlags,
        `-Dlog4j2.configurationFile=${join(kafka, 'config/log4j2.yaml')}`,
        ...['-classpath', await kafkaClassPath(kafka)],
      ];
      report('starting a broker');
      await runProgram(java, [
        ...args,
        'kafka.tools.StorageTool',
        'format',
        '--standalone',
        '-t',
        clusterId,
        '-c',
        properties,
      ]);
      await recordClasses(java, join(folder, classArchive), [...args, 'kafka.Kafka', properties]);
      await Promise.all(['data', 'server.properties'].map((name) => rm(join(folder, name), { recursive: true })));
    },
  };
}

/** An archive serves only a Java with the same collector of garbage. */
const javaFlags = ['-XX:+UseSerialGC', '-XX:-UsePerfData'];

const clusterId = 'kafka-class-archive-00';

/** Java needs a second for the archive, and ten of them on a busy machine. */
const writeMilliseconds = 180_000;

/** A broker of its own that nobody is to find: on loopback, on whatever ports are free. */
function serverProperties(dataFolder: string): string {
  return `process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:1
offsets.topic.replication.factor=1
log.dirs=${dataFolder}
`;
}

/** Runs a broker until it has started, and stops it: Java writes the archive as it ends. */
async function recordClasses(java: string, archive: string, args: readonly string[]): Promise<void> {
  const broker = execa(java, [`-XX:ArchiveClassesAtExit=${archive}`, ...args], {
    stdin: 'ignore',
    all: true,
    reject: false,
    // Java would be killed as it writes, five seconds after it was asked to end.
    forceKillAfterDelay: writeMilliseconds,
  });
  let started = false;
  for await (const line of broker.iterable({ from: 'all' })) {
    if (started || !line.includes('Kafka Server started')) continue;
    started = true;
    broker.kill('SIGTERM');
  }
  const { all } = await broker;
  if (!started) throw new Error(`Kafka ended before it had started:\n${lastLines(all)}`);
  // Brokers that are given an archive that is not there start all the same: without a word, and slowly.
  if (!existsSync(archive)) throw new Error(`Java wrote no class archive:\n${lastLines(all)}`);
}
