import type { KafkaConnection } from '../../../kafka/connection.ts';
import { ExpectedError } from '../../../lib/errors.ts';
import type { EventCluster } from '../../../api/event-cluster.ts';
import type { Brokers } from '../../brokers/brokers.ts';
import { userSecrets } from '../../brokers/user-secrets.ts';
import { deployments, pods } from '../../kinds.ts';
import { variablesOfDeployment, variablesOfPod } from '../../pods/variables.ts';
import type { Caches } from '../../runtime/cache/caches.ts';
import { controllerOf } from '../../runtime/objects.ts';
import type { Context } from '../../runtime/reconcile/controller.ts';

/** Whom all workloads logged in as before each had a user of its own. */
const sharedUser = 'kafka-events-workloads';
/** Its password, in a Secret of the cluster's: what proves that it was this operator that made the user. */
const sharedSecret = ({ name, namespace }: EventCluster['metadata']) => ({ namespace, name: `${name}-workloads` });

/**
 * Removes the user that workloads shared in earlier releases, once no pod logs in as it. Its Secret is emptied last, so
 * that whatever fails is tried again; it goes with the cluster.
 */
export async function removeSharedUser(
  { object, caches, client, event, logger }: Context<EventCluster>,
  brokers: Brokers,
  connection: KafkaConnection,
): Promise<void> {
  const { metadata } = object;
  const key = sharedSecret(metadata);
  const secret = caches.of(userSecrets).get(key);
  if (!secret?.data || controllerOf(secret)?.uid !== metadata.uid || isUsed(caches, key)) return;
  try {
    await brokers.removeUser(connection, sharedUser);
    await client.mergePatch(userSecrets, key, { data: null });
    event('Normal', 'SharedUserRemoved', `User ${sharedUser}, which no workload uses any more, was removed.`);
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    logger.debug({ user: sharedUser, err: error }, 'Could not remove a user that nobody uses; trying again later');
  }
}

type SecretKey = ReturnType<typeof sharedSecret>;

function isUsed(caches: Caches, { namespace, name }: SecretKey): boolean {
  const readers = [...caches.of(deployments).by(bySecret, name), ...caches.of(pods).by(byPodSecret, name)];
  return readers.some(({ metadata }) => metadata.namespace === namespace);
}

type Variables = ReturnType<typeof variablesOfPod>;

const secretsIn = (variables: Variables): string[] =>
  variables.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []);

const bySecret = (deployment: Parameters<typeof variablesOfDeployment>[0]) =>
  secretsIn(variablesOfDeployment(deployment));

const byPodSecret = (pod: Parameters<typeof variablesOfPod>[0]) => secretsIn(variablesOfPod(pod));
