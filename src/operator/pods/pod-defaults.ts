import type {
  V1Affinity,
  V1Container,
  V1EnvVar,
  V1LocalObjectReference,
  V1PodSecurityContext,
  V1PodTemplateSpec,
  V1SecurityContext,
  V1Toleration,
  V1TopologySpreadConstraint,
} from '@kubernetes/client-node';

/** What the administrator of an installation gives to every pod, as far as the pod does not say otherwise itself. */
export interface PodDefaults {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly imagePullSecrets?: readonly V1LocalObjectReference[];
  readonly imagePullPolicy?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly V1Toleration[];
  readonly affinity?: V1Affinity;
  /** One without a labelSelector spreads the pods of the same Deployment, StatefulSet or Job. */
  readonly topologySpreadConstraints?: readonly V1TopologySpreadConstraint[];
  readonly priorityClassName?: string;
  /** Of every container. */
  readonly env?: readonly V1EnvVar[];
  readonly securityContext?: V1PodSecurityContext;
  readonly containerSecurityContext?: V1SecurityContext;
  /** Where images come from that no resource names: a host, perhaps with a port and a folder. */
  readonly imageRegistry?: string;
}

/** The names of PodDefaults; the API server checks what is in them. */
export const podDefaultsFields = [
  'labels',
  'annotations',
  'imagePullSecrets',
  'imagePullPolicy',
  'nodeSelector',
  'tolerations',
  'affinity',
  'topologySpreadConstraints',
  'priorityClassName',
  'env',
  'securityContext',
  'containerSecurityContext',
  'imageRegistry',
] as const satisfies readonly (keyof PodDefaults)[];

/**
 * Puts the defaults under a pod template: whatever is in the template stays, maps and lists get what they lack. It comes
 * after the check of what users ask for, since the administrator may ask for anything.
 */
export function withPodDefaults(template: V1PodTemplateSpec, defaults: PodDefaults = {}): V1PodTemplateSpec {
  const { metadata, spec } = template;
  if (!spec) return template;
  const { imagePullSecrets, nodeSelector, tolerations, affinity, priorityClassName } = defaults;
  const containers = (list: readonly V1Container[]) =>
    list.map((container) => withContainerDefaults(container, defaults));
  const spread = defaults.topologySpreadConstraints?.map((constraint) => ({
    labelSelector: { matchLabels: selectorOf(metadata?.labels) },
    ...constraint,
  }));
  const topologyKeys = new Set(spec.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey));
  const lackedSpread = spread?.filter(({ topologyKey }) => !topologyKeys.has(topologyKey));
  const names = new Set(spec.imagePullSecrets?.map(({ name }) => name));
  return {
    ...template,
    metadata: {
      ...metadata,
      ...lacking('labels', defaults.labels, metadata?.labels),
      ...lacking('annotations', defaults.annotations, metadata?.annotations),
    },
    spec: {
      ...spec,
      ...longer(
        'imagePullSecrets',
        spec.imagePullSecrets,
        imagePullSecrets?.filter(({ name }) => !names.has(name)),
      ),
      ...lacking('nodeSelector', nodeSelector, spec.nodeSelector),
      ...longer('tolerations', spec.tolerations, tolerations),
      ...lacking('affinity', affinity, spec.affinity),
      ...longer('topologySpreadConstraints', spec.topologySpreadConstraints, lackedSpread),
      ...(priorityClassName !== undefined && { priorityClassName: spec.priorityClassName ?? priorityClassName }),
      ...lacking('securityContext', defaults.securityContext, spec.securityContext),
      containers: containers(spec.containers),
      ...(spec.initContainers && { initContainers: containers(spec.initContainers) }),
    },
  };
}

/** The same for what a pod template is in. */
export function manifestWithPodDefaults<T extends { readonly spec?: { readonly template: V1PodTemplateSpec } }>(
  manifest: T,
  defaults: PodDefaults | undefined,
): T {
  if (!manifest.spec) return manifest;
  return { ...manifest, spec: { ...manifest.spec, template: withPodDefaults(manifest.spec.template, defaults) } };
}

/** The labels that all pods of one resource's kind have. */
function selectorOf(labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  const names = ['app.kubernetes.io/name', 'app.kubernetes.io/instance'];
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

function withContainerDefaults(container: V1Container, defaults: PodDefaults): V1Container {
  const { imagePullPolicy, containerSecurityContext, env } = defaults;
  const names = new Set(container.env?.map(({ name }) => name));
  return {
    ...container,
    ...(imagePullPolicy !== undefined && { imagePullPolicy: container.imagePullPolicy ?? imagePullPolicy }),
    ...longer(
      'env',
      container.env,
      env?.filter(({ name }) => !names.has(name)),
    ),
    ...lacking('securityContext', containerSecurityContext, container.securityContext),
  };
}

/** The image from another registry: its host is replaced, and an image of Docker Hub that names none gets one. */
export function fromRegistry(image: string, registry: string | undefined): string {
  if (registry === undefined) return image;
  const [first = '', ...rest] = image.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return `${registry}/${hasHost ? rest.join('/') : image}`;
}

/** A field that stays as it was where there are no defaults for it. */
function lacking<Name extends string, T extends object>(name: Name, defaults: T | undefined, present: T | undefined) {
  return defaults === undefined ? {} : ({ [name]: { ...defaults, ...present } } as Record<Name, T>);
}

function longer<Name extends string, T>(name: Name, present: readonly T[] | undefined, more: readonly T[] | undefined) {
  return more === undefined || more.length === 0
    ? {}
    : ({ [name]: [...(present ?? []), ...more] } as Record<Name, T[]>);
}
