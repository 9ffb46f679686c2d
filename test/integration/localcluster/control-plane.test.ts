import { ApiException, CoreV1Api, KubeConfig, type V1ConfigMap } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { startControlPlane, type ControlPlane } from '../../../localcluster/parts/control-plane.ts';
import { until } from '../../support/until.ts';

let controlPlane: ControlPlane;
let api: CoreV1Api;
let server: string;

beforeAll(async () => {
  controlPlane = await startControlPlane({ audit: true });
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromString(controlPlane.kubeconfig);
  server = kubeconfig.getCurrentCluster()!.server;
  api = kubeconfig.makeApiClient(CoreV1Api);
});

afterAll(() => controlPlane?.stop());

async function createConfigMap(name: string, more: Partial<V1ConfigMap['metadata']> = {}, namespace = 'default') {
  return api.createNamespacedConfigMap({ namespace, body: { metadata: { name, ...more }, data: { key: 'value' } } });
}

const readConfigMap = (name: string, namespace = 'default') => api.readNamespacedConfigMap({ name, namespace });

async function untilGone(read: () => Promise<unknown>): Promise<void> {
  await until(async () => {
    try {
      await read();
      return false;
    } catch (error) {
      if (error instanceof ApiException && error.code === 404) return true;
      throw error;
    }
  });
}

it('has the default service account from the beginning', async () => {
  await api.readNamespacedServiceAccount({ name: 'default', namespace: 'default' });
});

it('writes a kubeconfig that says what the returned one does', async () => {
  expect(await readFile(controlPlane.kubeconfigFile, 'utf8')).toBe(controlPlane.kubeconfig);
});

it('empties a namespace that is deleted, and removes it', async () => {
  await api.createNamespace({ body: { metadata: { name: 'short-lived' } } });
  await createConfigMap('inside', {}, 'short-lived');
  await api.deleteNamespace({ name: 'short-lived' });
  await untilGone(() => readConfigMap('inside', 'short-lived'));
  await untilGone(() => api.readNamespace({ name: 'short-lived' }));
});

it('collects what belonged to a deleted object', async () => {
  const owner = await createConfigMap('owner');
  const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata!.uid! };
  await createConfigMap('owned', { ownerReferences: [reference] });
  await api.deleteNamespacedConfigMap({ name: 'owner', namespace: 'default' });
  await untilGone(() => readConfigMap('owned'));
});

it('counts writes in its audit log', async () => {
  await createConfigMap('counted');
  await createConfigMap('counted').catch(() => undefined); // a conflict is a write too
  const writes = async () =>
    (await auditEvents()).filter(({ verb, objectRef }) => verb === 'create' && objectRef?.name === 'counted');
  await until(async () => (await writes()).length === 2);
  expect((await writes()).map(({ responseStatus }) => responseStatus.code)).toEqual([201, 409]);
});

async function auditEvents(): Promise<AuditEvent[]> {
  const lines = (await readFile(controlPlane.auditLogFile!, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as AuditEvent);
}

interface AuditEvent {
  readonly verb: string;
  readonly objectRef?: { readonly resource: string; readonly name?: string };
  readonly responseStatus: { readonly code: number };
}

describe('what was written is there again', () => {
  const cases = [
    ['apiServer', 'kill'],
    ['apiServer', 'stop'],
    ['etcd', 'kill'],
  ] as const;

  it.each(cases)('after %s: %s and start', async (part, end) => {
    const name = `${part}-${end}`.toLowerCase();
    await createConfigMap(name);
    await controlPlane[part][end]();
    await controlPlane[part].start();
    await until(async () => (await readConfigMap(name)).data?.['key'] === 'value');
  });
});

it('goes on collecting after the controller manager was killed and started', async () => {
  await controlPlane.controllerManager.kill();
  await api.createNamespace({ body: { metadata: { name: 'left' } } });
  await api.deleteNamespace({ name: 'left' });
  expect((await api.readNamespace({ name: 'left' })).status?.phase).toBe('Terminating');
  await controlPlane.controllerManager.start();
  await untilGone(() => api.readNamespace({ name: 'left' }));
});

it('answers nothing while the API server is paused, and then what it was asked', async () => {
  await controlPlane.apiServer.pause();
  let answered = false;
  const answer = readConfigMap('kube-root-ca.crt').finally(() => (answered = true));
  // A server that runs would at once show fetch a certificate that it does not trust.
  await expect(fetch(server, { signal: AbortSignal.timeout(500) })).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(answered).toBe(false);
  await controlPlane.apiServer.resume();
  expect((await answer).metadata?.name).toBe('kube-root-ca.crt');
});
