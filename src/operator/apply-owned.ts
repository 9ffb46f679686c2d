import { ExpectedError } from '../lib/errors.ts';
import type { Context, Managed } from './runtime/reconcile/controller.ts';
import type { ObjectKind } from './runtime/object-kind.ts';
import { controllerOf, type Key, type KubernetesObject, type Manifest } from './runtime/objects.ts';

/**
 * Applies an object that the resource owns, and takes over nothing that belongs to somebody else.
 *
 * @throws {ExpectedError} NameTaken, where an object of that name is not the resource's own
 */
export async function applyOwned<T extends KubernetesObject>(
  context: Context<Managed>,
  kind: ObjectKind<T>,
  manifest: Manifest,
): Promise<T> {
  await ownedOrAbsent(context, kind, {
    namespace: context.object.metadata.namespace,
    name: manifest.metadata?.name ?? '',
  });
  return context.apply(kind, manifest);
}

/**
 * The resource's own object of that name, if there is one.
 *
 * @throws {ExpectedError} NameTaken, where it is not the resource's own
 */
export async function ownedOrAbsent<T extends KubernetesObject>(
  context: Context<Managed>,
  kind: ObjectKind<T>,
  key: Key,
): Promise<T | undefined> {
  // Most caches see only what the operator has made, and some kinds nobody watches; who else has the name must be asked.
  const present = context.caches.informer(kind)?.cache.get(key) ?? (await context.client.get(kind, key));
  if (present && controllerOf(present)?.uid !== context.object.metadata.uid) throw nameTaken(kind, present);
  return present;
}

function nameTaken(kind: ObjectKind, present: KubernetesObject): ExpectedError<'NameTaken'> {
  const owner = controllerOf(present);
  const whose = owner ? `belongs to ${owner.kind} ${owner.name}` : 'was created by somebody else';
  return new ExpectedError(
    'NameTaken',
    `${kind.kind} ${present.metadata.name} already exists and ${whose}: delete it, or rename this resource`,
    // It may be about to go, with an earlier resource of this name.
    { retryable: true },
  );
}
