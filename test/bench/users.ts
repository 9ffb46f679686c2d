/**
 * How long a thousand EventUsers take from the first create to all Ready, and from delete to all gone, on a real API
 * server and brokers with TLS, passwords and access lists. Each has a password of its own, a Secret, and entries for a
 * topic and a group. Exit code 1 when it takes longer than the goal. Run: node test/bench/users.ts 1000
 */
import { join } from 'node:path';
import { eventClusters, eventUsers } from '../../src/operator/kinds.ts';
import { userSecrets } from '../../src/operator/brokers/user-secrets.ts';
import { denyByDefault, startGuardedKafka, users } from '../support/guarded-kafka.ts';
import { startKubernetes } from '../support/kubernetes.ts';
import { createOperatorProcess } from '../support/operator-process.ts';
import { until } from '../support/until.ts';
import { follow } from './support/arrivals.ts';
import { inParallel } from './support/in-parallel.ts';
import { createPodAccess } from './support/pod-access.ts';
import { memory, processorTime, spent } from './support/process-usage.ts';

const count = Number(process.argv[2] ?? 1000);
const goalSeconds = (10 * count) / 1000;
const patience = 300_000;
/** Those of the operator's Deployment. */
const nodeOptions = '--max-semi-space-size=4 --max-old-space-size=192';
const program = join(import.meta.dirname, '../../dist/bin/operator.js');

const [kubernetes, kafka] = await Promise.all([startKubernetes(), startGuardedKafka(denyByDefault)]);
const namespace = await kubernetes.createNamespace();
const pod = await createPodAccess(kubernetes, namespace);
const environment = { ...pod.environment, NODE_OPTIONS: nodeOptions, LOG_LEVEL: 'warn' };
const operator = await createOperatorProcess({ namespace, environment, program });
await operator.process.start();
const arrivals = await follow(kubernetes, eventUsers, namespace);
try {
  await declareGuardedCluster();
  const names = Array.from({ length: count }, (_, index) => `user-${index}`);
  const access = [
    { topicPrefix: 'orders-', allow: 'ReadWrite' },
    { groupPrefix: 'orders-', allow: 'Read' },
  ];
  const before = await processorTime();
  const since = performance.now();
  const spec = { clusterRef: { name: 'events' }, access };
  await inParallel(names, (name) => pod.client.create(eventUsers, { metadata: { namespace, name }, spec } as object));
  report('created', since);
  await until(() => arrivals.ready.size === names.length || operator.process.pid === undefined, patience);
  if (operator.process.pid === undefined) throw new Error(`The operator ended:\n${await operator.process.readLog()}`);
  const seconds = report(`all Ready (goal ${goalSeconds} s)`, since);
  if (seconds > goalSeconds) process.exitCode = 1;
  const busy = [...spent(before, await processorTime())].filter(([, value]) => value >= 0.1);
  console.log(`  processor seconds: ${busy.map(([name, value]) => `${name} ${value.toFixed(1)}`).join(', ')}`);
  const deleting = performance.now();
  await inParallel(names, (name) => pod.client.delete(eventUsers, { namespace, name }));
  await until(() => arrivals.gone.size === names.length, patience);
  report('all gone', deleting);
  const { now, most } = await memory(operator.process.pid);
  console.log(`  memory of the operator: ${now.toFixed(0)} MB, ${most.toFixed(0)} MB at most`);
} finally {
  await arrivals.stop();
  await operator.leave();
  await pod.remove();
  await Promise.all([kubernetes.stop(), kafka.stop()]);
}

async function declareGuardedCluster(): Promise<void> {
  const { client } = kubernetes;
  const secrets = {
    authority: { 'ca.crt': kafka.certificateAuthority! },
    credentials: { username: 'operator', password: users.operator },
  };
  for (const [name, stringData] of Object.entries(secrets))
    await client.create(userSecrets, { metadata: { namespace, name }, stringData } as object);
  const spec = {
    engine: 'External',
    external: { bootstrapServers: kafka.bootstrapServers },
    tls: { caSecretRef: { name: 'authority' } },
    authentication: { mechanism: 'SCRAM-SHA-512', credentialsSecretRef: { name: 'credentials' } },
  };
  const key = { namespace, name: 'events' };
  await client.create(eventClusters, { metadata: key, spec } as object);
  await until(async () => (await client.get(eventClusters, key))?.status?.clusterId !== undefined, patience);
}

function report(what: string, since: number): number {
  const seconds = (performance.now() - since) / 1000;
  console.log(`  ${what.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s`);
  return seconds;
}
