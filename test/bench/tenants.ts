/**
 * What the topics of nine clusters wait when the brokers of a tenth hang, beside the same with all ten well, measured in
 * the same run. Run: node test/bench/tenants.ts
 */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { startKafka } from '../../localcluster/parts/kafka.ts';
import { eventTopics } from '../../src/operator/kinds.ts';
import { startKubernetes, type Kubernetes } from '../support/kubernetes.ts';
import { createOperatorProcess } from '../support/operator-process.ts';
import { declareCluster, declareTopic } from '../support/topics.ts';
import { until } from '../support/until.ts';
import { follow } from './support/arrivals.ts';
import { createPodAccess } from './support/pod-access.ts';

const clusters = 10;
const topicsOfEach = 40;
const limitRatio = 2;
const patience = 300_000;
const program = join(import.meta.dirname, '../../dist/bin/operator.js');

const [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka()]);
// It takes connections, and never says a word.
const silent = createServer(() => {}).listen(0, '127.0.0.1');
await once(silent, 'listening');
try {
  const { port } = silent.address() as { port: number };
  // The first run is for the brokers, which are slow at first.
  await p99OfNine(kubernetes, 'warm-up', kafka.bootstrapServers, kafka.bootstrapServers);
  const well = await p99OfNine(kubernetes, 'all ten well', kafka.bootstrapServers, kafka.bootstrapServers);
  const hanging = await p99OfNine(kubernetes, 'one hangs', kafka.bootstrapServers, `127.0.0.1:${port}`);
  console.log(`  ratio                           ${(hanging / well).toFixed(2)} (limit ${limitRatio})`);
  process.exitCode = hanging / well > limitRatio ? 1 : 0;
} finally {
  silent.close();
  await Promise.all([kubernetes.stop(), kafka.stop()]);
}
process.exit();

/** @returns seconds from create to Ready of one of the first nine clusters' topics, p99 */
async function p99OfNine(on: Kubernetes, what: string, servers: string, serversOfLast: string): Promise<number> {
  const namespace = await on.createNamespace();
  const pod = await createPodAccess(on, namespace);
  const environment = { ...pod.environment, LOG_LEVEL: 'error', WATCH_NAMESPACES: namespace };
  const operator = await createOperatorProcess({ namespace, environment, program });
  await operator.process.start();
  const arrivals = await follow(on, eventTopics, namespace);
  try {
    const ids = Array.from({ length: clusters }, (_, index) => index);
    for (const id of ids) {
      const bootstrapServers = id === clusters - 1 ? serversOfLast : servers;
      await declareCluster(on, { namespace, name: `cluster-${id}` }, bootstrapServers, {
        clusterId: `${namespace}-${id}`,
      });
    }
    const names = ids.flatMap((id) =>
      Array.from({ length: topicsOfEach }, (_, index) => ({ id, name: `${what.replaceAll(' ', '-')}-${id}-${index}` })),
    );
    for (const { id, name } of names) {
      const spec = {
        clusterRef: { name: `cluster-${id}` },
        partitions: 1,
        replicationFactor: 1,
        deletionPolicy: 'Retain',
      };
      await declareTopic(pod, { namespace, name }, spec);
    }
    const ofNine = names.filter(({ id }) => id < clusters - 1).map(({ name }) => name);
    await until(() => ofNine.every((name) => arrivals.ready.has(name)), patience);
    const waits = ofNine.map((name) => (arrivals.ready.get(name)! - arrivals.created.get(name)!) / 1000);
    const p99 = waits.toSorted((one, other) => one - other)[Math.floor((waits.length - 1) * 0.99)]!;
    console.log(`  ${what.padEnd(30)} p99 of nine clusters' topics ${p99.toFixed(2)} s`);
    return p99;
  } finally {
    await arrivals.stop();
    await operator.leave();
    await pod.remove();
  }
}
