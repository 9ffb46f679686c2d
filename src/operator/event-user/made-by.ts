import type { EventUser } from '../../api/event-user.ts';
import type { QuotaValues } from '../../kafka/user-admin.ts';
import type { Facts } from '../runtime/reconcile/controller.ts';

/** What a resource's status records of what it has made. */
export type UserRecords = Pick<Facts<EventUser>, 'credential' | 'acls' | 'quotas' | 'pending'>;

/** What of a user is its resource's own: nothing else is deleted with it. */
export interface Made {
  readonly hasPassword: boolean;
  /** By their texts. */
  readonly acls: ReadonlySet<string>;
  /** By Kafka's names. */
  readonly quotas: QuotaValues;
}

/** What the resource has made by its status, or was about to make when the operator last wrote it. */
export function madeBy({ status }: EventUser): Made {
  const { credential, acls = [], quotas, pending } = status ?? {};
  return {
    hasPassword: credential !== undefined || pending?.password === true,
    acls: new Set([...acls, ...(pending?.acls ?? [])]),
    quotas: { ...pending?.quotas, ...quotas },
  };
}

/** Whether it has made anything of the user. */
export function hasUser(user: EventUser): boolean {
  const { hasPassword, acls, quotas } = madeBy(user);
  return hasPassword || acls.size > 0 || Object.keys(quotas).length > 0;
}

/** A status that says nothing of what the resource has made. */
export function withoutRecords<Status extends UserRecords>(status: Status): Omit<Status, keyof UserRecords> {
  const { credential: _credential, acls: _acls, quotas: _quotas, pending: _pending, ...facts } = status;
  return facts;
}
