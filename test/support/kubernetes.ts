import { randomBytes } from 'node:crypto';
import type { ControlPlane } from '../../localcluster/parts/control-plane.ts';
import { connect } from '../../src/operator/runtime/testing/connection.ts';
import { eventually } from '../../src/operator/runtime/testing/eventually.ts';
import type { HttpTransport } from '../../src/operator/runtime/transport/http-transport.ts';
import type { KubernetesClient } from '../../src/operator/runtime/transport/kubernetes-client.ts';
import type * as shared from '../runner/shared-control-plane.ts';
import { restoring } from './restoring.ts';
import { startControlPlaneWithCrds } from './start-control-plane.ts';

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

export interface KubernetesRequest {
  /** For tests that change the CRDs, or what every file finds: no other file uses it, before or after. */
  readonly fresh?: boolean;
  /** Whether it writes down each request; it is a fresh one then, too. */
  readonly audit?: boolean;
}

/** The control plane that the test files of this worker share, or a fresh one. All that was created there is gone at `stop`. */
export async function startKubernetes({ fresh = false, audit = false }: KubernetesRequest = {}): Promise<Kubernetes> {
  // Jest's environment has them; the lab and the benchmarks run without jest.
  const { takeControlPlane, discardControlPlane } = globalThis as Partial<typeof shared>;
  const isShared = takeControlPlane !== undefined && !fresh && !audit;
  const controlPlane = await (isShared ? takeControlPlane() : startControlPlaneWithCrds({ audit }));
  const { transport, client, close } = connect(controlPlane.kubeconfig);
  const restore = isShared ? await restoring(transport) : undefined;
  const end = async () => {
    // What cannot be restored is no longer shared.
    await (restore ? restore().catch(discardControlPlane) : controlPlane.stop());
    close();
  };
  return { controlPlane, transport, client, createNamespace: () => createNamespace(transport), stop: end };
}

async function createNamespace(transport: HttpTransport): Promise<string> {
  const name = `test-${randomBytes(4).toString('hex')}`;
  await transport.send({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name } } });
  return name;
}
