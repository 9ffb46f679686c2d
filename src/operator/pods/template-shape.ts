import type { V1PodTemplateSpec } from '@kubernetes/client-node';
import type { Problem } from '../runtime/reconcile/readiness.ts';

/** Lists of a pod, and of each of its containers, that the operator itself goes through. */
const listsOfPods = ['initContainers', 'volumes', 'imagePullSecrets', 'tolerations', 'topologySpreadConstraints'];
const listsOfContainers = ['env', 'ports', 'volumeMounts'];

/**
 * A `podTemplate` may hold anything. Whatever has another shape than Kubernetes wants, the API server refuses in its own
 * words; but not what the operator has to go through before.
 *
 * @param template of the pods, with the changes in it
 * @param field that has the changes, for the message
 */
export function templateShapeProblem({ spec }: V1PodTemplateSpec, field: string): Problem | undefined {
  const pod = (spec ?? {}) as Fields;
  const wrong = [
    ...(isListOfObjects(pod['containers']) ? [] : ['spec.containers']),
    ...misshapen(pod, listsOfPods, 'spec'),
    ...['initContainers', 'containers'].flatMap((list) => misshapenIn(pod[list], `spec.${list}`)),
  ];
  if (wrong.length === 0) return undefined;
  const message = `${wrong.map((path) => `${field}.${path}`).join(', ')}: must be a list of objects, as in a pod. Correct it, or remove it.`;
  return { reason: 'PodTemplateRefused', message, failed: true };
}

type Fields = Readonly<Record<string, unknown>>;

const isListOfObjects = (value: unknown): value is readonly Fields[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));

/** A null is as good as nothing for Kubernetes. */
function misshapen(fields: Fields, lists: readonly string[], path: string): string[] {
  const given = lists.filter((list) => fields[list] !== undefined && fields[list] !== null);
  return given.filter((list) => !isListOfObjects(fields[list])).map((list) => `${path}.${list}`);
}

function misshapenIn(containers: unknown, path: string): string[] {
  if (!isListOfObjects(containers)) return [];
  return containers.flatMap((container, index) => misshapen(container, listsOfContainers, `${path}[${index}]`));
}
