import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createAuthority,
  issueCertificate,
  type KeyPair,
} from '../../../../../src/operator/event-cluster/security/certificates.ts';
import { whyUnusable } from '../../../../../src/operator/event-cluster/security/judge-certificates.ts';

const now = new Date('2026-05-01T12:00:00Z');
const hosts = ['events.tasks.svc.cluster.local'];
let authority: KeyPair;
let other: KeyPair;
let server: KeyPair;
let client: KeyPair;

beforeAll(async () => {
  [authority, other] = await Promise.all([createAuthority(now), createAuthority(now)]);
  server = await issueCertificate(authority, { commonName: 'brokers', hosts }, now);
  client = await issueCertificate(authority, { commonName: 'ada', hosts: [] }, now);
});

const judge = (pair: KeyPair, ca: string) => whyUnusable({ pair, ca }, hosts, now);

describe('certificates that are given for brokers', () => {
  it('can be of an authority that is one of several', () => {
    expect(judge(server, authority.certificate)).toBeUndefined();
    expect(judge(server, `${other.certificate}\n${authority.certificate}`)).toBeUndefined();
  });

  it('can be signed by themselves', () => {
    expect(judge(authority, authority.certificate)).toContain('is not valid for');
  });

  it.each<[string, () => [KeyPair, string], string]>([
    ['of a client', () => [client, authority.certificate], 'extended key usage serverAuth'],
    ['of another authority', () => [server, other.certificate], 'no authority that signed'],
    ['without an authority', () => [server, ''], 'no PEM certificate under ca.crt'],
    ['with an authority that is garbage', () => [server, pem('Z2FyYmFnZQ==')], 'no PEM certificate under ca.crt'],
    [
      'with garbage in the chain',
      () => [{ ...server, certificate: `${server.certificate}\n${pem('Z2FyYg==')}` }, other.certificate],
      'no authority that signed',
    ],
    [
      'with the key of another',
      () => [{ ...server, privateKey: client.privateKey }, authority.certificate],
      'private key',
    ],
    [
      'that are garbage',
      () => [{ certificate: 'x', privateKey: 'x' }, authority.certificate],
      'no PEM certificate under tls.crt',
    ],
  ])('are refused %s', (_, given, why) => {
    expect(judge(...given())).toContain(why);
  });
});

const pem = (base64: string) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`;
