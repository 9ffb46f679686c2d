import { describe, expect, it } from '@jest/globals';
import { givenPasswordFits } from '../../../../src/operator/event-user/keep-secret.ts';
import type { Caches } from '../../../../src/operator/runtime/cache/caches.ts';
import { anEventUser } from '../../../support/resources.ts';

const user = anEventUser({ authentication: { passwordSecretRef: { name: 'chosen' } } });

function messageAbout(password: Buffer | string): string | undefined {
  const secret = { data: { password: Buffer.from(password).toString('base64') } };
  const caches = { of: () => ({ get: () => secret }) } as unknown as Caches;
  return givenPasswordFits(user, caches)?.message;
}

describe('a password that is given', () => {
  it.each([
    ['a letter', 'a'],
    ['words', 'two words'],
    ['letters of other scripts', 'pässwörd'],
    ['quotes', '"\\'],
    ['as long as can be', 'p'.repeat(1024)],
  ])('may be %s', (_, password) => {
    expect(messageAbout(password)).toBeUndefined();
  });

  it.each([
    ['nothing', '', 'it is empty'],
    ['a line', 'secret\n', 'it contains a control character, such as a trailing line break'],
    ['too long', 'p'.repeat(1025), 'it is longer than 1024 characters'],
    // Clients would send these bytes, and brokers know the password by others.
    ['bytes that are no text', Buffer.from([0x70, 0xe4, 0x73, 0x73]), 'it is not text in UTF-8'],
  ])('may not be %s', (_, password, why) => {
    expect(messageAbout(password)).toBe(
      `spec.authentication.passwordSecretRef: the value of password in Secret chosen cannot be a password: ${why}.`,
    );
  });
});
