import type { KubeConfig } from '@kubernetes/client-node';
import type { RequestOptions } from 'node:https';
import type { ApiServer } from './api-server.ts';

/** The API server of a kubeconfig's current context. */
export function apiServerOf(kubeConfig: KubeConfig): ApiServer {
  const server = kubeConfig.getCurrentCluster()?.server;
  if (server === undefined) throw new Error('the kubeconfig names no cluster');
  return {
    url: server,
    readCredentials: async () => {
      const options: RequestOptions = {};
      await kubeConfig.applyToHTTPSOptions(options);
      const { ca, cert, key, rejectUnauthorized, servername, headers } = options;
      return { tls: { ca, cert, key, rejectUnauthorized, servername }, headers: headers as Record<string, string> };
    },
  };
}
