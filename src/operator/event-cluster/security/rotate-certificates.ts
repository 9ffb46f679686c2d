import {
  certificateDays,
  authorityDays,
  covers,
  createAuthority,
  expiryOf,
  isIssuedBy,
  issueCertificate,
  issuedAt,
  type KeyPair,
} from './certificates.ts';

/** Names by which brokers know one another, and the operator; nobody else has a certificate of these authorities. */
export const brokerCommonName = 'kafka-events-brokers';
export const operatorCommonName = 'kafka-events-operator';

/** The certificates of one cluster, as its Secrets keep them. */
export interface Certificates {
  /** The newest authority, the only one whose key is still there. */
  readonly authority: KeyPair;
  /** What asked for this authority; another request makes the next one. */
  readonly rotation: string;
  /** Certificates of all authorities that are trusted: the newest, and those before it whose time is not over. */
  readonly trusted: readonly string[];
  /** All brokers share one: they are alike, and a further one changes nothing for the others. */
  readonly brokers: KeyPair;
  readonly operator: KeyPair;
}

/** What there is may be incomplete: Secrets can be deleted, one by one. */
export type PresentCertificates = Partial<Certificates>;

export interface CertificatesWanted {
  /** Names and addresses at which brokers are reached. */
  readonly hosts: readonly string[];
  readonly now: Date;
  /** Whether every broker runs with the present certificates. */
  readonly settled: boolean;
  /** Any text; when it changes, a new authority follows the present one. */
  readonly rotation: string;
}

const dayMilliseconds = 86_400_000;
/** An authority is followed by the next one this long before its end: longer than any certificate that it signs. */
const authorityRenewalMilliseconds = (authorityDays / 5 + 30) * dayMilliseconds;
/** A third of its life is left then. */
const renewalMilliseconds = (certificateDays / 3) * dayMilliseconds;
/** How long clients have to take in a new authority before the first certificate of it is shown to them. */
export const introductionMilliseconds = dayMilliseconds;
/** How long the authority before is trusted after that. */
export const overlapMilliseconds = 7 * dayMilliseconds;

/**
 * The certificates as they are to be now. What need not change stays as it is, to the letter.
 *
 * A new authority takes three steps, each of which waits until all brokers run with the one before: it is trusted beside
 * the old one; then certificates of it take the place of the old; then the old one is no longer trusted. So whoever
 * connects at any time, broker or client, meets a certificate that it trusts. The same steps lead out of the loss of an
 * authority's key.
 */
export async function rotateCertificates(
  present: PresentCertificates,
  wanted: CertificatesWanted,
): Promise<Certificates> {
  const { now } = wanted;
  const before = present.trusted ?? [];
  const authority = keepsAuthority(present, wanted) ? present.authority : await createAuthority(now);
  const isTrusted = before.includes(authority.certificate);
  const isIntroduced = isTrusted && wanted.settled && age(authority, now) >= introductionMilliseconds;
  const replace = async (pair: KeyPair | undefined, commonName: string, hosts: readonly string[]) =>
    pair && isGood(pair, { authority, trusted: before, isIntroduced, hosts, now })
      ? pair
      : issueCertificate(authority, { commonName, hosts }, now);
  const brokers = await replace(present.brokers, brokerCommonName, wanted.hosts);
  const operator = await replace(present.operator, operatorCommonName, []);
  const inUse = [brokers, operator, present.brokers ?? brokers, present.operator ?? operator];
  const isOver = wanted.settled && age(authority, now) >= introductionMilliseconds + overlapMilliseconds;
  const others = before.filter(
    (certificate) =>
      certificate !== authority.certificate &&
      (!isOver || inUse.some((pair) => isIssuedBy(pair.certificate, certificate))),
  );
  return { authority, rotation: wanted.rotation, trusted: [...others, authority.certificate], brokers, operator };
}

function keepsAuthority(
  present: PresentCertificates,
  { now, rotation }: CertificatesWanted,
): present is PresentCertificates & { readonly authority: KeyPair } {
  const { authority } = present;
  if (!authority || present.rotation !== rotation) return false;
  return expiryOf(authority.certificate) - now.getTime() > authorityRenewalMilliseconds;
}

interface Judgement {
  readonly authority: KeyPair;
  readonly trusted: readonly string[];
  readonly isIntroduced: boolean;
  readonly hosts: readonly string[];
  readonly now: Date;
}

/** Whether a certificate stays: until the newest authority may be used, the one before it cannot sign another. */
function isGood({ certificate }: KeyPair, { authority, trusted, isIntroduced, hosts, now }: Judgement): boolean {
  const left = expiryOf(certificate) - now.getTime();
  if (isIssuedBy(certificate, authority.certificate)) return left > renewalMilliseconds && covers(certificate, hosts);
  return !isIntroduced && left > 0 && trusted.some((known) => isIssuedBy(certificate, known));
}

const age = ({ certificate }: KeyPair, now: Date) => now.getTime() - issuedAt(certificate);
