import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { reservePorts, type PortReservation } from '../../../localcluster/parts/ports.ts';
import { eventClusters, eventTopics } from '../../../src/operator/kinds.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../support/kubernetes.ts';
import { topicHas } from '../../support/topic-expectations.ts';
import { declareTopic } from '../../support/topics.ts';

let kubernetes: Kubernetes;
let kafka: KafkaCluster;
let namespace: string;
let reservation: PortReservation;
let port: number;
let operator: ChildProcess;
const ready = { status: 'True', reason: 'TopicReady' };

beforeAll(async () => {
  [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka()]);
  namespace = await kubernetes.createNamespace();
  reservation = await reservePorts(1);
  port = reservation.ports[0]!;
  keepRunning();
});

afterAll(async () => {
  operator?.kill('SIGKILL');
  await Promise.all([kubernetes?.stop(), kafka?.stop(), reservation?.release()]);
});

function start(): ChildProcess {
  const environment = {
    KUBECONFIG: kubernetes.controlPlane.kubeconfigFile,
    POD_NAME: 'operator-0',
    POD_NAMESPACE: namespace,
    WORKLOAD_IMAGE: 'kafka-events:test',
    METRICS_PORT: String(port),
    LOG_LEVEL: 'error',
  };
  return spawn(process.execPath, ['src/bin/operator.ts'], {
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
}

/** As a Deployment does: it ends with 1 when the API server was away for longer than its lease lasts. */
function keepRunning(): void {
  operator = start();
  operator.once('exit', (code) => {
    if (code === 1) keepRunning();
  });
}

const get = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${port}${path}`);
  return { status: response.status, body: await response.text() };
};

describe('the operator, as a process', () => {
  it('is ready once it sees the cluster, and keeps an external cluster and its topic', async () => {
    await eventually(async () => expect((await get('/readyz')).status).toBe(200));
    const { bootstrapServers } = kafka;
    await kubernetes.client.create(eventClusters, {
      metadata: { namespace, name: 'events' },
      spec: { engine: 'External', external: { bootstrapServers } },
    } as object);
    await declareTopic(kubernetes, { namespace, name: 'first' }, { partitions: 3 });
    await topicHas(kubernetes, { namespace, name: 'first' }, ready);
    const cluster = await kubernetes.client.get(eventClusters, { namespace, name: 'events' });
    expect(cluster?.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
  });

  it('tells its metrics by the names of controller-runtime', async () => {
    const { body } = await get('/metrics');
    expect(body).toMatch(/controller_runtime_reconcile_total\{controller="event-topic",result="requeue_after".*\} \d+/);
    expect(body).toMatch(/leader_election_master_status\{name="kafka-events-operator".*\} 1/);
    expect(body).toMatch(/workqueue_depth\{name="event-topic".*\} 0/);
    expect(body).toMatch(/rest_client_requests_total\{method="GET",code="200".*\} \d+/);
  });

  it('goes on after the API server was killed', async () => {
    await kubernetes.controlPlane.apiServer.kill();
    await kubernetes.controlPlane.apiServer.start();
    await declareTopic(kubernetes, { namespace, name: 'second' }, {});
    await topicHas(kubernetes, { namespace, name: 'second' }, ready);
  });

  it('goes on where it was killed', async () => {
    operator.kill('SIGKILL');
    await once(operator, 'exit');
    await kubernetes.client.delete(eventTopics, { namespace, name: 'second' });
    await declareTopic(kubernetes, { namespace, name: 'third' }, {});
    keepRunning();
    await topicHas(kubernetes, { namespace, name: 'third' }, ready);
    await eventually(async () => {
      expect(await kubernetes.client.get(eventTopics, { namespace, name: 'second' })).toBeUndefined();
    });
  });

  it('stops when asked, with exit code 0', async () => {
    operator.kill('SIGTERM');
    expect(await once(operator, 'exit')).toEqual([0, null]);
  });
});
