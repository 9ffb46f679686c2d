import type { UserAdmin } from '../../kafka/user-admin.ts';
import { kafkaError } from '../../kafka/errors.ts';
import type { ExpectedError } from '../../lib/errors.ts';
import { aclText } from '../brokers/acl-text.ts';
import { discreetError } from '../brokers/broker-errors.ts';
import { mechanism } from './desired-user.ts';
import { managedName, principalOf } from './identity.ts';
import { madeBy } from './made-by.ts';
import type { UserBrokers } from './user-brokers.ts';
import type { UserContext } from './user-context.ts';

/**
 * Removes from the brokers what the resources' own statuses say that they have made, or were about to make, and nothing
 * else. Whoever calls has seen that nobody else claims these users. The answers are in order; an error is for what stays.
 */
export async function removeMade(
  { admin, isExternal }: UserBrokers,
  contexts: readonly UserContext[],
): Promise<(ExpectedError | undefined)[]> {
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
    return error && isExternal ? discreetError(error) : error;
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
