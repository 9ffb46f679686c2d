import { describe, expect, it } from '@jest/globals';
import { secretsExist, type SeenSecret } from '../../../../src/operator/brokers/user-secrets.ts';

const reference = { name: 'database', keys: ['uri'], field: 'spec.databaseSecretRef', fix: 'Create it.' };
const problemOf = (data: Readonly<Record<string, string>> | undefined, more: object = {}) =>
  secretsExist({ secrets: [{ ...reference, ...more, secret: { data } } as unknown as SeenSecret] });

describe('a Secret', () => {
  it.each([
    ['holds nothing', {}, 'SecretEmpty', 'Secret database is empty.'],
    ['lacks a key', { url: 'eA==' }, 'SecretKeyMissing', 'has no key uri, only url.'],
    ['has nothing under a key', { uri: '' }, 'SecretKeyEmpty', 'has an empty value under the key uri.'],
  ])('that %s is told by its field', (_what, data, reason, words) => {
    expect(problemOf(data)).toMatchObject({ reason, failed: false, needsPerson: true });
    expect(problemOf(data)?.message).toMatch(/^spec\.databaseSecretRef: .*Create it\.$/);
    expect(problemOf(data)?.message).toContain(words);
  });

  it('may have empty values under keys that nobody needs, or where they are judged elsewhere', () => {
    expect(problemOf({ uri: 'eA==', other: '' })).toBeUndefined();
    expect(problemOf({ uri: '' }, { mayBeEmpty: true })).toBeUndefined();
    expect(problemOf({ ada: '' }, { keys: [] })).toBeUndefined();
  });
});
