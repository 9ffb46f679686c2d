import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { EventUser } from '../../../../src/api/event-user.ts';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import { userFinalizer } from '../../../../src/operator/event-user/delete-users.ts';
import { keepUsers } from '../../../../src/operator/event-user/keep-users.ts';
import type { UserContext } from '../../../../src/operator/event-user/user-context.ts';
import { eventClusters } from '../../../../src/operator/kinds.ts';
import { mergePatch, type JsonObject } from '../../../../src/operator/runtime/reconcile/merge-patch.ts';
import { FakeUserAdmin } from '../../../support/fake-user-admin.ts';
import { anEventCluster, anEventUser } from '../../../support/resources.ts';

const declared = {
  access: [{ topic: 'orders', allow: 'ReadWrite' }],
  quotas: { producerByteRate: 1000, consumerByteRate: 2000 },
};

/** More than an attempt makes. */
const allWrites = 20;

/** One user, its resource and brokers, and an operator that is killed, or no longer answered, after some of its writes. */
class World {
  readonly admin = new FakeUserAdmin();
  user: EventUser = anEventUser(declared);
  /** The errors and refusals that the last attempt ended with. */
  #writes = 0;
  #last = allWrites;
  #isAnswered = true;

  /** Reconciles until so many writes are done, of which the brokers may do the last without an answer reaching anybody. */
  async reconcile(writes = allWrites, ending: 'killed' | 'unanswered' = 'killed'): Promise<void> {
    [this.#writes, this.#last, this.#isAnswered] = [0, writes, ending === 'killed'];
    const named = [{ context: this.#context(), name: 'orders' }];
    const listener = { bootstrapServers: 'events:9092', hasPasswords: true, hasCertificates: false };
    const brokers = { admin: this.#mortal(), listener, isExternal: true };
    const [outcome] = await keepUsers(brokers, named, randomBytes).catch((error: Error) => [error]);
    if (outcome instanceof Error || outcome === undefined || !this.#counts()) return;
    this.#writeStatus(outcome.status);
  }

  async delete(): Promise<void> {
    this.#last = Infinity;
    this.#isAnswered = true;
    const finalizer = userFinalizer(() => ({
      brokers: { admin: this.admin, listener: {} as never, isExternal: true },
    }));
    const [waiting] = await finalizer.finalizeBatch([this.#context()]);
    expect(waiting).toBeUndefined();
  }

  left() {
    const { passwords, acls, quotas } = this.admin;
    return { passwords: [...passwords.keys()], acls: [...acls.keys()].toSorted(), quotas: Object.fromEntries(quotas) };
  }

  /** Whether the operator lives to make one more write. */
  #counts(): boolean {
    this.#writes += 1;
    return this.#writes <= this.#last;
  }

  #writeStatus(status: object): void {
    const patch = mergePatch(this.user.status ?? {}, status as JsonObject) ?? {};
    const entries = Object.entries({ ...this.user.status, ...patch }).filter(([, value]) => value !== null);
    this.user = { ...this.user, status: { ...Object.fromEntries(entries), ...status } };
  }

  /** The brokers, as an operator finds them that dies, or hears no answer, at its last write. */
  #mortal(): FakeUserAdmin {
    const changes = new Set(['setPasswords', 'removePasswords', 'createAcls', 'deleteAcls', 'alterQuotas']);
    return new Proxy(this.admin, {
      get: (admin, name: keyof FakeUserAdmin) => {
        const method = admin[name];
        if (!changes.has(name)) return method;
        return async (items: readonly object[]) => {
          if (items.length === 0) return name.endsWith('Acls') ? [] : new Map();
          if (!this.#counts()) throw new Error('killed');
          const results = await (method as (items: readonly object[]) => Promise<unknown>)(items);
          if (this.#isAnswered || this.#writes < this.#last) return results;
          const error = new ExpectedError('Timeout', 'The brokers did not answer', { retryable: true });
          return name.endsWith('Acls') ? items.map(() => error) : new Map([['orders', error]]);
        };
      },
    });
  }

  #context(): UserContext {
    const cluster = anEventCluster({ engine: 'External', external: { bootstrapServers: 'a:1' } });
    const objects = { get: () => undefined, by: () => [] };
    const clusters = { get: () => cluster, by: () => [] };
    const alive = <T>(work: () => T): Promise<T> =>
      this.#counts() ? Promise.resolve(work()) : Promise.reject(new Error('killed'));
    return {
      object: this.user,
      caches: { of: (kind: unknown) => (kind === eventClusters ? clusters : objects), informer: () => undefined },
      client: { get: () => Promise.resolve(undefined) },
      clock: { sleep: () => Promise.resolve(), monotonic: () => 0 },
      signal: new AbortController().signal,
      logger: { warn: () => {} },
      event: () => {},
      deletedForMilliseconds: 0,
      apply: () => alive(() => ({ metadata: { uid: 'secret', resourceVersion: '1' } })),
      record: (facts: object) => alive(() => this.#writeStatus({ ...this.user.status, ...facts })),
    } as unknown as UserContext;
  }
}

const nothing = { passwords: [], acls: [], quotas: {} };
const endings = (['killed', 'unanswered'] as const).flatMap((ending) =>
  Array.from({ length: 8 }, (_, writes) => [ending, writes] as const),
);

describe('a user whose operator was stopped halfway', () => {
  it('is wholly there after as many writes as are tried here', async () => {
    const world = new World();
    await world.reconcile();
    expect(world.left()).toEqual({
      passwords: ['SCRAM-SHA-512'],
      acls: ['Allow Read on Topic orders', 'Allow Write on Topic orders'],
      quotas: { producer_byte_rate: 1000, consumer_byte_rate: 2000 },
    });
    expect(world.user.status).not.toHaveProperty('pending');
  });

  it.each(endings)('goes with its resource, with all that was made: %s at write %i', async (ending, writes) => {
    const world = new World();
    await world.reconcile(writes, ending);
    await world.delete();
    expect(world.left()).toEqual(nothing);
  });

  it.each(endings)('loses what is declared no more: %s at write %i', async (ending, writes) => {
    const world = new World();
    await world.reconcile(writes, ending);
    world.user = { ...world.user, spec: anEventUser({}).spec };
    await world.reconcile();
    expect(world.left()).toEqual({ ...nothing, passwords: ['SCRAM-SHA-512'] });
    expect(world.user.status).not.toHaveProperty('pending');
  });

  it.each(endings)('is brought to its end: %s at write %i', async (ending, writes) => {
    const [world, other] = [new World(), new World()];
    await world.reconcile(writes, ending);
    await Promise.all([world.reconcile(), other.reconcile()]);
    expect(world.left()).toEqual(other.left());
    expect(world.user.status).not.toHaveProperty('pending');
    const { credential: _one, ...facts } = world.user.status!;
    const { credential: _other, ...expected } = other.user.status!;
    expect(facts).toEqual(expected);
  });

  it('leaves to others what they made, as long as nothing was recorded', async () => {
    const world = new World();
    world.admin.passwords.set('SCRAM-SHA-512', { iterations: 4096, password: 'of somebody else' });
    // It lives to write the Secret only.
    await world.reconcile(1);
    await world.delete();
    expect(world.left()).toEqual({ ...nothing, passwords: ['SCRAM-SHA-512'] });
  });
});
