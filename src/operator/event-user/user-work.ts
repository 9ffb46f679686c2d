import type { EventUser } from '../../api/event-user.ts';
import type { ExpectedError } from '../../lib/errors.ts';
import type { KeptSecret } from './keep-secret.ts';
import type { FoundUser } from './look.ts';
import type { UserRecords } from './made-by.ts';
import type { UserPlan } from './plan.ts';
import type { Refusal } from './refusals.ts';
import type { UserContext } from './user-context.ts';

/** One user on its way through all steps; each step adds what it found out. */
export interface PlannedUser {
  readonly context: UserContext;
  readonly user: EventUser;
  /** By which brokers know it. */
  readonly name: string;
  readonly found: FoundUser;
  /** Undefined for users without a password, and for those that are only looked at. */
  readonly secret: KeptSecret | undefined;
  readonly plan: UserPlan;
}

export interface ActedUser extends PlannedUser {
  /** What was not done, and why: a person has to change something. */
  readonly refusals: readonly Refusal[];
  /** What may succeed later. */
  readonly failure: ExpectedError | undefined;
  readonly records: UserRecords;
}

export interface SeenUser extends ActedUser {
  /** What is left to do by what was seen after everything was done. */
  readonly left: UserPlan;
}
