/**
 * The local cluster measured beside its limits: `make bench-cluster`. What it is made of is built first where it is
 * missing; with COLD=1 that is everything, in a cache of its own.
 */
import { kubernetesPrograms, nodePrograms } from './artifacts/go-programs.ts';
import { javaRuntime } from './artifacts/java-runtime.ts';
import { kafkaJars } from './artifacts/kafka-jars.ts';
import { secondsToMake } from './cache.ts';
import { down } from './cluster/down.ts';
import { kubectlFor, type Kubectl } from './cluster/kubectl.ts';
import { nodeMemory } from './cluster/memory.ts';
import { nodeRoot } from './cluster/node-root.ts';
import { prepareParts, type ClusterParts } from './cluster/prepare.ts';
import { untilAnswered, up } from './cluster/up.ts';
import { images } from './images/images.ts';
import { settingsOf, type Settings } from './settings.ts';

/** A figure, and the most that it may be. */
interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: 's' | 'MiB' | 'MB';
  readonly limit?: number;
}

const settings = settingsOf('kafka-events-bench');
await down(settings);
try {
  const preparing = await secondsOf(() => prepareParts(settings));
  const parts = preparing.result;
  const figures = [
    ...(await buildFigures(settings)),
    { what: 'all of it in this run, side by side', value: preparing.seconds, unit: 's', limit: 540 } as const,
    ...(await startFigures(settings, parts)),
    ...imageFigures(parts),
  ];
  for (const figure of figures) console.log(line(figure));
} finally {
  await down(settings);
}

async function buildFigures(settings: Settings): Promise<Figure[]> {
  const artifacts = [kubernetesPrograms, nodePrograms, nodeRoot, javaRuntime(settings), kafkaJars];
  const figures = artifacts.map(async (artifact): Promise<Figure[]> => {
    const value = await secondsToMake(settings, artifact);
    return value === undefined ? [] : [{ what: `made once: ${artifact.title}`, value, unit: 's' }];
  });
  return (await Promise.all(figures)).flat();
}

async function startFigures(settings: Settings, parts: ClusterParts): Promise<Figure[]> {
  const kubectl = kubectlFor(settings, parts.programs);
  const [cluster, node] = await Promise.all([
    secondsOf(() => up(settings)),
    secondsOf(() =>
      untilAnswered(() => kubectl(['wait', `node/${settings.clusterName}`, '--for=condition=Ready', '--timeout=0'])),
    ),
  ]);
  const pod = await secondsOf(() => startPod(kubectl));
  const memory = (await nodeMemory(settings)) / 1024 / 1024;
  return [
    { what: 'start to node Ready', value: node.seconds, unit: 's', limit: 10 },
    { what: 'make cluster, all images imported', value: cluster.seconds, unit: 's', limit: 15 },
    { what: 'kubectl apply to a ready pod', value: pod.seconds, unit: 's' },
    { what: 'memory of the idle cluster', value: memory, unit: 'MiB', limit: 1024 },
  ];
}

async function startPod(kubectl: Kubectl): Promise<void> {
  await kubectl(['run', 'bench', `--image=${images.pause.reference}`, '--restart=Never']);
  await kubectl(['wait', 'pod/bench', '--for=condition=Ready', '--timeout=60s']);
}

function imageFigures(parts: ClusterParts): Figure[] {
  const limits = new Map<string, number>([
    [images.kafkaEvents.reference, 150],
    [images.kafka.reference, 250],
  ]);
  return parts.images.map(({ reference, bytes }): Figure => {
    const limit = limits.get(reference);
    return { what: `image ${reference}`, value: bytes / 1e6, unit: 'MB', ...(limit !== undefined && { limit }) };
  });
}

async function secondsOf<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { seconds: (performance.now() - started) / 1000, result };
}

function line({ what, value, unit, limit }: Figure): string {
  const measured = `${value.toFixed(1)} ${unit}`.padStart(12);
  if (limit === undefined) return `${measured}  ${what}`;
  return `${measured}  ${what}: ${(value / limit).toFixed(2)} of the limit, ${limit} ${unit}${value > limit ? ', EXCEEDED' : ''}`;
}
