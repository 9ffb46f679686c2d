import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata'; // @peculiar/x509 needs it loaded before itself
import { ExtendedKeyUsage, ExtendedKeyUsageExtension, X509CertificateGenerator } from '@peculiar/x509';
import { webcrypto } from 'node:crypto';
import { createAuthority, issueCertificate } from '../../../../src/operator/event-cluster/security/certificates.ts';
import { whyUnusable } from '../../../../src/operator/event-user/given-certificate.ts';

const now = new Date('2026-05-01T12:00:00Z');
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function certificate(...usages: ExtendedKeyUsage[]): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=ada',
    keys,
    signingAlgorithm: algorithm,
    notBefore: now,
    notAfter: new Date('2027-05-01T12:00:00Z'),
    extensions: usages.length > 0 ? [new ExtendedKeyUsageExtension(usages)] : [],
  });
  return made.toString('pem');
}

describe('the certificate of a user', () => {
  it('may be for clients, or for anything', async () => {
    expect(whyUnusable(await certificate(), now)).toBeUndefined();
    expect(whyUnusable(await certificate(ExtendedKeyUsage.clientAuth), now)).toBeUndefined();
    expect(
      whyUnusable(await certificate(ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth), now),
    ).toBeUndefined();
  });

  it('is refused where it is for servers, of an authority, or of the past', async () => {
    expect(whyUnusable(await certificate(ExtendedKeyUsage.serverAuth), now)).toContain('clientAuth');
    const authority = await createAuthority(now);
    expect(whyUnusable(authority.certificate, now)).toContain('is of an authority');
    const issued = await issueCertificate(authority, { commonName: 'ada', hosts: [] }, now);
    expect(whyUnusable(issued.certificate, now)).toBeUndefined();
    expect(whyUnusable(issued.certificate, new Date('2028-01-01'))).toContain('has expired');
  });
});
