import { cp } from 'node:fs/promises';
import { javaRuntime } from '../../artifacts/java-runtime.ts';
import { kafkaJars } from '../../artifacts/kafka-jars.ts';
import { artifactKey, ensure } from '../../cache.ts';
import { versions } from '../../versions.ts';
import { baseLayer } from '../base.ts';
import type { Image, Layer } from '../image.ts';

export const javaLayer: Layer = {
  name: 'java',
  inputs: (settings) => [artifactKey(javaRuntime(settings))],
  sources: [import.meta.filename],
  stage: async (settings, folder) => cp(await ensure(settings, javaRuntime(settings)), folder, copyAsItIs),
};

export const kafkaLayer: Layer = {
  name: 'kafka',
  inputs: () => [artifactKey(kafkaJars)],
  sources: [import.meta.filename],
  stage: async (settings, folder) => cp(await ensure(settings, kafkaJars), folder, copyAsItIs),
};

/** The modification times stay: Java compares them with those in its class archive. */
const copyAsItIs = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true };

/** An Apache Kafka broker, with the paths of the official image, but no shell: pods name the Java command itself. */
export const kafkaImage: Image = {
  name: 'kafka',
  reference: `localhost/kafka:${versions.kafka}`,
  layers: [baseLayer, javaLayer, kafkaLayer],
};
