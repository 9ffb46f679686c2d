import { keyOf, keyText, type KubernetesObject } from '../runtime/objects.ts';

interface Claimant extends KubernetesObject {
  readonly spec: { readonly managementPolicy: string };
}

/**
 * Whose it is, among those who name the same thing: the oldest resource that manages it. Whoever only looks on has no say.
 *
 * @param holds whether the resource's own status says that it has it
 */
export function ownerAmong<T extends Claimant>(candidates: readonly T[], holds: (one: T) => boolean): T | undefined {
  return candidates.filter(({ spec }) => spec.managementPolicy === 'Manage').toSorted(byAge(holds))[0];
}

/** Who else names it and is here to stay. Whatever its policy, what it names is not deleted under its feet. */
export function heirAmong<T extends Claimant>(
  object: T,
  candidates: readonly T[],
  holds: (one: T) => boolean,
): T | undefined {
  const others = candidates.filter(
    ({ metadata }) => metadata.uid !== object.metadata.uid && metadata.deletionTimestamp === undefined,
  );
  return ownerAmong(others, holds) ?? others[0];
}

/** Deleted, and held back by finalizers of others alone: our part is done. */
export const isDone = ({ metadata: { deletionTimestamp, finalizers = [] } }: KubernetesObject, finalizer: string) =>
  deletionTimestamp !== undefined && !finalizers.includes(finalizer);

/**
 * Times are whole seconds, so that many are the same: then it stays with the one that has it, and of those that are new
 * the name decides, always in the same way.
 */
const byAge =
  <T extends Claimant>(holds: (one: T) => boolean) =>
  (one: T, other: T): number =>
    compare(one.metadata.creationTimestamp, other.metadata.creationTimestamp) ||
    Number(holds(other)) - Number(holds(one)) ||
    compare(keyText(keyOf(one)), keyText(keyOf(other)));

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
