import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import type { EventUser } from '../../../../src/api/event-user.ts';
import { act } from '../../../../src/operator/event-user/act.ts';
import { desiredUser } from '../../../../src/operator/event-user/desired-user.ts';
import { look } from '../../../../src/operator/event-user/look.ts';
import { changesAnything, planUser } from '../../../../src/operator/event-user/plan.ts';
import type { UserContext } from '../../../../src/operator/event-user/user-context.ts';
import { FakeUserAdmin } from '../../../support/fake-user-admin.ts';
import { anEventUser } from '../../../support/resources.ts';

const name = 'orders';

/** One user on the brokers, its resource and its Secret, and an operator that may be killed before it writes the status. */
class World {
  readonly admin = new FakeUserAdmin();
  spec: object = {};
  status: EventUser['status'] = {};
  secret = { password: 'first', version: 'uid/1' };

  /** As the API server does: no two contents of a Secret ever have the same version. */
  changeSecret(): void {
    const number = Number(this.secret.version.split('/')[1]) + 1;
    this.secret = { password: `number ${number}`, version: `uid/${number}` };
  }

  async reconcile(isKilled: boolean): Promise<void> {
    const user = anEventUser(this.spec, this.status);
    const found = (await look(this.admin, [{ name, hasPassword: true }])).get(name)!;
    const plan = planUser(user, name, found, this.secret.version);
    const context = {} as UserContext;
    const [acted] = await act(this.admin, [{ context, user, name, found, secret: this.secret, plan }], randomBytes);
    if (!isKilled) this.status = acted!.records;
  }

  async leftToDo(): Promise<boolean> {
    const found = (await look(this.admin, [{ name, hasPassword: true }])).get(name)!;
    return changesAnything(planUser(anEventUser(this.spec, this.status), name, found, this.secret.version));
  }
}

type Step = (world: World) => unknown;

const entry = fc.record({
  topic: fc.constantFrom('a', 'b', '*'),
  allow: fc.constantFrom('Read', 'Write', 'ReadWrite', 'Describe'),
});
const quotas = fc.record({ producerByteRate: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: [] });
const spec = fc.record({ access: fc.array(entry, { maxLength: 3 }), quotas }, { requiredKeys: [] });
const aclsOf = (access: object[]) =>
  [...desiredUser(anEventUser({ access }), name).acls!.values()].map(({ acl }) => acl);

const step: fc.Arbitrary<Step> = fc.oneof(
  spec.map((changed) => (world: World) => (world.spec = changed)),
  fc.boolean().map((isKilled) => (world: World) => world.reconcile(isKilled)),
  fc.constant((world: World) => world.changeSecret()),
  fc
    .constantFrom('SCRAM-SHA-512', 'SCRAM-SHA-256')
    .map(
      (mechanism) => (world: World) =>
        world.admin.passwords.set(mechanism, { iterations: 4096, password: 'of others' }),
    ),
  fc.constant((world: World) => world.admin.passwords.clear()),
  fc
    .array(entry, { minLength: 1, maxLength: 2 })
    .map((added) => (world: World) => world.admin.createAcls(aclsOf(added))),
  fc.constant((world: World) => world.admin.acls.clear()),
  fc.integer({ min: 1, max: 3 }).map((value) => (world: World) => world.admin.quotas.set('producer_byte_rate', value)),
);

describe('users', () => {
  it('end as declared, whatever others, and those who kill the operator, have done before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const world = new World();
        for (const each of steps) await each(world);
        await world.reconcile(false);
        const desired = desiredUser(anEventUser(world.spec, world.status), name);
        expect([...world.admin.passwords].map(([mechanism, { password }]) => [mechanism, password])).toEqual([
          ['SCRAM-SHA-512', world.secret.password],
        ]);
        if (desired.acls) expect([...world.admin.acls.keys()].toSorted()).toEqual([...desired.acls.keys()].toSorted());
        expect(Object.fromEntries(world.admin.quotas)).toMatchObject(desired.quotas);
        expect(await world.leftToDo()).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
