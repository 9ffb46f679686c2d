import { KubeConfig } from '@kubernetes/client-node';
import type { ApiServer } from '../transport/api-server.ts';
import { HttpTransport } from '../transport/http-transport.ts';
import { apiServerOf } from '../transport/kubeconfig.ts';
import { KubernetesClient } from '../transport/kubernetes-client.ts';

/** A client of the API server that a kubeconfig leads to, to be closed at the end of the tests. */
export interface Connection {
  readonly client: KubernetesClient;
  /** For whatever the client has no method for. */
  readonly transport: HttpTransport;
  readonly close: () => void;
}

/** @param kubeconfig the text of the file */
export function connect(kubeconfig: string): Connection {
  const transport = new HttpTransport(apiServerFrom(kubeconfig));
  return { client: new KubernetesClient(transport), transport, close: () => transport.close() };
}

/** @param kubeconfig the text of the file */
export function apiServerFrom(kubeconfig: string): ApiServer {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(kubeconfig);
  return apiServerOf(kubeConfig);
}
