import { join } from 'node:path';
import { javaRuntime } from '../artifacts/java-runtime.ts';
import { classArchive, kafkaClassArchive } from '../artifacts/kafka-class-archive.ts';
import { kafkaClassPath, kafkaJars } from '../artifacts/kafka-jars.ts';
import { ensure } from '../cache.ts';
import type { Settings } from '../settings.ts';

/** The start of a command line for a program of Kafka's: its main class and arguments follow. */
export async function kafkaJava(settings: Settings, options: readonly string[] = []): Promise<readonly string[]> {
  const [runtime, kafka, archive] = await Promise.all([
    ensure(settings, javaRuntime(settings)),
    ensure(settings, kafkaJars),
    ensure(settings, kafkaClassArchive(settings)),
  ]);
  return [
    join(runtime, 'bin/java'),
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1', // a broker that lives for a minute does not earn back what better machine code costs
    `-XX:SharedArchiveFile=${join(archive, classArchive)}`,
    '-XX:-UsePerfData', // would leave a file in /tmp after SIGKILL
    `-Dlog4j2.configurationFile=${join(kafka, 'config/log4j2.yaml')}`,
    ...options,
    '-classpath',
    await kafkaClassPath(kafka),
  ];
}
