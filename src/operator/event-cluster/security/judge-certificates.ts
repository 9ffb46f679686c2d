import { areCertificates, covers, expiryOf, isFor, isKeyPair, leadsTo, splitCertificates } from './certificates.ts';
import type { ClientCertificates } from './secrets.ts';

/** Why clients could not verify brokers by certificates that are given, in words that go on from `Secret NAME`. */
export function whyUnusable({ pair, ca }: ClientCertificates, hosts: readonly string[], now: Date): string | undefined {
  if (!isKeyPair(pair)) return 'holds no PEM certificate under tls.crt with its private key (PKCS #8) under tls.key.';
  const [chain, authorities] = [splitCertificates(pair.certificate), splitCertificates(ca)];
  if (authorities.length === 0 || !areCertificates(authorities)) return 'holds no PEM certificate under ca.crt.';
  const [certificate = ''] = chain;
  if (!isFor('serverAuth', certificate))
    return 'holds a certificate that is for clients: issue one with the extended key usage serverAuth.';
  if (!areCertificates(chain) || !leadsTo(chain, authorities))
    return 'holds under ca.crt no authority that signed the certificate under tls.crt: clients could not verify it.';
  if (expiryOf(certificate) <= now.getTime()) return 'holds a certificate that has expired: renew it.';
  const missing = hosts.filter((host) => !covers(certificate, [host]));
  if (missing.length === 0) return undefined;
  return `holds a certificate that is not valid for ${missing.join(', ')}: issue one with these names.`;
}
