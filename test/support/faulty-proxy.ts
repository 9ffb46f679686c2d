import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { apiServerFrom } from '../../src/operator/runtime/testing/connection.ts';
import * as kit from '../../src/operator/runtime/testing/faulty-proxy.ts';
import type { Kubernetes } from './kubernetes.ts';

export type FaultyProxy = kit.FaultyProxy;

/** As a cluster admin, whoever asks, with the API server's own certificate, so that clients take the proxy for it. */
export async function startFaultyProxy({ controlPlane }: Kubernetes): Promise<kit.FaultyProxy> {
  const file = (name: string) => readFile(join(dirname(controlPlane.kubeconfigFile), 'pki', name));
  const certificate = { cert: await file('kube-apiserver.crt'), key: await file('kube-apiserver.key') };
  return kit.startFaultyProxy(apiServerFrom(controlPlane.kubeconfig), certificate);
}
