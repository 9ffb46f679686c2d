import { beforeAll, describe, expect, it } from '@jest/globals';
import { isIssuedBy } from '../../../../../src/operator/event-cluster/security/certificates.ts';
import {
  introductionMilliseconds,
  overlapMilliseconds,
  rotateCertificates,
  type Certificates,
  type CertificatesWanted,
} from '../../../../../src/operator/event-cluster/security/rotate-certificates.ts';

const day = 86_400_000;
const start = new Date('2026-01-01T00:00:00Z').getTime();
const after = (milliseconds: number, changes: Partial<CertificatesWanted> = {}): CertificatesWanted => ({
  ...{ hosts: ['localhost'], now: new Date(start + milliseconds), settled: true, rotation: '' },
  ...changes,
});

let first: Certificates;
beforeAll(async () => {
  first = await rotateCertificates({}, after(0, { settled: false }));
});

const isOf = (certificates: Certificates, { authority }: Certificates) =>
  [certificates.brokers, certificates.operator].every((pair) => isIssuedBy(pair.certificate, authority.certificate));

describe('the certificates of a cluster', () => {
  it('are made at once for a new cluster, and then stay', async () => {
    expect(isOf(first, first)).toBe(true);
    expect(first.trusted).toEqual([first.authority.certificate]);
    expect(await rotateCertificates(first, after(200 * day))).toEqual(first);
  });

  it('are renewed when a third of their time is left, under the same authority', async () => {
    const renewed = await rotateCertificates(first, after(250 * day, { settled: false }));
    expect(renewed.authority).toEqual(first.authority);
    expect(renewed.trusted).toEqual(first.trusted);
    expect(renewed.brokers).not.toEqual(first.brokers);
    expect(renewed.operator).not.toEqual(first.operator);
  });

  it('are renewed for another host', async () => {
    const renewed = await rotateCertificates(first, after(day, { hosts: ['localhost', 'kafka.example.org'] }));
    expect(renewed).toEqual({ ...first, brokers: renewed.brokers });
    expect(renewed.brokers).not.toEqual(first.brokers);
  });

  it.each([
    ['its own end comes near', 5 * 365 * day - 395 * day, ''],
    ['somebody asks for it', 10 * day, 'again'],
  ])('move to another authority when %s, in steps that overlap', async (_, at, rotation) => {
    const asked = { rotation };
    const current = await rotateCertificates(first, after(at - day));
    const trusted = await rotateCertificates(current, after(at, asked));
    expect(trusted.authority).not.toEqual(first.authority);
    expect(trusted.trusted).toEqual([first.authority.certificate, trusted.authority.certificate]);
    expect(trusted.brokers).toEqual(current.brokers);

    // Not before all brokers, and all clients, trust it.
    const later = at + introductionMilliseconds;
    expect(await rotateCertificates(trusted, after(later - 1000, asked))).toEqual(trusted);
    expect(await rotateCertificates(trusted, after(later, { ...asked, settled: false }))).toEqual(trusted);
    const used = await rotateCertificates(trusted, after(later, asked));
    expect(isOf(used, trusted)).toBe(true);
    expect(used.trusted).toEqual(trusted.trusted);

    const last = later + overlapMilliseconds;
    expect(await rotateCertificates(used, after(last - 1000, asked))).toEqual(used);
    expect(await rotateCertificates(used, after(last, { ...asked, settled: false }))).toEqual(used);
    const over = await rotateCertificates(used, after(last, asked));
    expect(over).toEqual({ ...used, trusted: [used.authority.certificate] });
  });

  it('trust the authority before as long as a broker may show a certificate of it', async () => {
    const trusted = await rotateCertificates(first, after(day, { rotation: 'again' }));
    const wanted = after(day + introductionMilliseconds + overlapMilliseconds, { rotation: 'again' });
    const used = await rotateCertificates(trusted, wanted);
    expect(isOf(used, trusted)).toBe(true);
    expect(used.trusted).toEqual(trusted.trusted);
    expect((await rotateCertificates(used, wanted)).trusted).toEqual([used.authority.certificate]);
  });

  it('survive the loss of the key of the authority: what brokers show is trusted on', async () => {
    const { authority: _, ...rest } = first;
    const trusted = await rotateCertificates(rest, after(day));
    expect(trusted.trusted).toEqual([first.authority.certificate, trusted.authority.certificate]);
    expect(trusted.brokers).toEqual(first.brokers);
  });

  it('are made anew where nothing that is there could be used', async () => {
    const lost = await rotateCertificates({ brokers: first.brokers, operator: first.operator }, after(day));
    expect(isOf(lost, lost)).toBe(true);
    const { brokers: _, ...rest } = first;
    const replaced = await rotateCertificates(rest, after(day, { settled: false }));
    expect(replaced).toEqual({ ...first, brokers: replaced.brokers });
  });
});
