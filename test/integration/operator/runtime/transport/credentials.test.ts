import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiServerFrom } from '../../../../../src/operator/runtime/testing/connection.ts';
import { HttpTransport } from '../../../../../src/operator/runtime/transport/http-transport.ts';
import { configMaps, secrets } from '../../../../../src/operator/kinds.ts';
import { KubernetesClient } from '../../../../../src/operator/runtime/transport/kubernetes-client.ts';
import { apiServerOfPod } from '../../../../../src/operator/runtime/transport/service-account.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';

let kubernetes: Kubernetes;
let namespace: string;
/** What kubelet would mount into the pod. */
let directory: string;
let transport: HttpTransport;
let client: KubernetesClient;
let answers: string[];

beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes?.stop());
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
  directory = await mkdtemp(join(tmpdir(), 'service-account-'));
  const apiServer = apiServerFrom(kubernetes.controlPlane.kubeconfig);
  const { tls } = await apiServer.readCredentials();
  await writeFile(join(directory, 'ca.crt'), String(tls.ca));
  await letServiceAccountRead();
  answers = [];
  const onAnswer = (_: string, code: string) => answers.push(code);
  transport = new HttpTransport(apiServerOfPod(apiServer.url, directory), { onAnswer });
  client = new KubernetesClient(transport);
});
afterEach(async () => {
  transport.close();
  await rm(directory, { recursive: true });
});

const post = (path: string, body: object) => kubernetes.transport.send({ method: 'POST', path, body });

async function letServiceAccountRead(): Promise<void> {
  await post('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', namespace, name: 'default' }],
  });
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default`;
  await eventually(() => kubernetes.transport.send({ method: 'GET', path }));
}

/** A token that is good for as long as a secret of that name is there, as a pod's is while the pod is. */
async function mountToken(bond: string): Promise<void> {
  const secret = await kubernetes.client.create(secrets, { metadata: { namespace, name: bond } });
  const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name: bond, uid: secret.metadata.uid };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`;
  const { status } = (await post(path, { spec: { boundObjectRef } })) as { status: { token: string } };
  await writeFile(join(directory, 'token'), `${status.token}\n`);
}

const read = () => client.list(configMaps, namespace);

describe('the token of a service account', () => {
  it('is read again when the server no longer takes it, and nobody notices', async () => {
    await mountToken('first');
    await eventually(read);
    await mountToken('second');
    await kubernetes.client.delete(secrets, { namespace, name: 'first' });
    answers = [];
    // The server remembers for some seconds that the token was good.
    await eventually(async () => {
      await read();
      expect(answers).toContain('401');
    });
    expect(answers.slice(-2)).toEqual(['401', '200']);
    await Promise.all(Array.from({ length: 50 }, read));
    expect(answers.filter((code) => code === '401')).toHaveLength(1);
  });

  it('that is refused for good is an error, and the next token mends it', async () => {
    await writeFile(join(directory, 'token'), 'garbage');
    await expect(read()).rejects.toMatchObject({ code: 'Unauthorized' });
    expect(answers).toEqual(['401', '401']);
    await mountToken('good');
    await eventually(read);
  });

  it('that cannot be read is an error, until it can', async () => {
    await expect(read()).rejects.toMatchObject({ code: 'ApiServerUnreachable', retryable: true });
    await mountToken('late');
    await eventually(read);
  });
});
