import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { images } from '../../../localcluster/images/images.ts';
import { e2eCluster, type E2eCluster } from '../../support/e2e-cluster.ts';
import { portForward } from '../../support/port-forward.ts';

const broker = ['--namespace=kafka-probe'];
const client = ['--namespace=kafka-probe-client'];
const startMilliseconds = 600_000;

let cluster: E2eCluster;

beforeAll(async () => {
  cluster = await e2eCluster();
  await cluster.kubectl(['apply', '--server-side', '--filename=-'], await file('kafka.yaml'));
  const clientPod = (await file('client.yaml')).replace('IMAGE', images.kafkaEvents.reference);
  await cluster.kubectl(['apply', '--server-side', '--filename=-'], clientPod);
  await brokersReady();
  await cluster.kubectl(['wait', 'pod/client', ...client, '--for=condition=Ready', '--timeout=240s']);
}, startMilliseconds);

afterAll(async () => {
  await cluster.kubectl(['delete', 'namespace', 'kafka-probe', 'kafka-probe-client', '--timeout=240s']);
}, startMilliseconds);

describe('a stateful application on the local cluster', () => {
  it('has a bound volume for each of its pods', async () => {
    const phases = await cluster.kubectl(['get', 'pvc', ...broker, '--output=jsonpath={.items[*].status.phase}']);
    expect(phases).toBe('Bound Bound Bound');
  });

  it('is reached by its Service name from a pod in another namespace', async () => {
    await inClient('createTopic', 'greetings', '0');
    await inClient('produce', 'greetings', 'hello', 'world');
    expect(await inClient('consume', 'greetings', '2', 'reader-1')).toEqual(['hello', 'world']);
  });

  it('gets a deleted pod back with its data', async () => {
    await inClient('createTopic', 'kept', '1');
    await inClient('produce', 'kept', 'before');
    const uid = await podUid('kafka-1');
    await cluster.kubectl(['delete', 'pod/kafka-1', ...broker]);
    await brokersReady();
    expect(await podUid('kafka-1')).not.toBe(uid);
    await inClient('produce', 'kept', 'after');
    expect(await inClient('consume', 'kept', '2', 'reader-2')).toEqual(['before', 'after']);
  });

  it('survives a rolling update', async () => {
    const uid = await podUid('kafka-0');
    await cluster.kubectl(['rollout', 'restart', 'statefulset/kafka', ...broker]);
    await brokersReady();
    expect(await podUid('kafka-0')).not.toBe(uid);
    expect(await inClient('consume', 'greetings', '2', 'reader-3')).toEqual(['hello', 'world']);
  });
});

describe('kubectl on the local cluster', () => {
  it('shows logs', async () => {
    expect(await cluster.kubectl(['logs', 'kafka-0', ...broker, '--container=kafka'])).toContain(
      'Kafka Server started',
    );
  });

  it('forwards a port', async () => {
    const forward = await portForward(cluster, [...client, 'pod/client'], 8080);
    try {
      const response = await fetch(`http://127.0.0.1:${forward.port}/`);
      expect(await response.text()).toBe('client');
    } finally {
      await forward.close();
    }
  });

  it('is refused a pod that breaks the restricted pod security of its namespace', async () => {
    const apply = cluster.kubectl(['apply', '--filename=-'], await file('privileged-pod.yaml'));
    await expect(apply).rejects.toThrow('violates PodSecurity "restricted');
  });

  it('is refused without a certificate, and trusts no other server', async () => {
    const url = `https://127.0.0.1:${cluster.settings.firstPort}/api`;
    await expect(fetch(url)).rejects.toThrow(); // its authority is the cluster's own
    const { stdout } = await execa('curl', [
      '--insecure',
      '--silent',
      '--output',
      '/dev/null',
      '--write-out',
      '%{http_code}',
      url,
    ]);
    expect(stdout).toBe('401');
  });
});

async function inClient(...work: string[]): Promise<unknown> {
  const exec = ['exec', '--stdin', 'client', ...client, '--', 'node', '--input-type=module-typescript', '-', ...work];
  return JSON.parse(await cluster.kubectl(exec, await file('client.ts')));
}

async function brokersReady(): Promise<void> {
  await cluster.kubectl(['rollout', 'status', 'statefulset/kafka', ...broker, '--timeout=240s']);
}

async function podUid(name: string): Promise<string> {
  return cluster.kubectl(['get', `pod/${name}`, ...broker, '--output=jsonpath={.metadata.uid}']);
}

async function file(name: string): Promise<string> {
  return readFile(join(import.meta.dirname, name), 'utf8');
}
