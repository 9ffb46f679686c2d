import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { parseSigningSecrets, signedHeaders } from '../../../src/reminder-webhook/signature.ts';

const secretOf = (key: Uint8Array) => `whsec_${Buffer.from(key).toString('base64')}`;
const [one, other] = [secretOf(Buffer.alloc(24, 1)), secretOf(Buffer.alloc(64, 2))];

describe('parseSigningSecrets', () => {
  it.each([
    ['one secret', one, 1],
    ['a secret that ends in a line break, as files do', `${one}\n`, 1],
    ['several, while one takes the place of another', `${one} ${other}`, 2],
  ])('reads %s', (_, text, count) => {
    expect(parseSigningSecrets(text)).toHaveLength(count);
  });

  it.each([
    ['nothing', ''],
    ['a secret without the prefix', one.slice(6)],
    ['what is no base64', `${one}!`],
    ['a key that is too short', secretOf(Buffer.alloc(23))],
    ['a key that is too long', secretOf(Buffer.alloc(65))],
    ['a bad one among good ones', `${one} whsec_`],
    ['five', `${one} ${one} ${one} ${one} ${one}`],
  ])('refuses %s', (_, text) => {
    expect(parseSigningSecrets(text)).toBeUndefined();
  });
});

describe('signedHeaders', () => {
  const keys = fc.uint8Array({ minLength: 24, maxLength: 64 });

  it('are what the public library of Standard Webhooks verifies, with any of the keys', () => {
    const check = (bodyText: string, id: string, secrets: readonly string[]) => {
      const body = Buffer.from(JSON.stringify({ bodyText }));
      const headers = signedHeaders(parseSigningSecrets(secrets.join(' '))!, { id, sentAt: new Date(), body });
      for (const secret of secrets) {
        expect(new Webhook(secret).verify(body.toString(), headers)).toEqual({ bodyText });
      }
    };
    const secrets = fc.array(keys.map(secretOf), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.uuid(), secrets, check));
  });

  it('do not verify for another body, id or time, nor with another key', () => {
    const body = Buffer.from('{"a":1}');
    const headers = signedHeaders(parseSigningSecrets(one)!, { id: 'id', sentAt: new Date(), body });
    const verify = (secret: string, text: string, changed: object) => () =>
      new Webhook(secret).verify(text, { ...headers, ...changed });
    expect(verify(one, '{"a":1}', {})).not.toThrow();
    expect(verify(other, '{"a":1}', {})).toThrow('No matching signature');
    expect(verify(one, '{"a":2}', {})).toThrow('No matching signature');
    expect(verify(one, '{"a":1}', { 'webhook-id': 'other' })).toThrow('No matching signature');
    const later = String(Number(headers['webhook-timestamp']) + 1);
    expect(verify(one, '{"a":1}', { 'webhook-timestamp': later })).toThrow('No matching signature');
  });
});
