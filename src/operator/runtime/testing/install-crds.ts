import type { ObjectKind } from '../object-kind.ts';
import type { KubernetesObject } from '../objects.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { eventually } from './eventually.ts';

/** What is read of a CustomResourceDefinition here. */
export interface Crd {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

interface ObservedCrd extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export const customResourceDefinitions: ObjectKind<ObservedCrd> = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  clusterScoped: true,
};

/** Creates the CRDs, and returns once their kinds can be used. */
export async function installCrds(client: KubernetesClient, crds: readonly Crd[]): Promise<void> {
  await Promise.all(crds.map((crd) => client.create(customResourceDefinitions, crd)));
  await Promise.all(crds.map((crd) => eventually(() => assertServed(client, crd))));
}

/** Established comes before the first request is served. */
async function assertServed(client: KubernetesClient, { metadata: { name }, spec }: Crd): Promise<void> {
  const crd = await client.get(customResourceDefinitions, { namespace: '', name });
  const established = crd?.status?.conditions?.find(({ type }) => type === 'Established');
  if (established?.status !== 'True') throw new Error(`${name} is not established`);
  const { group, names, versions } = spec;
  const served = versions.filter((version) => version.served);
  await Promise.all(served.map((version) => client.list({ ...names, apiVersion: `${group}/${version.name}` })));
}
