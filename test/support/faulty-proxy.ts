import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { apiServerFrom } from '../../src/operator/runtime/testing/connection.ts';
import * as kit from '../../src/operator/runtime/testing/faulty-proxy.ts';
import type { Kubernetes } from './kubernetes.ts';

export type FaultyProxy = kit.FaultyProxy;

/** As a cluster admin, whoever asks, with the API server's own certificate, so that clients take the proxy for it. */
export async function startFaultyProxy(kubernetes: Kubernetes): Promise<kit.FaultyProxy> {
  const { kubeconfig } = kubernetes.controlPlane;
  return kit.startFaultyProxy(apiServerFrom(kubeconfig), await servingCertificate(kubernetes));
}

/** The API server's own certificate, so that clients take a proxy for it. */
export async function servingCertificate({ controlPlane }: Kubernetes): Promise<kit.ServingCertificate> {
  const file = (name: string) => readFile(join(dirname(controlPlane.kubeconfigFile), 'pki', name));
  return { cert: await file('kube-apiserver.crt'), key: await file('kube-apiserver.key') };
}
