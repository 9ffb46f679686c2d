import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { reservePorts, type PortReservation } from '../../../../../localcluster/parts/ports.ts';
import { eventTopics } from '../../../../../src/operator/kinds.ts';
import { leases } from '../../../../../src/operator/runtime/object-kind.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';
import { declareTopic } from '../../../../support/topics.ts';

let kubernetes: Kubernetes;
let namespace: string;
let reservation: PortReservation;
let isOver = false;
const operators = new Map<string, ChildProcess>();

beforeAll(async () => {
  kubernetes = await startKubernetes({ audit: true });
  namespace = await kubernetes.createNamespace();
  reservation = await reservePorts(2);
});

afterAll(async () => {
  isOver = true;
  for (const operator of operators.values()) operator.kill('SIGKILL');
  await kubernetes?.stop();
  await reservation?.release();
});

/** An operator whose requests the API server tells apart from those of others, by the user of its name. */
function start(name: string, kubeconfigFile: string): ChildProcess {
  const environment = {
    KUBECONFIG: kubeconfigFile,
    POD_NAME: name,
    POD_NAMESPACE: namespace,
    WATCH_NAMESPACES: namespace,
    WORKLOAD_IMAGE: 'kafka-events:test',
    METRICS_PORT: String(reservation.ports[name === 'heir' ? 1 : 0]),
    LOG_LEVEL: 'error',
  };
  const env = { ...process.env, ...environment };
  const operator = spawn(process.execPath, ['src/bin/operator.ts'], { env, stdio: 'inherit' });
  operators.set(name, operator);
  return operator;
}

/** Starts it again when it ends, as a pod does: on a machine that is too busy, it loses its lease for once. */
function startAsPod(name: string, kubeconfigFile: string): void {
  start(name, kubeconfigFile).once('exit', () => {
    if (!isOver) startAsPod(name, kubeconfigFile);
  });
}

async function kubeconfigOf(user: string): Promise<string> {
  const { kubeconfig, kubeconfigFile } = kubernetes.controlPlane;
  const own = parse(kubeconfig) as { users: { user: Record<string, string> }[] };
  own.users[0]!.user['as'] = user;
  const file = join(dirname(kubeconfigFile), `${user}.kubeconfig`);
  await writeFile(file, stringify(own));
  await kubernetes.transport.send({
    method: 'POST',
    path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    body: {
      metadata: { name: user },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    },
  });
  return file;
}

interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly impersonatedUser?: { readonly username: string };
  readonly requestReceivedTimestamp: string;
  readonly responseStatus?: { readonly code: number };
}

/** What an operator has written since a time, as the API server has noted it: `patch /apis/...`. */
async function writesOf(name: string, since: string): Promise<string[]> {
  const lines = (await readFile(kubernetes.controlPlane.auditLogFile!, 'utf8')).split('\n').filter(Boolean);
  return lines
    .map((line) => JSON.parse(line) as AuditEvent)
    .filter(({ impersonatedUser }) => impersonatedUser?.username === name)
    .filter(({ verb, responseStatus }) => /create|update|patch|delete/.test(verb) && responseStatus!.code < 300)
    .filter(({ requestReceivedTimestamp }) => requestReceivedTimestamp > since)
    .map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}

const lease = async () =>
  (await kubernetes.client.get(leases, { namespace, name: 'kafka-events-operator' }))?.spec as
    { holderIdentity?: string; acquireTime?: string } | undefined;
const topics = async () => (await kubernetes.client.list(eventTopics, namespace)).items;

/** How many topics have a status about their newest spec. */
const seen = async () =>
  (await topics()).filter(({ status, metadata }) => status?.observedGeneration === metadata.generation).length;

/** Resolves when the first of the topics has a status: a second later, all may have one. */
async function firstSeen(): Promise<void> {
  const { resourceVersion } = await kubernetes.client.list(eventTopics, namespace);
  const watching = new AbortController();
  for await (const event of kubernetes.client.watch(eventTopics, namespace, resourceVersion, watching.signal))
    if (event.type === 'MODIFIED' && event.object.status?.observedGeneration !== undefined) break;
  watching.abort();
}

describe('a leader that is paused past its lease', () => {
  const names = Array.from({ length: 600 }, (_, index) => `topic-${index}`);

  it('sends not one more write when it goes on, and ends with exit code 1', async () => {
    await Promise.all(names.map((name) => declareTopic(kubernetes, { namespace, name }, {})));
    const kubeconfig = await kubeconfigOf('paused');
    const begun = firstSeen();
    const paused = start('paused', kubeconfig);
    // In the midst of its work: writes are under way, and many more wait for a connection.
    await begun;
    paused.kill('SIGSTOP');
    expect(await seen()).toBeLessThan(names.length);
    startAsPod('heir', await kubeconfigOf('heir'));
    await eventually(async () => expect(await seen()).toBe(names.length), 180_000);
    const { holderIdentity, acquireTime } = (await lease())!;
    expect(holderIdentity).toBe('heir');
    paused.kill('SIGCONT');
    expect(await once(paused, 'exit')).toEqual([1, null]);
    expect(await writesOf('paused', '')).not.toEqual([]);
    expect(await writesOf('heir', acquireTime!)).not.toEqual([]);
    expect(await writesOf('paused', acquireTime!)).toEqual([]);
  });
});
