import { eventually } from '../../src/operator/runtime/testing/eventually.ts';
import type { HttpTransport } from '../../src/operator/runtime/transport/http-transport.ts';
import { hasCode } from '../../src/operator/runtime/transport/kubernetes-error.ts';

interface List {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly namespace?: string; readonly finalizers?: readonly string[] };
    readonly spec?: Crd['spec'];
  }[];
}

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly storage: boolean }[];
  };
}

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** What has no namespace, and could be in another test's way. */
const ofTheWholeCluster = [
  ...['clusterroles', 'clusterrolebindings'].map((plural) => `/apis/rbac.authorization.k8s.io/v1/${plural}`),
  ...[
    'validatingwebhookconfigurations',
    'mutatingwebhookconfigurations',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
  ].map((plural) => `/apis/admissionregistration.k8s.io/v1/${plural}`),
  '/apis/scheduling.k8s.io/v1/priorityclasses',
  '/apis/storage.k8s.io/v1/storageclasses',
  '/api/v1/persistentvolumes',
  crds,
];
const namespaces = '/api/v1/namespaces';

/** What the API server makes for itself, some of it after it is ready. */
const ofTheSystem = /\/(?:kube-|system[:-])[^/]*$/;

/**
 * Sees what there is, and returns a function that deletes what has been created since: custom resources, whose finalizers
 * nobody is left to serve, and what has no namespace. Namespaces are emptied and removed in the background, which begins five
 * seconds later.
 */
export async function restoring(transport: HttpTransport): Promise<() => Promise<void>> {
  const before = new Set(await namesOf([namespaces, ...ofTheWholeCluster]));
  const created = async (collections: readonly string[]) =>
    (await namesOf(collections)).filter((path) => !before.has(path) && !ofTheSystem.test(path));
  return async () => {
    // What refuses or changes requests goes first, and is in force for a moment longer.
    await inParallel(await created([namespaces, ...ofTheWholeCluster]), remove);
    await eventually(async () => {
      await removeCustomResources();
      const left = await created(ofTheWholeCluster);
      if (left.length > 0) throw new Error(`still there: ${left.join(', ')}`);
    });
  };

  async function namesOf(collections: readonly string[]): Promise<string[]> {
    const lists = await Promise.all(
      collections.map(async (path) => (await list(path)).map(({ metadata }) => `${path}/${metadata.name}`)),
    );
    return lists.flat();
  }

  async function list(path: string): Promise<List['items']> {
    return ((await transport.send({ method: 'GET', path })) as List).items;
  }

  async function removeCustomResources(): Promise<void> {
    const kinds = (await list(crds)).map(({ spec }) => spec!);
    await inParallel(kinds, async ({ group, names, versions }) => {
      const api = `/apis/${group}/${versions.find(({ storage }) => storage)!.name}`;
      const objects = await list(`${api}/${names.plural}`);
      await inParallel(objects, async ({ metadata: { namespace, name, finalizers } }) => {
        const path = `${api}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${names.plural}/${name}`;
        await remove(path);
        if (finalizers) await ifThere(transport.send({ ...withoutFinalizers, path }));
      });
    });
  }

  async function remove(path: string): Promise<void> {
    await ifThere(transport.send({ method: 'DELETE', path }));
  }
}

const withoutFinalizers = {
  method: 'PATCH',
  contentType: 'application/merge-patch+json',
  body: { metadata: { finalizers: null } },
} as const;

async function ifThere(request: Promise<unknown>): Promise<void> {
  await request.catch((error: unknown) => {
    if (!hasCode(error, 'NotFound')) throw error;
  });
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  await Promise.all(items.map(work));
}
