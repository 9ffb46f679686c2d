import 'reflect-metadata'; // @peculiar/x509 needs it loaded before itself
import { BasicConstraintsExtension, X509CertificateGenerator } from '@peculiar/x509';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { V1Secret } from '@kubernetes/client-node';
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto';
import { secretNames } from '../../../../../src/operator/event-cluster/names.ts';
import {
  createAuthority,
  isIssuedBy,
  isKeyPair,
} from '../../../../../src/operator/event-cluster/security/certificates.ts';
import {
  introductionMilliseconds,
  overlapMilliseconds,
  rotateCertificates,
} from '../../../../../src/operator/event-cluster/security/rotate-certificates.ts';
import {
  brokersSecretKeys,
  certificateSecrets,
  readCertificates,
} from '../../../../../src/operator/event-cluster/security/secrets.ts';

const cluster = { namespace: 'messaging', name: 'events' };
const names = secretNames(cluster);
const day = 86_400_000;
const start = new Date('2026-01-01T00:00:00Z').getTime();
type Secrets = ReadonlyMap<string, V1Secret>;

/** What the operator makes of the Secrets that are there, some time after the start. */
async function align(present: Secrets, milliseconds: number, settled = true): Promise<Secrets> {
  const before = readCertificates((name) => present.get(name), cluster);
  const wanted = {
    hosts: ['localhost'],
    now: new Date(start + milliseconds),
    settled,
    rotation: before.rotation ?? '',
  };
  const certificates = await rotateCertificates(before, wanted);
  const clients = { pair: certificates.brokers, ca: certificates.trusted.join('\n') };
  return new Map(
    certificateSecrets(cluster, certificates, clients).map((secret) => [secret.metadata!.name!, secret] as const),
  );
}

function withText(secrets: Secrets, name: string, texts: Readonly<Record<string, string>>): Secrets {
  const secret = secrets.get(name)!;
  const data = { ...secret.data };
  for (const [key, text] of Object.entries(texts)) data[key] = Buffer.from(text).toString('base64');
  return new Map(secrets).set(name, { ...secret, data });
}

const textIn = (secrets: Secrets, name: string, key: string) =>
  Buffer.from(secrets.get(name)!.data![key]!, 'base64').toString();
const garbage = '-----BEGIN CERTIFICATE-----\nZ2FyYmFnZQ==\n-----END CERTIFICATE-----\n';
const { internalCertificate, internalKey, trusted } = brokersSecretKeys;

let made: Secrets;
let other: { readonly certificate: string; readonly privateKey: string };
beforeAll(async () => {
  made = await align(new Map(), 0, false);
  other = await createAuthority(new Date(start));
});

const sec1 = (pem: string) => createPrivateKey(pem).export({ type: 'sec1', format: 'pem' }).toString();

/** An authority as tools make it when nobody says anything of its key. */
async function rsaAuthority(): Promise<Readonly<Record<string, string>>> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const options = { ...algorithm, modulusLength: 2048, publicExponent: Buffer.of(1, 0, 1) };
  const keys = await webcrypto.subtle.generateKey(options, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...{ name: 'CN=company', keys, signingAlgorithm: algorithm },
    ...{ notBefore: new Date(start), notAfter: new Date(start + 3000 * day) },
    extensions: [new BasicConstraintsExtension(true)],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { 'ca.crt': certificate.toString('pem'), 'ca.key': key.toString() };
}

describe('Secrets with certificates that somebody has changed', () => {
  it.each<[string, (secrets: Secrets) => Secrets | Promise<Secrets>]>([
    ['an authority that is garbage', (secrets) => withText(secrets, names.authority.name, { 'ca.crt': garbage })],
    ['an authority that is empty', (secrets) => withText(secrets, names.authority.name, { 'ca.crt': '' })],
    ['a key that is garbage', (secrets) => withText(secrets, names.authority.name, { 'ca.key': 'garbage' })],
    [
      'an authority without its key',
      (secrets) => withText(secrets, names.authority.name, { 'ca.crt': other.certificate }),
    ],
    [
      'a certificate that is no authority',
      (secrets) =>
        withText(secrets, names.authority.name, {
          'ca.crt': textIn(secrets, names.brokers.name, internalCertificate),
          'ca.key': textIn(secrets, names.brokers.name, internalKey),
        }),
    ],
    ['an authority with an RSA key', async (secrets) => withText(secrets, names.authority.name, await rsaAuthority())],
    [
      'another authority, as files end',
      (secrets) =>
        withText(secrets, names.authority.name, {
          'ca.crt': `subject=CN = company\n${other.certificate}\n\n`,
          'ca.key': sec1(other.privateKey),
        }),
    ],
    ['what is trusted being garbage', (secrets) => withText(secrets, names.brokers.name, { [trusted]: garbage })],
    [
      'certificates of brokers and operator that are garbage',
      (secrets) =>
        withText(withText(secrets, names.brokers.name, { [internalCertificate]: garbage }), names.operator.name, {
          'tls.crt': 'garbage',
        }),
    ],
    [
      'a certificate of the brokers with the key of another',
      (secrets) => withText(secrets, names.brokers.name, { [internalKey]: other.privateKey }),
    ],
  ])('lead to good ones that stay: %s', async (_, damage) => {
    let secrets = await align(await damage(made), day, false);
    expect(await align(secrets, day, false)).toEqual(secrets);
    for (const wait of [introductionMilliseconds, overlapMilliseconds, 0])
      secrets = await align(secrets, 2 * day + wait + introductionMilliseconds);
    expect(await align(secrets, 12 * day)).toEqual(secrets);

    const { authority, brokers, operator, trusted: believed } = readCertificates((name) => secrets.get(name), cluster);
    expect(believed).toEqual([authority?.certificate]);
    for (const pair of [brokers!, operator!]) {
      expect(isKeyPair(pair)).toBe(true);
      expect(isIssuedBy(pair.certificate, authority!.certificate)).toBe(true);
    }
  });
});
