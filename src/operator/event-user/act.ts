import type { Acl, UserAdmin, UserResults } from '../../kafka/user-admin.ts';
import type { ExpectedError } from '../../lib/errors.ts';
import { aclText } from '../brokers/acl-text.ts';
import { desiredUser, mechanism } from './desired-user.ts';
import type { RandomBytes } from './keep-secret.ts';
import { madeBy, type UserRecords } from './made-by.ts';
import { fieldOf } from './plan.ts';
import { refusal, type Refusal } from './refusals.ts';
import type { ActedUser, PlannedUser } from './user-work.ts';

/**
 * Does what is planned, all users with one request for each kind of change. A user that is refused, or fails, keeps none
 * of the others from it.
 */
export async function act(
  admin: UserAdmin,
  works: readonly PlannedUser[],
  randomBytes: RandomBytes,
): Promise<ActedUser[]> {
  const passwords = new Map(works.flatMap((work) => newPassword(work, randomBytes)));
  const plans = works.map(({ plan }) => plan);
  const [set, removed, quotas, created] = await Promise.all([
    admin.setPasswords([...passwords.values()]),
    admin.removePasswords(plans.flatMap(({ removePasswords }) => removePasswords)),
    admin.alterQuotas(plans.flatMap((plan) => plan.quotas ?? [])),
    alterAcls(
      plans.map(({ createAcls }) => createAcls),
      (acls) => admin.createAcls(acls),
    ),
  ]);
  // What replaces an entry is there before it goes.
  const deleted = await alterAcls(
    plans.map(({ deleteAcls }) => deleteAcls),
    (acls) => admin.deleteAcls(acls),
  );
  return works.map((work, index) =>
    outcomeOf(work, {
      iterations: passwords.get(work.name)?.iterations,
      set,
      removed,
      quotas,
      created: created[index]!,
      deleted: deleted[index]!,
    }),
  );
}

/** What was not done, by the text of the entry. */
type AclErrors = ReadonlyMap<string, ExpectedError>;

interface Answers {
  readonly iterations: number | undefined;
  readonly set: UserResults;
  readonly removed: UserResults;
  readonly quotas: UserResults;
  readonly created: AclErrors;
  readonly deleted: AclErrors;
}

function newPassword({ name, user, plan, secret, found }: PlannedUser, randomBytes: RandomBytes) {
  if (!plan.setPassword || !secret) return [];
  const present = found.credentials.value?.find((credential) => credential.mechanism === mechanism)?.iterations;
  const iterations = chooseIterations([present, user.status?.credential?.iterations], randomBytes);
  return [[name, { user: name, mechanism, iterations, password: secret.password }] as const];
}

/** RFC 7677 asks for 4,096 at the least, which is what tools choose; Kafka takes 16,384 at the most. */
const fewestIterations = 4097;
const choices = 1024;

/**
 * Brokers tell of a password only how often it was hashed. Chosen by chance, and never the number that tools choose, it
 * shows when somebody else has set another password.
 */
export function chooseIterations(taken: readonly (number | undefined)[], randomBytes: RandomBytes): number {
  for (;;) {
    const iterations = fewestIterations + (randomBytes(2).readUInt16BE() % choices);
    if (!taken.includes(iterations)) return iterations;
  }
}

async function alterAcls(byUser: readonly (readonly Acl[])[], alter: UserAdmin['createAcls']): Promise<AclErrors[]> {
  const results = (await alter(byUser.flat())).values();
  return byUser.map(
    (acls) =>
      new Map(
        acls.flatMap((acl) => {
          const error = results.next().value;
          return error ? [[aclText(acl), error] as const] : [];
        }),
      ),
  );
}

function outcomeOf(work: PlannedUser, answers: Answers): ActedUser {
  const { user, name, plan } = work;
  const { acls } = desiredUser(user, name);
  const ofAcls = [...answers.created, ...answers.deleted].map(([text, error]) => {
    return { error, fields: [acls?.get(text)?.field ?? 'spec.access'] };
  });
  const results = [
    { error: plan.setPassword ? answers.set.get(name) : undefined, fields: ['spec.authentication'] },
    { error: plan.removePasswords.length > 0 ? answers.removed.get(name) : undefined, fields: ['spec.authentication'] },
    { error: plan.quotas && answers.quotas.get(name), fields: Object.keys(plan.quotas?.quotas ?? {}).map(fieldOf) },
    ...ofAcls,
  ];
  const refused = results.flatMap(({ error, fields }) => (error && !error.retryable ? [refusal(error, fields)] : []));
  return {
    ...work,
    refusals: [...plan.refusals, ...withoutRepeats(refused)],
    failure: results.find(({ error }) => error?.retryable)?.error,
    records: recordsOf(work, answers),
  };
}

/** Of entries that are refused for one reason, one speaks for all. */
function withoutRepeats(refusals: readonly Refusal[]): Refusal[] {
  const byReason = Map.groupBy(refusals, ({ reason }) => reason);
  return [...byReason.values()].map((same) => ({ ...same[0]!, fields: same.flatMap(({ fields }) => fields) }));
}

/** What this resource has made by now, whether just now or before. */
function recordsOf(work: PlannedUser, answers: Answers): UserRecords {
  const credential = recordedCredential(work, answers);
  const acls = recordedAcls(work, answers);
  const quotas = recordedQuotas(work, answers);
  return {
    ...(credential && { credential }),
    ...(acls.length > 0 && { acls }),
    ...(Object.keys(quotas).length > 0 && { quotas }),
    // What came of one that nobody could tell of is not known by a later one that was refused.
    ...(!credential && work.user.status?.pending?.password && { pending: { password: true } }),
  };
}

function recordedCredential({ user, name, plan, secret }: PlannedUser, { set, iterations }: Answers) {
  const isSet = plan.setPassword && set.has(name) && set.get(name) === undefined;
  if (!isSet || iterations === undefined || !secret) return user.status?.credential;
  return { mechanism, iterations, secretVersion: secret.version };
}

function recordedAcls({ user, name, plan, found }: PlannedUser, { created, deleted }: Answers): string[] {
  const recorded = madeBy(user).acls;
  if (found.acls.error) return [...recorded];
  const { acls } = desiredUser(user, name);
  const removed = new Set(plan.deleteAcls.map(aclText).filter((text) => !deleted.has(text)));
  const present = [
    ...found.acls.value.map(aclText).filter((text) => !removed.has(text)),
    ...plan.createAcls.map(aclText).filter((text) => !created.has(text)),
  ];
  return [...new Set(present)].filter((text) => acls?.has(text) || recorded.has(text)).toSorted();
}

function recordedQuotas({ user, name, plan, found }: PlannedUser, { quotas: results }: Answers) {
  const recorded = madeBy(user).quotas;
  const isRefused = plan.quotas !== undefined && results.get(name) !== undefined;
  if (found.quotas.error || isRefused) return recorded;
  return desiredUser(user, name).quotas;
}
