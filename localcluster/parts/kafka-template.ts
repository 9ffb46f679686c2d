import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kafkaJars } from '../artifacts/kafka-jars.ts';
import { runProgram } from '../artifacts/tools.ts';
import { artifactKey, ensure, type Artifact } from '../cache.ts';
import type { Settings } from '../settings.ts';
import { kafkaJava } from './kafka-java.ts';

export const clusterId = 'kafka-events-parts-000'; // 16 bytes in base64, as Kafka wants it

/** How Kafka's own tool makes a node's data folder, after the command line of `kafkaJava`. */
export const formatCommand = (propertiesFile: string) => [
  'kafka.tools.StorageTool',
  'format',
  `--cluster-id=${clusterId}`,
  `--config=${propertiesFile}`,
];

/** The data folder of a node that has not run yet, `data`: the tool takes a second of a core for one. */
export function kafkaTemplate(settings: Settings): Artifact {
  return {
    name: 'kafka-template',
    title: 'An empty Kafka',
    get inputs() {
      return [artifactKey(kafkaJars), clusterId, serverProperties('')];
    },
    async fill(folder) {
      const [java = '', ...args] = await kafkaJava(settings);
      const propertiesFile = join(folder, 'server.properties');
      await writeFile(propertiesFile, serverProperties(join(folder, 'data')));
      await runProgram(java, [...args, ...formatCommand(propertiesFile)]);
      await rm(propertiesFile);
    },
  };
}

/** Makes the data folder of one node of a cluster whose clients need no password. */
export async function copyKafkaTemplate(settings: Settings, nodeId: number, dataFolder: string): Promise<void> {
  const template = join(await ensure(settings, kafkaTemplate(settings)), 'data');
  await mkdir(dataFolder);
  await copyFile(join(template, 'bootstrap.checkpoint'), join(dataFolder, 'bootstrap.checkpoint'));
  const properties = await readFile(join(template, 'meta.properties'), 'utf8');
  const directoryId = randomBytes(16).toString('base64url');
  await writeFile(
    join(dataFolder, 'meta.properties'),
    properties
      .replace(/^node\.id=.*$/m, `node.id=${nodeId}`)
      .replace(/^directory\.id=.*$/m, `directory.id=${directoryId}`),
  );
}

/** What the tool wants to know, though nothing of it is in the folder but the node's id. */
function serverProperties(dataFolder: string): string {
  return `process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:1,CONTROLLER://127.0.0.1:2
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:2
log.dirs=${dataFolder}
`;
}
