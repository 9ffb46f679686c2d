import { apiServerFrom } from '../../src/operator/runtime/testing/connection.ts';
import type { ApiServer } from '../../src/operator/runtime/transport/api-server.ts';
import type { Kubernetes } from './kubernetes.ts';

/** The port that the API server listens on. */
export const portOf = ({ controlPlane }: Kubernetes): number =>
  Number(new URL(apiServerFrom(controlPlane.kubeconfig).url).port);

/** The API server, reached by another port of this machine. */
export function apiServerThrough(kubernetes: Kubernetes, port: number): ApiServer {
  const { kubeconfig } = kubernetes.controlPlane;
  return apiServerFrom(kubeconfig.replaceAll(`:${portOf(kubernetes)}`, `:${port}`));
}
