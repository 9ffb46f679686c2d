import { port, text } from './variables.ts';

/** How a pod reaches the API server. */
export interface PodAccess {
  readonly url: string;
  /** Holds the token and the certificate of its service account. */
  readonly serviceAccountDirectory: string;
}

/** What kubelet sets in every pod, and the kubeconfig to be used instead. */
export const kubernetesVariables = {
  KUBECONFIG: text('the path of a kubeconfig').optional(),
  KUBERNETES_SERVICE_HOST: text('the address of the API server').optional(),
  KUBERNETES_SERVICE_PORT: port.default(443),
  SERVICE_ACCOUNT_DIRECTORY: text('a folder with the files token and ca.crt').default(
    '/var/run/secrets/kubernetes.io/serviceaccount',
  ),
};

/** What reading the variables gives. */
interface KubernetesValues {
  readonly KUBECONFIG?: string | undefined;
  readonly KUBERNETES_SERVICE_HOST?: string | undefined;
  readonly KUBERNETES_SERVICE_PORT: number;
  readonly SERVICE_ACCOUNT_DIRECTORY: string;
}

/** Undefined outside of pods, and wherever a kubeconfig is named. */
export function podAccessFrom(values: KubernetesValues): PodAccess | undefined {
  const { KUBECONFIG, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: servicePort } = values;
  if (KUBECONFIG !== undefined || host === undefined) return undefined;
  const url = `https://${host.includes(':') ? `[${host}]` : host}:${servicePort}`;
  return { url, serviceAccountDirectory: values.SERVICE_ACCOUNT_DIRECTORY };
}
