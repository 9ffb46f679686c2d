import 'reflect-metadata'; // @peculiar/x509 needs it loaded before itself
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { createHash, createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { isIpAddress } from '../../../lib/ip-address.ts';

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Who a certificate is for. */
export interface Subject {
  /** Kafka knows the holder as `User:CN=<commonName>`. */
  readonly commonName: string;
  /** DNS names, which may begin with a wildcard, and IP addresses. Without any, it is a client's certificate only. */
  readonly hosts: readonly string[];
}

const dayMilliseconds = 86_400_000;
export const authorityDays = 5 * 365;
export const certificateDays = 365;
/** Clocks of pods differ. */
const backdatedMilliseconds = 5 * 60_000;

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const signature = { ...algorithm, hash: 'SHA-256' } as const;

/** An authority that signs itself. Its name follows from its key, so that no two of one cluster are mistaken for each other. */
export async function createAuthority(now: Date): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(signature, true, ['sign', 'verify']);
  const publicKey = await webcrypto.subtle.exportKey('spki', keys.publicKey);
  const id = createHash('sha256').update(Buffer.from(publicKey)).digest('hex').slice(0, 16);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [`kafka-events cluster CA ${id}`] }],
    keys,
    signingAlgorithm: signature,
    ...validity(now, authorityDays),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), privateKey: await privateKeyPem(keys.privateKey) };
}

/** Signs a certificate for a new key. It never outlives the authority. */
export async function issueCertificate(authority: KeyPair, subject: Subject, now: Date): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(signature, true, ['sign', 'verify']);
  const issuer = new X509Certificate(authority.certificate);
  const { notBefore, notAfter } = validity(now, certificateDays);
  const { commonName, hosts } = subject;
  const usages = hosts.length > 0 ? [ExtendedKeyUsage.serverAuth] : [];
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [commonName] }],
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await signingKey(authority.privateKey),
    signingAlgorithm: signature,
    notBefore,
    notAfter: new Date(Math.min(notAfter.getTime(), expiryOf(authority.certificate))),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([...usages, ExtendedKeyUsage.clientAuth]),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(await publicKeyOf(issuer)),
      ...(hosts.length > 0 ? [new SubjectAlternativeNameExtension(hosts.map(alternativeName))] : []),
    ],
  });
  return { certificate: certificate.toString('pem'), privateKey: await privateKeyPem(keys.privateKey) };
}

/** When a certificate ends, in milliseconds since the epoch. */
export const expiryOf = (certificate: string): number => new X509Certificate(certificate).validToDate.getTime();

/** When a certificate was issued, in milliseconds since the epoch. */
export const issuedAt = (certificate: string): number =>
  new X509Certificate(certificate).validFromDate.getTime() + backdatedMilliseconds;

export function isIssuedBy(certificate: string, authority: string): boolean {
  const [issued, issuer] = [new X509Certificate(certificate), new X509Certificate(authority)];
  return issued.checkIssued(issuer) && issued.verify(issuer.publicKey);
}

/** Whether a certificate is good for all of the hosts. */
export function covers(certificate: string, hosts: readonly string[]): boolean {
  const parsed = new X509Certificate(certificate);
  return hosts.every(
    (host) => (isIpAddress(host) ? parsed.checkIP(host) : parsed.checkHost(host.replace(/^\*/, 'any'))) !== undefined,
  );
}

/** Each certificate of a PEM file, one text for each. */
export const splitCertificates = (pem: string): string[] =>
  pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

/** Whether all texts are certificates that can be read. */
export function areCertificates(certificates: readonly string[]): boolean {
  try {
    return certificates.every((certificate) => new X509Certificate(certificate).subject !== undefined);
  } catch {
    // Whoever asks wants to know only that they cannot be used.
    return false;
  }
}

/** Whether it may be shown for a purpose: one that says nothing of its purpose is good for all. */
export function isFor(purpose: 'clientAuth' | 'serverAuth', certificate: string): boolean {
  // Node calls the extended key usage so.
  const purposes = new X509Certificate(certificate).keyUsage as readonly string[] | undefined;
  return purposes?.includes(ExtendedKeyUsage[purpose]) ?? true;
}

/** Whether the first of a chain was signed by one of the authorities, itself or by others of the chain. */
export function leadsTo(chain: readonly string[], authorities: readonly string[]): boolean {
  let [current] = chain;
  let others = chain.slice(1);
  while (current !== undefined) {
    const shown = current;
    if (authorities.some((authority) => isIssuedBy(shown, authority))) return true;
    current = others.find((other) => isIssuedBy(shown, other));
    others = others.filter((other) => other !== current);
  }
  return false;
}

/** Whether text is a certificate and the key that belongs to it. */
export function isKeyPair({ certificate, privateKey }: KeyPair): boolean {
  try {
    const [first = ''] = splitCertificates(certificate);
    return new X509Certificate(first).checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    // Whoever asks wants to know only that they cannot be used.
    return false;
  }
}

/** Whether certificates can be issued with it: `issueCertificate` signs with keys of the kind that it makes. */
export function isAuthority(pair: KeyPair): boolean {
  if (!isKeyPair(pair)) return false;
  const { namedCurve } = createPrivateKey(pair.privateKey).asymmetricKeyDetails ?? {};
  return namedCurve === 'prime256v1' && new X509Certificate(pair.certificate).ca;
}

function validity(now: Date, days: number): { notBefore: Date; notAfter: Date } {
  const start = now.getTime();
  return { notBefore: new Date(start - backdatedMilliseconds), notAfter: new Date(start + days * dayMilliseconds) };
}

/** Tools write keys in more than one form. */
const signingKey = (pem: string) =>
  webcrypto.subtle.importKey(
    'pkcs8',
    createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' }),
    algorithm,
    false,
    ['sign'],
  );

const publicKeyOf = (certificate: X509Certificate) =>
  webcrypto.subtle.importKey('spki', certificate.publicKey.export({ type: 'spki', format: 'der' }), algorithm, true, [
    'verify',
  ]);

const privateKeyPem = async (key: webcrypto.CryptoKey) =>
  PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');

const alternativeName = (host: string) => ({
  type: isIpAddress(host) ? ('ip' as const) : ('dns' as const),
  value: host,
});
