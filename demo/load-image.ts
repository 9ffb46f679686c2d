/** A cluster of the user's own, and the machine that the demo runs on. */
export interface Target {
  readonly context: string;
  /** The profile, where minikube made the cluster; the kubeconfig has it, whatever the context is called. */
  readonly minikubeProfile: string | undefined;
  /** A registry that the user can push to and the cluster pulls from. From REGISTRY. */
  readonly registry: string | undefined;
  /** The image without Docker is built on Debian and Ubuntu, on x64, alone. */
  readonly buildsWithoutDocker: boolean;
}

/** How the image gets into a cluster: by commands of the user's tools, in this order. */
export interface ImageRoute {
  /** What the commands start from: the archive of the image that is built without Docker, or nothing. */
  readonly needsArchive: boolean;
  readonly commands: readonly (readonly string[])[];
  /** The name that the cluster has the image under, without its tag. */
  readonly repository: string;
}

/**
 * @param reference the image that is built here: localhost/kafka-events:0.1.0
 * @param archive the file that it is built into
 * @returns undefined for a cluster that nobody knows a way into without a registry
 */
export function imageRoute(target: Target, reference: string, archive: string): ImageRoute | undefined {
  const { context, minikubeProfile, registry, buildsWithoutDocker } = target;
  const colon = reference.lastIndexOf(':');
  const [repository, tag] = [reference.slice(0, colon), reference.slice(colon + 1)];
  const made = buildsWithoutDocker
    ? { needsArchive: true, image: archive, build: [] }
    : { needsArchive: false, image: reference, build: [['docker', 'build', '--tag', reference, '.']] };
  const route = (...commands: string[][]): ImageRoute => {
    return { needsArchive: made.needsArchive, commands: [...made.build, ...commands], repository };
  };
  const intoDocker = made.needsArchive ? [['docker', 'load', '--input', archive]] : [];
  if (registry !== undefined) {
    const pushed = `${registry}/kafka-events`;
    const push = [
      ['docker', 'tag', reference, `${pushed}:${tag}`],
      ['docker', 'push', `${pushed}:${tag}`],
    ];
    return { ...route(...intoDocker, ...push), repository: pushed };
  }
  if (minikubeProfile !== undefined) {
    return route(['minikube', 'image', 'load', made.image, `--profile=${minikubeProfile}`]);
  }
  if (context.startsWith('kind-')) {
    const name = `--name=${context.slice('kind-'.length)}`;
    return route(['kind', 'load', made.needsArchive ? 'image-archive' : 'docker-image', made.image, name]);
  }
  if (context.startsWith('k3d-')) {
    return route(['k3d', 'image', 'import', made.image, `--cluster=${context.slice('k3d-'.length)}`]);
  }
  // Their nodes run what the Docker engine of the machine has.
  if (['docker-desktop', 'orbstack', 'rancher-desktop'].includes(context) || /^colima(-|$)/.test(context)) {
    return route(...intoDocker);
  }
  return undefined;
}

/** The profile of minikube that a cluster belongs to, from `kubectl config view --minify --output=json`. */
export function minikubeProfileIn(kubeconfig: string): string | undefined {
  const { clusters = [] } = JSON.parse(kubeconfig) as Kubeconfig;
  const ofMinikube = clusters?.find(({ cluster }) =>
    cluster.extensions?.some(({ extension }) => extension?.provider === 'minikube.sigs.k8s.io'),
  );
  return ofMinikube?.name;
}

interface Kubeconfig {
  readonly clusters?:
    | readonly {
        readonly name: string;
        readonly cluster: { readonly extensions?: readonly { readonly extension?: { readonly provider?: string } }[] };
      }[]
    | null;
}
