/** What kafkajs throws, as far as it tells of a connection. */
export interface ConnectionError extends Error {
  /** Of Node.js. */
  readonly code?: string | number;
  /** host:port */
  readonly broker?: string;
  /** A broker's error, by its name in the protocol. */
  readonly type?: string;
}

/** By which Node.js tells that it does not trust a certificate. */
const certificateCodes = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

export const isCertificateError = ({ code }: ConnectionError): boolean => certificateCodes.has(String(code));

/** The code of the error with which a socket ends that was sent too much. */
export const answerTooLarge = 'AnswerTooLarge';

/** Whether an answer ends before all is read that it should have. */
export const endsTooSoon = ({ code }: ConnectionError): boolean =>
  code === 'ERR_OUT_OF_RANGE' || code === 'ERR_BUFFER_OUT_OF_BOUNDS';

/** The error's message, or what is meant by one that only its author understands. */
export function plainWords(error: ConnectionError): string {
  const { message, broker = 'the broker' } = error;
  if (error.code === answerTooLarge) return withoutPrefix(message);
  if (endsTooSoon(error)) return "The broker's answer ends too soon";
  if (isCertificateError(error)) return `The certificate of ${broker} is not trusted: ${reasonOf(message)}`;
  if (message.includes('disconnected before secure TLS connection was established')) {
    return `No TLS with ${broker}: it ends the connection, as brokers do that speak none there`;
  }
  if (error.name === 'KafkaJSConnectionClosedError') {
    return `Connection closed by ${broker}, as brokers do that stop, or want TLS or a password that they are not given`;
  }
  if (error.type === 'ILLEGAL_SASL_STATE') return 'The broker takes no username and password there';
  return message;
}

/** Without what kafkajs puts before it, and the advice to users of Node.js that comes after it. */
const reasonOf = (message: string) => withoutPrefix(message).replace(/;.*$/s, '');

const withoutPrefix = (message: string) => message.replace(/^Connection error: /, '');
