import { describe, expect, it } from '@jest/globals';
import type { EventUser } from '../../../../src/api/event-user.ts';
import { brokerError } from '../../../../src/kafka/errors.ts';
import type { Acl } from '../../../../src/kafka/user-admin.ts';
import { aclText } from '../../../../src/operator/brokers/acl-text.ts';
import { desiredUser } from '../../../../src/operator/event-user/desired-user.ts';
import type { FoundUser } from '../../../../src/operator/event-user/look.ts';
import { changesAnything, planUser } from '../../../../src/operator/event-user/plan.ts';
import { anEventUser } from '../../../support/resources.ts';

const nobody: FoundUser = { credentials: { value: [] }, acls: { value: [] }, quotas: { value: {} } };
const credential = { mechanism: 'SCRAM-SHA-512', iterations: 4711, secretVersion: 'uid/1' } as const;
const withPassword = { value: [{ mechanism: 'SCRAM-SHA-512', iterations: 4711 }] } as const;
const readOrders: Acl = {
  resourceType: 'Topic',
  resourceName: 'orders',
  patternType: 'Literal',
  principal: 'User:orders',
  host: '*',
  operation: 'Read',
  permission: 'Allow',
};
const text = aclText(readOrders);
const access = [{ topic: 'orders', allow: 'Read' }];

/** What a plan would do, in short. */
function planned(user: EventUser, found: Partial<FoundUser>, secretVersion = 'uid/1') {
  const plan = planUser(user, 'orders', { ...nobody, ...found }, secretVersion);
  return [
    ...(plan.setPassword ? ['set password'] : []),
    ...plan.removePasswords.map(({ mechanism }) => `remove ${mechanism}`),
    ...plan.createAcls.map((acl) => `+ ${aclText(acl)}`),
    ...plan.deleteAcls.map((acl) => `- ${aclText(acl)}`),
    ...Object.entries(plan.quotas?.quotas ?? {}).map(([key, value]) => `${key}=${value}`),
    ...plan.refusals.map(({ reason }) => `refused: ${reason}`),
  ];
}

const securityDisabled = { error: brokerError(54)! };
const unsupported = { error: brokerError(35)! };
const external = { authentication: { type: 'External' } };

describe('what is done for a user', () => {
  it.each<[string, EventUser, Partial<FoundUser>, string[]]>([
    ['nothing when all is there', anEventUser({}, { credential }), { credentials: withPassword }, []],
    ['a password for a new one', anEventUser(), {}, ['set password']],
    ['its own password for one of others', anEventUser(), { credentials: withPassword }, ['set password']],
    ['it again where it is gone', anEventUser({}, { credential }), {}, ['set password']],
    [
      'it again where somebody set another',
      anEventUser({}, { credential: { ...credential, iterations: 4096 } }),
      { credentials: withPassword },
      ['set password'],
    ],
    [
      'a new one where the Secret has changed',
      anEventUser({}, { credential: { ...credential, secretVersion: 'uid/0' } }),
      { credentials: withPassword },
      ['set password'],
    ],
    [
      'no second password',
      anEventUser({}, { credential }),
      { credentials: { value: [...withPassword.value, { mechanism: 'SCRAM-SHA-256', iterations: 4096 }] } },
      ['remove SCRAM-SHA-256'],
    ],
    ['no password for those whose others keep', anEventUser(external), { credentials: withPassword }, []],
    ['what is declared', anEventUser({ ...external, access }), {}, [`+ ${text}`]],
    ['no more than that', anEventUser({ ...external, access: [] }), { acls: { value: [readOrders] } }, [`- ${text}`]],
    ['nothing where nothing is declared', anEventUser(external), { acls: { value: [readOrders] } }, []],
    [
      'what it has made itself, and is declared no more',
      anEventUser(external, { acls: [text] }),
      { acls: { value: [readOrders, { ...readOrders, operation: 'Write' }] } },
      [`- ${text}`],
    ],
    [
      'quotas that are declared, or were',
      anEventUser(
        { ...external, quotas: { producerByteRate: 5, requestPercentage: 7 } },
        { quotas: { controller_mutation_rate: 1 } },
      ),
      { quotas: { value: { request_percentage: 7, consumer_byte_rate: 3, controller_mutation_rate: 1 } } },
      ['producer_byte_rate=5', 'controller_mutation_rate=null'],
    ],
    [
      'a refusal, where entries are declared',
      anEventUser({ access }, { credential }),
      { credentials: withPassword, acls: securityDisabled },
      ['refused: SecurityDisabled'],
    ],
    [
      'none, where there are none',
      anEventUser({}, { credential }),
      { credentials: withPassword, acls: securityDisabled, quotas: unsupported },
      [],
    ],
    [
      'a refusal of quotas',
      anEventUser({ ...external, quotas: { producerByteRate: 5 } }),
      { quotas: unsupported },
      ['refused: UnsupportedVersion'],
    ],
    ['a refusal of passwords', anEventUser(), { credentials: unsupported }, ['refused: UnsupportedVersion']],
  ])('%s', (_, user, found, expected) => {
    expect(planned(user, found)).toEqual(expected);
  });

  it('is nothing to observe but differences', () => {
    const user = anEventUser({ managementPolicy: 'Observe', access });
    const { differences } = planUser(user, 'orders', { ...nobody, credentials: withPassword }, undefined);
    expect(differences).toEqual([{ field: 'spec.access[0]', desired: text, actual: 'nothing' }]);
  });

  it('is told apart from nothing', () => {
    expect(changesAnything(planUser(anEventUser(), 'orders', nobody, 'uid/1'))).toBe(true);
    expect(changesAnything(planUser(anEventUser(external), 'orders', nobody, undefined))).toBe(false);
  });
});

describe('access in everyday words', () => {
  it.each([
    [{ topic: 'a', allow: 'Read' }, ['Allow Read on Topic a']],
    [{ topic: '*', allow: 'Describe' }, ['Allow Describe on Topic *']],
    [{ topicPrefix: 'a.', allow: 'ReadWrite' }, ['Allow Read on Topic a.*', 'Allow Write on Topic a.*']],
    [{ group: 'g', allow: 'Read', host: '10.0.0.7' }, ['Allow Read on Group g from 10.0.0.7']],
    [{ groupPrefix: 'g-', allow: 'Describe' }, ['Allow Describe on Group g-*']],
    [{ transactionalId: 't', allow: 'Write' }, ['Allow Write on TransactionalId t']],
    [{ transactionalIdPrefix: 't-', allow: 'Write' }, ['Allow Write on TransactionalId t-*']],
  ])('%j', (entry, expected) => {
    expect([...desiredUser(anEventUser({ access: [entry] }), 'orders').acls!.keys()]).toEqual(expected);
  });

  it('is joined by what it has no words for', () => {
    const acls = [
      { resource: 'Cluster', operations: ['Create'] },
      { resource: 'Topic', name: 'a', operations: ['Read', 'Delete'], permission: 'Deny' },
      { resource: 'Group', name: "it's*", operations: ['Read'] },
    ];
    const user = anEventUser({ access: [{ topic: 'a', allow: 'Read' }], acls });
    expect([...desiredUser(user, 'orders').acls!.keys()]).toEqual([
      'Allow Read on Topic a',
      'Allow Create on Cluster',
      'Deny Read on Topic a',
      'Deny Delete on Topic a',
      String.raw`Allow Read on Group 'it\'s*'`,
    ]);
  });
});
