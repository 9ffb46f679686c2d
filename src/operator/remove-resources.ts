import type { V1Job } from '@kubernetes/client-node';
import type { Clock } from '../lib/clock.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { Logger } from '../lib/log.ts';
import type { KubernetesClient } from './runtime/transport/kubernetes-client.ts';
import { userSecrets } from './brokers/user-secrets.ts';
import {
  chatApis,
  deadLetterReplays,
  eventClusters,
  eventTopics,
  eventUsers,
  jobs,
  reminderConsumers,
} from './kinds.ts';
import type { ObjectKind } from './runtime/object-kind.ts';
import type { KubernetesObject, Observed } from './runtime/objects.ts';

export interface RemoveResourcesOptions {
  readonly client: Pick<KubernetesClient, 'get' | 'list' | 'delete'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly namespace: string;
  /** What is to go: everything in the namespace with this label. */
  readonly label: { readonly name: string; readonly value: string };
  /** A Secret to go after the resources. */
  readonly tokensSecretName?: string | undefined;
  /** The Job that does so, which Helm must have created. */
  readonly jobName: string;
}

/** Topics, users and consumer groups are removed from brokers that must still be there: clusters come last. */
const order: readonly (readonly ObjectKind[])[] = [
  // Replays find their brokers by their consumer.
  [deadLetterReplays],
  [chatApis, reminderConsumers, eventTopics],
  // Workloads may connect as one until they are gone.
  [eventUsers],
  [eventClusters],
];

const lookMilliseconds = 500;
/** A finalizer lets go after two minutes at the latest. */
const limitMilliseconds = 150_000;

/**
 * Deletes the resources of an installation, and waits until the operator has let go of them. It is what runs before the
 * operator itself is removed: without it, finalizers would hold its resources, and their namespace, for ever.
 *
 * @throws {ExpectedError} ResourcesRemain
 */
export async function removeResources(options: RemoveResourcesOptions): Promise<void> {
  const { client, logger, namespace, jobName, tokensSecretName } = options;
  if (isAppliedByKubectl(await client.get(jobs, { namespace, name: jobName }))) {
    logger.warn({ namespace, jobName }, 'Removed nothing: kubectl created this Job, not helm uninstall');
    return;
  }
  const removed = new Set<string>();
  for (const kinds of order) {
    for (const kind of kinds) for (const uid of await deleteAll(kind, options)) removed.add(uid);
    await untilGone(kinds, removed, options);
  }
  if (tokensSecretName !== undefined) await client.delete(userSecrets, { namespace, name: tokensSecretName });
}

/**
 * `helm template` prints the hooks of a chart, too, and whoever pipes it to kubectl starts this Job with everything else:
 * it must not remove what was installed beside it.
 */
function isAppliedByKubectl(job: Observed<V1Job> | undefined): boolean {
  const { annotations = {}, managedFields = [] } = job?.metadata ?? {};
  return (
    'kubectl.kubernetes.io/last-applied-configuration' in annotations ||
    managedFields.some(({ manager }) => manager?.startsWith('kubectl') ?? false)
  );
}

async function deleteAll(kind: ObjectKind, options: RemoveResourcesOptions): Promise<string[]> {
  const { client, logger, namespace, label } = options;
  const { items } = await client.list(kind, namespace);
  const ours = items.filter(({ metadata }) => metadata.labels?.[label.name] === label.value);
  for (const { metadata } of ours) {
    await client.delete(kind, metadata, { uid: metadata.uid });
    logger.info({ kind: kind.kind, namespace, name: metadata.name }, 'Deleted');
  }
  return ours.map(({ metadata }) => metadata.uid);
}

async function untilGone(
  kinds: readonly ObjectKind[],
  removed: ReadonlySet<string>,
  { client, clock, namespace }: RemoveResourcesOptions,
): Promise<void> {
  const deadline = clock.monotonic() + limitMilliseconds;
  for (;;) {
    const lists = await Promise.all(kinds.map((kind) => client.list(kind, namespace)));
    const remaining = lists.flatMap(({ items }) => items).filter((object) => isOrBelongsTo(object, removed));
    if (remaining.length === 0) return;
    if (clock.monotonic() > deadline) throw remain(remaining);
    await clock.sleep(lookMilliseconds);
  }
}

/** Dead-letter topics, and the users of workloads, have no label of the installation, but go with what owns them. */
function isOrBelongsTo({ metadata }: KubernetesObject, removed: ReadonlySet<string>): boolean {
  return removed.has(metadata.uid) || (metadata.ownerReferences ?? []).some(({ uid }) => removed.has(uid));
}

function remain(objects: readonly KubernetesObject[]): ExpectedError {
  const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ');
  const message = `Still there: ${names}. Is the operator running? See kubectl describe for what each is waiting for`;
  return new ExpectedError('ResourcesRemain', message, { retryable: true });
}
