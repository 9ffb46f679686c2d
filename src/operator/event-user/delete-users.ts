import type { EventUser } from '../../api/event-user.ts';
import type { UserAdmin } from '../../kafka/user-admin.ts';
import { kafkaError } from '../../kafka/errors.ts';
import type { ExpectedError } from '../../lib/errors.ts';
import { clusterMissing, seeCluster } from '../brokers/cluster-access.ts';
import { discreetError } from '../brokers/broker-errors.ts';
import { withBrokers, type Decision } from '../brokers/with-brokers.ts';
import type { BatchFinalizer, Result, Waiting } from '../runtime/reconcile/controller.ts';
import { aclText } from '../brokers/acl-text.ts';
import { claimants, heirOf } from './claims.ts';
import { mechanism } from './desired-user.ts';
import { managedName, principalOf } from './identity.ts';
import { hasUser, madeBy } from './made-by.ts';
import { isReserved } from './reserved-users.ts';
import type { FindBrokers, UserBrokers } from './user-brokers.ts';
import type { UserContext } from './user-context.ts';

/** The longest that a user which cannot be deleted keeps its resource, and with it a namespace. */
const patienceMilliseconds = 120_000;

/** Deletes what the resource has made of the user, where it manages it and does not want it retained. */
export function userFinalizer(findBrokers: FindBrokers): BatchFinalizer<EventUser> {
  return {
    needed: ({ spec }) => spec.deletionPolicy === 'Delete' && spec.managementPolicy === 'Manage',
    finalizeBatch: (contexts) => withBrokers(contexts, (context) => decide(context, findBrokers), deleteUsers),
  };
}

/** Deletion requires proof: only what the resource's own status says that it has made, or was about to make. */
function decide(context: UserContext, findBrokers: FindBrokers): Decision<UserBrokers, Waiting | undefined> {
  const { object, caches } = context;
  const name = managedName(object);
  if (name === undefined || !hasUser(object)) return { answer: undefined };
  const heir = heirOf(object, claimants(object, name, caches));
  if (heir) return { answer: leaveToHeir(context, heir) };
  const gone = clusterMissing({ seen: seeCluster(object, caches) });
  if (gone) return { answer: leave(context, gone.message) };
  if (isReserved(object, name, caches)) return { answer: leave(context, 'the operator itself uses it.') };
  const found = findBrokers(object, caches);
  return 'brokers' in found ? found : { answer: wait(context, found.missing.message) };
}

async function deleteUsers(
  { admin, isExternal }: UserBrokers,
  contexts: readonly UserContext[],
): Promise<readonly Result<Waiting | undefined>[]> {
  // Two resources may have managed one user, one after the other: brokers refuse a request that names it twice.
  const users = Map.groupBy(contexts, ({ object }) => managedName(object)!);
  const [credentials, acls, quotas] = await Promise.all([
    deleteCredentials(admin, users),
    deleteAcls(admin, users),
    deleteQuotas(admin, users),
  ]);
  return contexts.map((context) => {
    const name = managedName(context.object)!;
    const error = credentials.get(name) ?? acls.get(name) ?? quotas.get(name);
    return error && wait(context, (isExternal ? discreetError(error) : error).message);
  });
}

type Users = ReadonlyMap<string, readonly UserContext[]>;
type Failures = ReadonlyMap<string, ExpectedError | undefined>;

function deleteCredentials(admin: UserAdmin, users: Users): Promise<Failures> {
  const recorded = [...users].filter(([, contexts]) => contexts.some(({ object }) => madeBy(object).hasPassword));
  return admin.removePasswords(recorded.map(([user]) => ({ user, mechanism })));
}

/** Those that are there, and that the status has recorded. All in one request: nothing is allowed that was denied. */
async function deleteAcls(admin: UserAdmin, users: Users): Promise<Failures> {
  const recorded = new Map(
    [...users].map(([name, contexts]) => [name, new Set(contexts.flatMap(({ object }) => [...madeBy(object).acls]))]),
  );
  const names = [...users.keys()].filter((name) => recorded.get(name)!.size > 0);
  try {
    const found = await admin.describeAcls(names.map(principalOf));
    const told = names.map((name) => ({ name, acls: found.get(principalOf(name)) ?? [] }));
    const unknown = told.flatMap(({ name, acls }) => (acls instanceof Error ? [[name, acls] as const] : []));
    const acls = told.flatMap(({ name, acls: its }) =>
      its instanceof Error
        ? []
        : its.filter((acl) => recorded.get(name)!.has(aclText(acl))).map((acl) => ({ name, acl })),
    );
    const results = await admin.deleteAcls(acls.map(({ acl }) => acl));
    const failed = acls.flatMap(({ name }, index) => (results[index] ? [[name, results[index]] as const] : []));
    return new Map([...unknown, ...failed]);
  } catch (thrown) {
    const error = kafkaError(thrown);
    // Brokers without access control lists have none to delete.
    return error.code === 'SecurityDisabled' ? new Map() : new Map(names.map((name) => [name, error]));
  }
}

function deleteQuotas(admin: UserAdmin, users: Users): Promise<Failures> {
  const recorded = [...users].flatMap(([user, contexts]) => {
    const keys = contexts.flatMap(({ object }) => Object.keys(madeBy(object).quotas));
    return keys.length > 0 ? [{ user, quotas: Object.fromEntries(keys.map((key) => [key, null])) }] : [];
  });
  return admin.alterQuotas(recorded);
}

function wait(context: UserContext, why: string): Waiting | undefined {
  const { object, deletedForMilliseconds } = context;
  if (deletedForMilliseconds >= patienceMilliseconds) return leave(context, why);
  return {
    reason: 'DeletingUser',
    message: `User ${managedName(object)} cannot be deleted yet: ${why}`,
    requeueAfterMilliseconds: 5_000,
  };
}

function leaveToHeir({ object, event }: UserContext, heir: EventUser): undefined {
  const { namespace, name } = heir.metadata;
  event('Normal', 'UserKept', `User ${managedName(object)} stays: EventUser ${namespace}/${name} also declares it.`);
}

/** Better a user that is left over than a resource that never goes. */
function leave(context: UserContext, why: string): undefined {
  const user = managedName(context.object);
  context.event('Warning', 'UserLeftBehind', `User ${user} stays on the brokers, and can still connect: ${why}`);
  context.logger.warn({ user, why }, 'Left a user behind');
}
