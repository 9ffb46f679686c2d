import type { EventUser } from '../../api/event-user.ts';
import type { AdminClients } from '../brokers/admin-clients.ts';
import { clusterKey } from '../brokers/cluster-access.ts';
import { seeSecrets, secretsExist } from '../brokers/user-secrets.ts';
import { withBrokers, type Decision } from '../brokers/with-brokers.ts';
import { eventUsers } from '../kinds.ts';
import { keyText } from '../runtime/objects.ts';
import type { BatchController, Outcome } from '../runtime/reconcile/controller.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { claimants, ownerOf } from './claims.ts';
import { userFinalizer } from './delete-users.ts';
import { certificateSecrets, identify } from './identity.ts';
import { givenCertificateFits } from './given-certificate.ts';
import { givenPasswordFits, passwordSecrets, type RandomBytes } from './keep-secret.ts';
import { keepUsers } from './keep-users.ts';
import { authenticationDisabled, certificatesNotAccepted, userReserved, userTaken } from './refusals.ts';
import { notManaged, unmanaged } from './report.ts';
import { isReserved } from './reserved-users.ts';
import { losesAccess, revokeAccess } from './revoke-access.ts';
import { createFindBrokers, type FindBrokers, type UserBrokers } from './user-brokers.ts';
import type { UserContext } from './user-context.ts';
import { userWatches } from './watches.ts';

export interface EventUserControllerOptions {
  readonly clients: AdminClients;
  /** For passwords; it must be such that nobody can guess them. */
  readonly randomBytes: RandomBytes;
}

/** Keeps users as their resources say, through Kafka's protocol, hundreds with each request. */
export function createEventUserController(options: EventUserControllerOptions): BatchController<EventUser> {
  const { clients, randomBytes } = options;
  const findBrokers = createFindBrokers(clients);
  return {
    name: 'event-user',
    kind: eventUsers,
    watches: userWatches,
    batchSize: 250,
    // Clusters that hang delay no other cluster's users, and those of a batch all have the same brokers.
    lane: (user) => keyText(clusterKey(user)),
    // While one batch waits for brokers, another writes to the API server. The third is kept for users that changed.
    concurrency: 3,
    finalizer: userFinalizer(findBrokers),
    reconcileBatch: async (contexts) => {
      const { lost = [], kept = [] } = Object.groupBy(contexts, (context) => (losesAccess(context) ? 'lost' : 'kept'));
      const keep = withBrokers(
        kept,
        (context) => decide(context, findBrokers),
        (brokers, asked) => keepUsers(brokers, asked.map(named), randomBytes),
      );
      const results = (await Promise.all([revokeAccess(lost, findBrokers), keep])).flat();
      const byContext = new Map([...lost, ...kept].map((context, index) => [context, results[index]!]));
      return contexts.map((context) => byContext.get(context)!);
    },
  };
}

/** It has a name, or brokers would not be asked. */
function named(context: UserContext) {
  const identity = identify(context.object, context.caches);
  return { context, name: 'name' in identity ? identity.name : '' };
}

/** Brokers are asked about users that are this resource's to keep, or to look at. */
function decide(context: UserContext, findBrokers: FindBrokers): Decision<UserBrokers, Outcome<EventUser>> {
  const { object, caches } = context;
  const found = findBrokers(object, caches, 'keep');
  // Whose user it is, is no business of those who may not use the cluster.
  if ('missing' in found && found.missing.reason === 'ClusterMissing')
    return { answer: unmanaged(context, found.missing) };
  const secrets = seeSecrets(caches, object.metadata.namespace, [
    ...certificateSecrets(object),
    ...passwordSecrets(object),
  ]);
  const secretMissing = secretsExist({ secrets });
  if (secretMissing) return { answer: unmanaged(context, secretMissing) };
  const identity = identify(object, caches);
  if ('problem' in identity) return { answer: unmanaged(context, identity.problem) };
  const notOurs = whyNotOurs(context, identity.name);
  if (notOurs) return { answer: notManaged(context, notOurs) };
  if ('missing' in found) return { answer: unmanaged(context, found.missing) };
  const problem =
    withoutListener(object, found.brokers) ??
    givenPasswordFits(object, caches) ??
    givenCertificateFits(object, caches, context.clock.now());
  return problem ? { answer: unmanaged(context, problem) } : found;
}

function whyNotOurs({ object, caches }: UserContext, name: string): Problem | undefined {
  if (object.spec.managementPolicy !== 'Manage') return undefined;
  if (isReserved(object, name, caches)) return userReserved(name);
  const owner = ownerOf(claimants(object, name, caches));
  return owner && owner.metadata.uid !== object.metadata.uid ? userTaken(owner, name) : undefined;
}

/** That no listener of the brokers would let the user in. */
function withoutListener({ spec }: EventUser, { listener }: UserBrokers): Problem | undefined {
  if (spec.managementPolicy !== 'Manage') return undefined;
  const { type } = spec.authentication;
  if (type === 'Tls' && !listener.hasCertificates) return certificatesNotAccepted(spec.clusterRef.name);
  if (type === 'ScramSha512' && !listener.hasPasswords) return authenticationDisabled(spec.clusterRef.name);
  return undefined;
}
