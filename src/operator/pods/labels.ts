import { digest } from './digest.ts';
import type { Key, KubernetesObject } from '../runtime/objects.ts';

/** Labels that select the pods of one resource: a StatefulSet or Deployment can never change them. */
export function selectorLabels(component: string, instance: string): Record<string, string> {
  return { 'app.kubernetes.io/name': component, 'app.kubernetes.io/instance': instance };
}

/** The recommended labels of everything that the operator makes for a resource. */
export function objectLabels(component: string, instance: string): Record<string, string> {
  return {
    ...selectorLabels(component, instance),
    'app.kubernetes.io/part-of': 'kafka-events',
    'app.kubernetes.io/managed-by': 'kafka-events',
  };
}

/** Of a value of a label, in characters. */
const longestValue = 63;

/** The name of a resource as a label's value: one that is too long is cut, and stays unlike all others. */
export const labelValue = (name: string): string =>
  name.length <= longestValue ? name : `${name.slice(0, longestValue - 9)}-${digest(name).slice(0, 8)}`;

/** Labels as the API server takes a selector in text, and as `status.selector` shows it to autoscalers. */
export function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

/** The resource of a kind that an object was made for, if its labels say so. */
export function instanceOf({ metadata }: KubernetesObject, component: string): Key[] {
  const { labels, namespace } = metadata;
  const name = labels?.['app.kubernetes.io/instance'];
  return labels?.['app.kubernetes.io/name'] === component && name !== undefined ? [{ namespace, name }] : [];
}
