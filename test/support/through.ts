import { apiServerOf } from '../../src/operator/runtime/transport/kubeconfig.ts';
import type { ApiServer } from '../../src/operator/runtime/transport/api-server.ts';
import { kubeConfigOf, type Kubernetes } from './kubernetes.ts';

/** The port that the API server listens on. */
export const portOf = ({ controlPlane }: Kubernetes): number =>
  Number(new URL(kubeConfigOf(controlPlane.kubeconfig).getCurrentCluster()!.server).port);

/** The API server, reached by another port of this machine. */
export function apiServerThrough(kubernetes: Kubernetes, port: number): ApiServer {
  const { kubeconfig } = kubernetes.controlPlane;
  return apiServerOf(kubeConfigOf(kubeconfig.replaceAll(`:${portOf(kubernetes)}`, `:${port}`)));
}
