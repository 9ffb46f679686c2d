import type { KafkaErrorCode } from '../../kafka/errors.ts';
import type { ExpectedError } from '../../lib/errors.ts';

const unreachable = 'Check the address, and that nothing between the operator and the brokers keeps connections away.';

/** What a person can do about brokers that do not do as asked. */
const mends: Partial<Record<KafkaErrorCode, string>> = {
  BrokerUnreachable: unreachable,
  Timeout: unreachable,
  AuthenticationFailed: 'Check spec.authentication, and the username and password in its Secret.',
  CertificateNotTrusted: "Check spec.tls: its Secret must hold the certificate of the brokers' authority, in PEM.",
  NotAuthorized: 'Give the user of spec.authentication the right to describe the cluster, its topics and groups.',
  UnsupportedVersion: 'The brokers are older, or newer, than this release can speak with.',
};

/** The error's own words, and the mend where one is known. */
export function brokerTrouble({ code, message }: ExpectedError): string {
  const mend = mends[code as KafkaErrorCode];
  const sentence = message.replace(/\.?$/, '.');
  return mend ? `${sentence} ${mend}` : sentence;
}
