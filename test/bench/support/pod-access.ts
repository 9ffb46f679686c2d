import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeConfigOf, type Kubernetes } from '../../support/kubernetes.ts';

/** What kubelet gives to a pod so that it reaches the API server: the operator does without the client library then. */
export interface PodAccess {
  readonly environment: Readonly<Record<string, string>>;
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
  const { status } = (await transport.send({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/default/token`,
    body: { spec: { expirationSeconds: 7200 } },
  })) as { status: { token: string } };
  const { server, caData } = kubeConfigOf(controlPlane.kubeconfig).getCurrentCluster()!;
  const directory = await mkdtemp(join(tmpdir(), 'service-account-'));
  await writeFile(join(directory, 'token'), status.token);
  await writeFile(join(directory, 'ca.crt'), Buffer.from(caData!, 'base64'));
  const { hostname, port } = new URL(server);
  return {
    environment: {
      KUBERNETES_SERVICE_HOST: hostname,
      KUBERNETES_SERVICE_PORT: port,
      SERVICE_ACCOUNT_DIRECTORY: directory,
    },
    remove: () => rm(directory, { recursive: true }),
  };
}
