import { describe, expect, it } from '@jest/globals';
import { createCertificateAuthority } from '../../../../localcluster/certificates.ts';
import { subjectOf } from '../../../../src/operator/event-user/distinguished-name.ts';

async function certificateOf(commonName: string): Promise<string> {
  const authority = await createCertificateAuthority('users');
  return (await authority.issue({ commonName, hosts: [] })).certificate;
}

describe('the subject of a certificate', () => {
  it('is what brokers call its owner', async () => {
    expect(subjectOf(await certificateOf('orders'))).toBe('CN=orders');
  });

  it('is refused where there is none', () => {
    expect(() => subjectOf('no certificate')).toThrow();
  });
});
