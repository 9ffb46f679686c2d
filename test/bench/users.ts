/**
 * How long EventUsers with passwords and access take from the first create to all Ready, and from delete to all gone, on a
 * real API server and three brokers with TLS, passwords and ACLs, beside what bounds it, measured in the same run: the same
 * users by Admin requests alone, and as many creates alone. Run: node test/bench/users.ts 1000
 */
import { join } from 'node:path';
import { createUserAdmin, type Acl, type UserAdmin } from '../../src/kafka/user-admin.ts';
import { userSecrets } from '../../src/operator/brokers/user-secrets.ts';
import { eventClusters, eventUsers } from '../../src/operator/kinds.ts';
import { startKafka, type KafkaCluster } from '../../localcluster/parts/kafka.ts';
import { accessLists, denyByDefault, guardedSpec, users as passwords } from '../support/guarded-kafka.ts';
import { startKubernetes } from '../support/kubernetes.ts';
import { createOperatorProcess } from '../support/operator-process.ts';
import { silentLogger } from '../support/running-manager.ts';
import { until } from '../support/until.ts';
import { follow } from './support/arrivals.ts';
import { atOnce, inParallel } from './support/in-parallel.ts';
import { createPodAccess, type PodAccess } from './support/pod-access.ts';
import { memory, processorTime, spent } from './support/process-usage.ts';
import { percentile, reportSeconds, secondsSince, tellProcessorTime } from './support/times.ts';

const count = Number(process.argv[2] ?? 1000);
const goalSeconds = 10;
/** Those of the operator's Deployment. */
const nodeOptions = '--max-semi-space-size=4 --max-old-space-size=192';
const patience = 300_000;
/** As it runs in its pod: the sources, whose types Node has to strip, take more memory. */
const program = join(import.meta.dirname, '../../dist/bin/operator.js');
const spec = {
  clusterRef: { name: 'events' },
  access: [
    { topic: 'orders', allow: 'ReadWrite' },
    { group: 'orders', allow: 'Read' },
  ],
};
/** What brokers keep of one user with that access. */
const entriesEach = [
  { resourceType: 'Topic', operation: 'Read' },
  { resourceType: 'Topic', operation: 'Write' },
  { resourceType: 'Group', operation: 'Read' },
] as const;

const [kubernetes, kafka] = await Promise.all([
  startKubernetes(),
  startKafka({ brokers: 3, tls: true, users: passwords, properties: { ...accessLists, ...denyByDefault } }),
]);
const namespace = await kubernetes.createNamespace();
const pod = await createPodAccess(kubernetes, namespace);
const names = Array.from({ length: count }, (_, index) => `user-${index}`);
try {
  console.log(`\n${count} EventUsers with a password and ${entriesEach.length} ACL entries`);
  await adminAlone(kafka);
  await createsAlone(pod);
  const operator = await createOperatorProcess({
    namespace,
    environment: { ...pod.environment, NODE_OPTIONS: nodeOptions, LOG_LEVEL: 'warn' },
    program,
  });
  await operator.process.start();
  const arrivals = await follow(kubernetes, eventUsers, namespace);
  try {
    await declareSecuredCluster();
    const before = await processorTime();
    const since = performance.now();
    await inParallel(names, (name) => declare(pod, name));
    reportSeconds('created', secondsSince(since), `${atOnce} at once`);
    await until(() => arrivals.ready.size === count, patience);
    const ready = secondsSince(since);
    reportSeconds('all Ready', ready, `goal ${goalSeconds} s`);
    if (ready > goalSeconds) process.exitCode = 1;
    const waits = names.map((name) => (arrivals.ready.get(name)! - arrivals.created.get(name)!) / 1000);
    reportSeconds('one to Ready, p50', percentile(waits, 0.5), `p99 ${percentile(waits, 0.99).toFixed(1)} s`);
    tellProcessorTime(spent(before, await processorTime()));
    const deleting = performance.now();
    await inParallel(names, (name) => pod.client.delete(eventUsers, { namespace, name }));
    await until(() => arrivals.gone.size === count, patience);
    reportSeconds('all gone', secondsSince(deleting), '');
    console.log(
      `  memory of the operator          ${(await memory(operator.process.pid!)).most.toFixed(0)} MB at most`,
    );
  } finally {
    await arrivals.stop();
    await operator.leave();
  }
} finally {
  await pod.remove();
  await Promise.all([kubernetes.stop(), kafka.stop()]);
}

async function declareSecuredCluster(): Promise<void> {
  const write = (name: string, values: Readonly<Record<string, string>>) =>
    kubernetes.client.apply(userSecrets, { metadata: { namespace, name }, stringData: values } as object, {
      fieldManager: 'bench',
    });
  await write('authority', { 'ca.crt': kafka.certificateAuthority! });
  await write('credentials', { username: 'operator', password: passwords.operator });
  await kubernetes.client.create(eventClusters, {
    metadata: { namespace, name: 'events' },
    spec: guardedSpec(kafka),
  } as object);
  await until(async () => {
    const cluster = await kubernetes.client.get(eventClusters, { namespace, name: 'events' });
    return cluster?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
  }, patience);
}

async function adminAlone({ bootstrapServers, certificateAuthority }: KafkaCluster): Promise<void> {
  const admin = createUserAdmin(
    {
      ...{ bootstrapServers: bootstrapServers.split(','), clientId: 'bench', tls: { ca: certificateAuthority! } },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'owner', password: passwords.owner },
    },
    { logger: silentLogger },
  );
  try {
    await admin.describeCredentials(['nobody']); // connected
    const since = performance.now();
    await declareAlone(admin);
    reportSeconds('limit: Admin requests alone', secondsSince(since), 'passwords are hashed 4,097 times or more');
    const mechanism = 'SCRAM-SHA-512';
    await admin.removePasswords(names.map((user) => ({ user, mechanism })));
    await admin.deleteAcls(entries());
  } finally {
    await admin.close();
  }
}

async function declareAlone(admin: UserAdmin): Promise<void> {
  const mechanism = 'SCRAM-SHA-512';
  const changes = names.map((user) => ({ user, password: `of-${user}`, mechanism, iterations: 4097 }) as const);
  const results = [...(await admin.setPasswords(changes)).values(), ...(await admin.createAcls(entries()))];
  for (const failure of results) if (failure) throw failure;
}

function entries(): Acl[] {
  return names.flatMap((name) =>
    entriesEach.map((each) => ({
      ...{ ...each, resourceName: 'orders', patternType: 'Literal', permission: 'Allow' },
      ...{ principal: `User:${name}`, host: '*' },
    })),
  );
}

function declare({ client }: PodAccess, name: string) {
  return client.create(eventUsers, { metadata: { namespace, name }, spec } as object);
}

async function createsAlone(access: PodAccess): Promise<void> {
  const since = performance.now();
  await inParallel(names, (name) => declare(access, name));
  reportSeconds('limit: creates alone', secondsSince(since), `${atOnce} at once`);
  await inParallel(names, (name) => access.client.delete(eventUsers, { namespace, name }));
}
