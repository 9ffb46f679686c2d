import { KubeConfig } from '@kubernetes/client-node';
import { randomBytes } from 'node:crypto';
import { parse } from 'yaml';
import {
  startControlPlane,
  type ControlPlane,
  type ControlPlaneRequest,
} from '../../localcluster/parts/control-plane.ts';
import { renderCrds } from '../../src/api/generate-crds.ts';
import { connect } from '../../src/operator/runtime/testing/connection.ts';
import { eventually } from '../../src/operator/runtime/testing/eventually.ts';
import { installCrds, type Crd } from '../../src/operator/runtime/testing/install-crds.ts';
import type { HttpTransport } from '../../src/operator/runtime/transport/http-transport.ts';
import type { KubernetesClient } from '../../src/operator/runtime/transport/kubernetes-client.ts';

/** Tests take it from here, with the API server that they wait for. */
export { eventually };

/** A real API server that knows our kinds, and a client of it. */
export interface Kubernetes {
  readonly controlPlane: ControlPlane;
  readonly transport: HttpTransport;
  readonly client: KubernetesClient;
  createNamespace(): Promise<string>;
  stop(): Promise<void>;
}

export async function startKubernetes(request: ControlPlaneRequest = {}): Promise<Kubernetes> {
  const controlPlane = await startControlPlane(request);
  const { transport, client, close } = connect(controlPlane.kubeconfig);
  const stop = async () => {
    close();
    await controlPlane.stop();
  };
  const crds = [...renderCrds().values()].map((text) => parse(text) as Crd);
  await installCrds(client, crds).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    controlPlane,
    transport,
    client,
    createNamespace: () => createNamespace(transport),
    stop,
  };
}

export function kubeConfigOf(text: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(text);
  return kubeConfig;
}

async function createNamespace(transport: HttpTransport): Promise<string> {
  const name = `test-${randomBytes(4).toString('hex')}`;
  await transport.send({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
  return name;
}
