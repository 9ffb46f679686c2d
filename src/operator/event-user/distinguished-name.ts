import { X509Certificate } from 'node:crypto';

/** What Java, and so Kafka, has names for in RFC 2253; all else it writes as numbers. */
const knownTypes = new Set(['CN', 'C', 'L', 'ST', 'STREET', 'O', 'OU', 'DC', 'UID']);

/**
 * The subject of a certificate as brokers name it: by RFC 2253, the last part first.
 *
 * @returns undefined where only the brokers can say: for parts without a name, or of several values
 * @throws {Error} for what is no certificate
 */
export function subjectOf(pem: string): string | undefined {
  // Values are escaped already, as RFC 2253 says.
  const parts = new X509Certificate(pem).subject.split('\n').map((part) => part.replace(/^street=/, 'STREET='));
  const isPlain = parts.every((part) => knownTypes.has(part.slice(0, part.indexOf('='))) && !part.includes(' + '));
  return isPlain ? parts.toReversed().join(',') : undefined;
}
