import type { Acl, QuotaValues, ScramCredential, UserAdmin } from '../../src/kafka/user-admin.ts';
import { aclText } from '../../src/operator/brokers/acl-text.ts';

/** A fake of one broker's only user, for orders of events that a real one cannot be brought into thousands of times. */
export class FakeUserAdmin implements UserAdmin {
  readonly passwords = new Map<string, { readonly iterations: number; readonly password: string }>();
  readonly acls = new Map<string, Acl>();
  readonly quotas = new Map<string, number>();

  describeCredentials: UserAdmin['describeCredentials'] = (users) => {
    const all = [...this.passwords].map(
      ([mechanism, { iterations }]) => ({ mechanism, iterations }) as ScramCredential,
    );
    return Promise.resolve(new Map(all.length > 0 ? users.map((user) => [user, all]) : []));
  };
  setPasswords: UserAdmin['setPasswords'] = (changes) => {
    for (const { mechanism, iterations, password } of changes) this.passwords.set(mechanism, { iterations, password });
    return Promise.resolve(new Map(changes.map(({ user }) => [user, undefined])));
  };
  removePasswords: UserAdmin['removePasswords'] = (removals) => {
    for (const { mechanism } of removals) this.passwords.delete(mechanism);
    return Promise.resolve(new Map(removals.map(({ user }) => [user, undefined])));
  };
  describeAcls: UserAdmin['describeAcls'] = (principals) =>
    Promise.resolve(new Map(principals.map((principal) => [principal, [...this.acls.values()]])));
  createAcls: UserAdmin['createAcls'] = (acls) => {
    for (const acl of acls) this.acls.set(aclText(acl), acl);
    return Promise.resolve(acls.map(() => undefined));
  };
  deleteAcls: UserAdmin['deleteAcls'] = (acls) => {
    for (const acl of acls) this.acls.delete(aclText(acl));
    return Promise.resolve(acls.map(() => undefined));
  };
  describeQuotas: UserAdmin['describeQuotas'] = (users) => {
    const values: QuotaValues = Object.fromEntries(this.quotas);
    return Promise.resolve(new Map(users.map((user) => [user, values])));
  };
  alterQuotas: UserAdmin['alterQuotas'] = (changes) => {
    for (const [key, value] of changes.flatMap(({ quotas }) => Object.entries(quotas)))
      if (value === null) this.quotas.delete(key);
      else this.quotas.set(key, value);
    return Promise.resolve(new Map(changes.map(({ user }) => [user, undefined])));
  };
  close = () => Promise.resolve();
}
