import { KubeConfig } from '@kubernetes/client-node';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import {
  startControlPlane,
  type ControlPlane,
  type ControlPlaneRequest,
} from '../../localcluster/parts/control-plane.ts';
import { renderCrds } from '../../src/api/generate-crds.ts';
import { HttpTransport } from '../../src/operator/runtime/transport/http-transport.ts';
import { apiServerOf } from '../../src/operator/runtime/transport/kubeconfig.ts';
import { KubernetesClient } from '../../src/operator/runtime/transport/kubernetes-client.ts';

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
  const transport = new HttpTransport(apiServerOf(kubeConfigOf(controlPlane.kubeconfig)));
  const stop = async () => {
    transport.close();
    await controlPlane.stop();
  };
  await installCrds(transport).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    controlPlane,
    transport,
    client: new KubernetesClient(transport),
    createNamespace: () => createNamespace(transport),
    stop,
  };
}

export function kubeConfigOf(text: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(text);
  return kubeConfig;
}

const crdsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Crd {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function installCrds(transport: HttpTransport): Promise<void> {
  const crds = [...renderCrds().values()].map((text) => parse(text) as Crd);
  await Promise.all(crds.map((body) => transport.send({ method: 'POST', path: crdsPath, body })));
  await Promise.all(
    crds.map(({ metadata }) =>
      eventually(async () => {
        const crd = (await transport.send({ method: 'GET', path: `${crdsPath}/${metadata.name}` })) as Crd;
        const established = crd.status?.conditions?.find(({ type }) => type === 'Established');
        if (established?.status !== 'True') throw new Error(`${metadata.name} is not established`);
      }),
    ),
  );
}

async function createNamespace(transport: HttpTransport): Promise<string> {
  const name = `test-${randomBytes(4).toString('hex')}`;
  await transport.send({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
  return name;
}

/** Repeats until it no longer throws; what it throws at the end of the time is the failure. */
export async function eventually<T>(attempt: () => Promise<T> | T, milliseconds = 20_000): Promise<T> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(25);
    }
  }
}
