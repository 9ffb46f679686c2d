import { kubernetesPrograms, nodePrograms } from '../artifacts/go-programs.ts';
import { kafkaTools } from '../artifacts/kafka-tools.ts';
import { openJdk } from '../artifacts/debian-packages.ts';
import { librdkafka, postgresClients, pythonKafkaClient } from '../artifacts/python-packages.ts';
import { ensure } from '../cache.ts';
import type { Settings } from '../settings.ts';
import { kafkaJava } from './kafka-java.ts';
import { postgresTemplate } from './postgres-template.ts';

/** Builds or downloads all that the parts start from, so that no test has to wait for it within its time limit. */
export async function prepareTestParts(settings: Settings): Promise<void> {
  await Promise.all([
    ensure(settings, kubernetesPrograms),
    kafkaJava(settings),
    ensure(settings, openJdk),
    ensure(settings, kafkaTools),
    ensure(settings, librdkafka),
    ensure(settings, pythonKafkaClient),
    ensure(settings, postgresClients),
    ensure(settings, nodePrograms).then(() => ensure(settings, postgresTemplate)),
  ]);
}
