import { createHash } from 'node:crypto';

/** Annotations of pod templates: a new value replaces the pods, so that they read what has changed. */
export const configurationHashAnnotation = 'kafka-events.dev/configuration-hash';
export const certificatesHashAnnotation = 'kafka-events.dev/certificates-hash';
export const secretsHashAnnotation = 'kafka-events.dev/secrets-hash';

/** Of the pods of brokers that were made open: how far their listeners have become closed. */
export const securityMoveAnnotation = 'kafka-events.dev/security-move';

/** A short fingerprint of text, the same on every machine and in every release. */
export function digest(...texts: readonly string[]): string {
  const hash = createHash('sha256');
  // The length keeps ('ab', 'c') and ('a', 'bc') apart.
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:${text}`);
  return hash.digest('hex').slice(0, 16);
}
