import type { ObjectMeta, OwnerReference } from '../../lib/kubernetes-object.ts';

/** An object as the API server keeps it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** A built-in type of the client library, as it is on the wire: with metadata, and times as text. */
export type Observed<T> = Omit<T, keyof KubernetesObject> & KubernetesObject;

/** What is applied: only the fields that the applier wants to set. */
export interface Manifest {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** Which object of a kind. */
export interface Key {
  readonly namespace: string;
  readonly name: string;
}

export function keyOf(object: KubernetesObject): Key {
  // Objects of the whole cluster have none.
  return { namespace: object.metadata.namespace ?? '', name: object.metadata.name };
}

export function keyText({ namespace, name }: Key): string {
  return `${namespace}/${name}`;
}

export function parseKey(text: string): Key {
  const slash = text.indexOf('/');
  return { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

/** Whole seconds, as Kubernetes writes metav1.Time. */
export const wireTime = (time: Date): string => time.toISOString().replace(/\.\d{3}Z$/, 'Z');

/** Makes the owner the controller of an object: it is deleted with the owner, and its changes wake the owner's controller. */
export function ownerReference({ apiVersion, kind, metadata }: KubernetesObject): OwnerReference {
  const { name, uid } = metadata;
  return { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function controllerOf(object: KubernetesObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller);
}
