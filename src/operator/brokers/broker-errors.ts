import type { KafkaErrorCode } from '../../kafka/errors.ts';
import { ExpectedError } from '../../lib/errors.ts';

const unreachable = 'Check the address, and that nothing between the operator and the brokers blocks connections.';

/** What a person can do about brokers that do not do as asked. */
const advice: Partial<Record<KafkaErrorCode, string>> = {
  BrokerUnreachable: unreachable,
  Timeout: unreachable,
  AuthenticationFailed: 'Check spec.authentication, and the username and password in its Secret.',
  CertificateNotTrusted: "Check spec.tls: its Secret must hold the certificate of the brokers' authority, in PEM.",
  NotAuthorized: 'Grant the user of spec.authentication the right to describe the cluster, its topics and groups.',
  AnswerTooLarge: 'Check that the address is that of Kafka brokers: they never send a response this large.',
  UnsupportedVersion: 'This release does not support the version of the brokers.',
};

/** The error's own words, and how to fix it where that is known. */
export function brokerTrouble({ code, message }: ExpectedError): string {
  const fix = advice[code as KafkaErrorCode];
  const sentence = message.replace(/\.?$/, '.');
  return fix ? `${sentence} ${fix}` : sentence;
}

/**
 * Brokers that somebody else runs name one another, and may name any address that the operator can reach. What that one
 * answers, or whether it answers at all, is not told: the operator scans ports for nobody.
 */
export function discreetError<E extends Error>(error: E): E | ExpectedError<KafkaErrorCode> {
  if (!(error instanceof ExpectedError) || !revealing.has(String(error.code))) return error;
  return new ExpectedError<KafkaErrorCode>('BrokerUnreachable', 'The brokers of the cluster do not answer', {
    retryable: true,
    cause: error,
  });
}

/** Codes of errors whose words depend on what is at an address. */
const revealing: ReadonlySet<string> = new Set<KafkaErrorCode>([
  'BrokerUnreachable',
  'Timeout',
  'CertificateNotTrusted',
  'AnswerTooLarge',
  'AnswerIncomplete',
  'KafkaFailed',
]);
