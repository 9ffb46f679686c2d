import 'reflect-metadata'; // @peculiar/x509 needs it loaded before itself
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type X509Certificate,
} from '@peculiar/x509';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

/** What a certificate is issued for. */
export interface Subject {
  /** A Kubernetes user name for clients: system:kube-scheduler. */
  readonly commonName: string;
  /** The Kubernetes groups of a client: system:masters. */
  readonly organizations?: readonly string[];
  /** DNS names and IP addresses that a server answers to. Without any, the certificate is a client's only. */
  readonly hosts?: readonly string[];
}

/** The authority of one cluster: it lives as long as the cluster's state folder, and signs nothing else. */
export interface CertificateAuthority {
  readonly certificate: string;
  /** Signs a certificate that is valid from an hour ago (clocks differ) for ten years. */
  issue(subject: Subject): Promise<KeyPair>;
}

const signature = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const hourMilliseconds = 3_600_000;
const validityMilliseconds = 10 * 365 * 24 * hourMilliseconds;

export async function createCertificateAuthority(commonName: string): Promise<CertificateAuthority> {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys,
    signingAlgorithm: signature,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign | KeyUsageFlags.digitalSignature, true),
    ],
  });
  return {
    certificate: certificate.toString('pem'),
    issue: (subject) => issue(certificate, keys.privateKey, subject),
  };
}

async function issue(authority: X509Certificate, signingKey: webcrypto.CryptoKey, subject: Subject): Promise<KeyPair> {
  const keys = await generateKeys();
  const hosts = subject.hosts ?? [];
  const usages =
    hosts.length > 0 ? [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth] : [ExtendedKeyUsage.clientAuth];
  const certificate = await X509CertificateGenerator.create({
    subject: [...(subject.organizations ?? []).map((name) => ({ O: [name] })), { CN: [subject.commonName] }],
    issuer: authority.subjectName,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: signature,
    ...validity(),
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension(usages),
      ...(hosts.length > 0 ? [new SubjectAlternativeNameExtension(hosts.map(alternativeName))] : []),
    ],
  });
  return { certificate: certificate.toString('pem'), privateKey: await privateKeyPem(keys.privateKey) };
}

/** A key pair for signing service account tokens, which needs no certificate: the public half is PEM (SPKI). */
export async function createSigningKeys(): Promise<{ publicKey: string; privateKey: string }> {
  const keys = await generateKeys();
  const spki = await webcrypto.subtle.exportKey('spki', keys.publicKey);
  return { publicKey: PemConverter.encode(spki, 'PUBLIC KEY'), privateKey: await privateKeyPem(keys.privateKey) };
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(signature, true, ['sign', 'verify']);
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - hourMilliseconds), notAfter: new Date(now + validityMilliseconds) };
}

function alternativeName(host: string): { type: 'ip' | 'dns'; value: string } {
  return { type: isIP(host) === 0 ? 'dns' : 'ip', value: host };
}
