import type { ExpectedError } from '../../lib/errors.ts';
import { answerOf, type Answer } from '../brokers/answer.ts';
import type { Acl, QuotaValues, ScramCredential, UserAdmin } from '../../kafka/user-admin.ts';
import { principalOf } from './identity.ts';

/** What brokers tell of one user; an answer that they refuse is an error. */
export interface FoundUser {
  readonly credentials: Answer<readonly ScramCredential[]>;
  readonly acls: Answer<readonly Acl[]>;
  readonly quotas: Answer<QuotaValues>;
}

/** Who is looked at, and whether it has a password to look for. */
export interface UserToLookAt {
  readonly name: string;
  readonly hasPassword: boolean;
}

/**
 * Looks at all users with one request for each kind of thing.
 *
 * @throws {ExpectedError} when brokers do not answer, or will later
 */
export async function look(admin: UserAdmin, users: readonly UserToLookAt[]): Promise<Map<string, FoundUser>> {
  const names = [...new Set(users.map(({ name }) => name))];
  const withPassword = [...new Set(users.filter(({ hasPassword }) => hasPassword).map(({ name }) => name))];
  // Entries first: where they are too many for one answer, that ends the connection, with whatever else is asked on it.
  const acls = await refusable(admin.describeAcls(names.map(principalOf)));
  const [credentials, quotas] = await Promise.all([
    refusable(admin.describeCredentials(withPassword)),
    refusable(admin.describeQuotas(names)),
  ]);
  return new Map(
    names.map((name) => [
      name,
      {
        credentials: credentials.error ? credentials : ofOne(credentials.value.get(name) ?? []),
        acls: acls.error ? acls : ofOne(acls.value.get(principalOf(name)) ?? []),
        quotas: quotas.error ? quotas : { value: quotas.value.get(name) ?? {} },
      },
    ]),
  );
}

async function refusable<T>(question: Promise<T>): Promise<Answer<T>> {
  const answer = await answerOf(question);
  if (answer.error?.retryable) throw answer.error;
  return answer;
}

function ofOne<Item>(told: readonly Item[] | ExpectedError): Answer<readonly Item[]> {
  return told instanceof Error ? { error: told } : { value: told };
}
