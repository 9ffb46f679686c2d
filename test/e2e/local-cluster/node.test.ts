import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { down } from '../../../localcluster/cluster/down.ts';
import { nodeCgroup } from '../../../localcluster/cluster/node-configuration.ts';
import { findNode } from '../../../localcluster/cluster/running-node.ts';
import { images } from '../../../localcluster/images/images.ts';
import { e2eCluster, type E2eCluster } from '../../support/e2e-cluster.ts';
import { settingsOf } from '../../../localcluster/settings.ts';
import { viewMachine, type MachineView } from '../../support/machine-view.ts';
import { nodeProcesses, type NodeProcess } from '../../support/node-processes.ts';
import { until } from '../../support/until.ts';

// A second cluster, beside the one of the other tests.
const settings = settingsOf('kafka-events-e2e-node');
const limitMilliseconds = 600_000;

let before: MachineView;
let cluster: E2eCluster;

beforeAll(async () => {
  // The cluster that the other tests share may come up meanwhile, and is no change to look for.
  await e2eCluster();
  await down(settings); // of a run that was interrupted
  before = await viewMachine();
  cluster = await e2eCluster(settings);
}, limitMilliseconds);

afterAll(async () => {
  await down(settings);
}, limitMilliseconds);

describe('a running node', () => {
  it('leaves the machine as it was', async () => {
    expect(await viewMachine()).toEqual(before);
  });

  it.each([
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kubelet',
    'kube-proxy',
    'containerd',
  ])(
    'starts %s again when it was killed, and runs pods on',
    async (name) => {
      const killed = await processNamed(name);
      process.kill(killed.pid, 'SIGKILL');
      await until(async () => (await processNamed(name)).pid !== killed.pid);
      await e2eCluster(settings);
      await runPod(`after-${name}`);
    },
    limitMilliseconds,
  );

  it(
    'is the same node when it was brought up again after all of it was killed',
    async () => {
      await cluster.kubectl(['create', 'configmap', 'kept', '--from-literal=key=value']);
      process.kill(await firstPid(), 'SIGKILL');
      await until(async () => (await findNode(settings)) === undefined);
      await e2eCluster(settings);
      expect(await cluster.kubectl(['get', 'configmap/kept', '--output=jsonpath={.data.key}'])).toBe('value');
      await runPod('after-everything');
    },
    limitMilliseconds,
  );
});

describe('a node that was taken down', () => {
  it(
    'has left nothing behind',
    async () => {
      const processes = await nodeProcesses(await firstPid());
      expect(processes.map(({ name }) => name)).toEqual(expect.arrayContaining(['etcd', 'kubelet', 'containerd']));
      await down(settings);
      // The machine's own first process may take a moment to collect the node's.
      await until(() => processes.every(({ pid }) => !existsSync(`/proc/${pid}`)));
      expect(existsSync(settings.stateFolder)).toBe(false);
      expect(await cgroupsLeft()).toEqual([]);
      expect(await viewMachine()).toEqual(before);
    },
    limitMilliseconds,
  );
});

async function firstPid(): Promise<number> {
  const pid = await findNode(settings);
  if (pid === undefined) throw new Error('the node does not run');
  return pid;
}

async function processNamed(name: string): Promise<NodeProcess> {
  const found = (await nodeProcesses(await firstPid())).find((process) => process.name === name);
  if (found === undefined) throw new Error(`${name} does not run`);
  return found;
}

async function runPod(name: string): Promise<void> {
  await cluster.kubectl(['run', name, `--image=${images.pause.reference}`, '--restart=Never']);
  await cluster.kubectl(['wait', `pod/${name}`, '--for=condition=Ready', '--timeout=240s']);
}

async function cgroupsLeft(): Promise<string[]> {
  const hierarchies = ['', ...(await readdir('/sys/fs/cgroup'))];
  return hierarchies.map((name) => `/sys/fs/cgroup/${name}/${nodeCgroup(settings)}`).filter((path) => existsSync(path));
}
