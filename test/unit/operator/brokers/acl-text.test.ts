import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Acl } from '../../../../src/kafka/user-admin.ts';
import { aclText } from '../../../../src/operator/brokers/acl-text.ts';

/** Made of what texts are made of, so that two of them look alike as often as can be. */
const resourceName = fc
  .array(fc.constantFrom('g', '*', "'", '\\', ' from 1.2.3.4'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''));
const acl: fc.Arbitrary<Acl> = fc.record({
  resourceType: fc.constantFrom('Group' as const, 'TransactionalId' as const),
  resourceName,
  patternType: fc.constantFrom('Literal' as const, 'Prefixed' as const),
  principal: fc.constant('User:orders'),
  host: fc.constantFrom('*', '1.2.3.4'),
  operation: fc.constantFrom('Read' as const, 'Describe' as const),
  permission: fc.constantFrom('Allow' as const, 'Deny' as const),
});

describe('the text of an access control entry', () => {
  it('is that of no other one of the principal', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(acl, { minLength: 2, maxLength: 300, size: 'max', selector: (one) => JSON.stringify(one) }),
        (acls) => {
          expect(new Set(acls.map(aclText)).size).toBe(acls.length);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('quotes a name that could be read in another way', () => {
    const group = { resourceType: 'Group', operation: 'Read', permission: 'Allow', principal: 'User:a' } as const;
    const textOf = (name: string, patternType: Acl['patternType'] = 'Literal', host = '*') =>
      aclText({ ...group, resourceName: name, patternType, host });
    expect(textOf('billing from 1.2.3.4')).toBe("Allow Read on Group 'billing from 1.2.3.4'");
    expect(textOf('billing', 'Literal', '1.2.3.4')).toBe('Allow Read on Group billing from 1.2.3.4');
    expect(textOf('my group', 'Prefixed')).toBe("Allow Read on Group 'my group'*");
    expect(textOf('*')).toBe('Allow Read on Group *');
  });
});
