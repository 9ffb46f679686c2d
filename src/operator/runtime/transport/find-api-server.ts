import type { ApiServer } from './api-server.ts';
import { apiServerOf } from './kubeconfig.ts';
import { apiServerOfPod, type PodAccess } from './service-account.ts';

/** The API server that a pod's service account or, outside of pods, the user's kubeconfig leads to. */
export async function findApiServer(pod: PodAccess | undefined): Promise<ApiServer> {
  if (pod) return apiServerOfPod(pod.url, pod.serviceAccountDirectory);
  // Imported only here: the library takes 75 MB and most of a second, which a pod can do without.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  return apiServerOf(kubeConfig);
}
