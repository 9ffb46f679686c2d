import { join } from 'node:path';
import type { Artifact } from '../cache.ts';
import { versions } from '../versions.ts';
import { verifyJars } from './kafka-jars.ts';
import { runMaven } from './maven.ts';

const jar = `kafka-tools-${versions.kafka}.jar`;
const checksum = '62f3c5dd7aa3442d4c5bc6a95f86e2502178ea09de8e27f74d9563bf955e253c';
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.9.0';

/** What Kafka's command-line tools have beside the jars of a broker: `kafka-tools-*.jar`. */
export const kafkaTools: Artifact = {
  name: 'kafka-tools',
  title: `The command-line tools of Apache Kafka ${versions.kafka} (from Maven)`,
  inputs: [jar, checksum],
  async fill(folder) {
    const artifact = `-Dartifact=org.apache.kafka:kafka-tools:${versions.kafka}`;
    await runMaven(['--batch-mode', '--quiet', `${plugin}:copy`, artifact, `-DoutputDirectory=${folder}`]);
    await verifyJars(folder, `${checksum}  ${jar}`);
  },
};

export const kafkaToolsJar = (folder: string): string => join(folder, jar);
