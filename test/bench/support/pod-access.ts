import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiServerFrom } from '../../../src/operator/runtime/testing/connection.ts';
import { HttpTransport } from '../../../src/operator/runtime/transport/http-transport.ts';
import { KubernetesClient } from '../../../src/operator/runtime/transport/kubernetes-client.ts';
import { apiServerOfPod } from '../../../src/operator/runtime/transport/service-account.ts';
import { eventually, type Kubernetes } from '../../support/kubernetes.ts';
import { requestToken } from '../../support/service-account.ts';

/** What kubelet gives to a pod so that it reaches the API server: the operator does without the client library then. */
export interface PodAccess {
  readonly environment: Readonly<Record<string, string>>;
  /** What another pod of the account would use. A token is checked once; a certificate anew with each request. */
  readonly client: KubernetesClient;
  remove(): Promise<void>;
}

/** For a pod of the namespace's default ServiceAccount, which may do everything: rights are tested elsewhere. */
export async function createPodAccess({ controlPlane, transport }: Kubernetes, namespace: string): Promise<PodAccess> {
  const account = { kind: 'ServiceAccount', name: 'default', namespace };
  await transport.send({
    method: 'POST',
    path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    body: {
      metadata: { name: namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [account],
    },
  });
  // A new namespace gets its ServiceAccount in a moment.
  const token = await eventually(() => requestToken({ transport }, account));
  const apiServer = apiServerFrom(controlPlane.kubeconfig);
  const { tls } = await apiServer.readCredentials();
  const directory = await mkdtemp(join(tmpdir(), 'service-account-'));
  await writeFile(join(directory, 'token'), token);
  await writeFile(join(directory, 'ca.crt'), String(tls.ca));
  const { hostname, port } = new URL(apiServer.url);
  const client = new KubernetesClient(new HttpTransport(apiServerOfPod(apiServer.url, directory)));
  return {
    client,
    environment: {
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
      SERVICE_ACCOUNT_DIRECTORY: directory,
    },
    remove: async () => {
      client.close();
      await rm(directory, { recursive: true });
    },
  };
}
