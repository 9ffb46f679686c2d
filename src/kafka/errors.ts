import { createErrorFromCode } from 'kafkajs/src/protocol/error.js';
import { ExpectedError, toError } from '../lib/errors.ts';
import {
  answerTooLarge,
  endsTooSoon,
  isCertificateError,
  plainWords,
  type ConnectionError,
} from './connection-trouble.ts';

export type KafkaErrorCode =
  | 'BrokerUnreachable'
  | 'Timeout'
  | 'AnswerTooLarge'
  | 'TooManyAcls'
  | 'AnswerIncomplete'
  | 'CertificateNotTrusted'
  | 'AuthenticationFailed'
  | 'NotAuthorized'
  | 'SecurityDisabled'
  | 'UserUnknown'
  | 'CredentialUnacceptable'
  | 'TopicAlreadyExists'
  | 'UnknownTopic'
  | 'InvalidTopicName'
  | 'InvalidPartitions'
  | 'InvalidReplicationFactor'
  | 'InvalidReplicaAssignment'
  | 'InvalidConfig'
  | 'InvalidRequest'
  | 'PolicyViolation'
  | 'TopicDeletionDisabled'
  | 'NotEnoughReplicas'
  | 'GroupNotEmpty'
  | 'MessageTooLarge'
  | 'MessageRefused'
  | 'BatchUnreadable'
  | 'TopicRecreated'
  | 'UnsupportedVersion'
  | 'OffsetOutOfRange'
  | 'ProducerFenced'
  | 'TransactionLost'
  | 'TransactionPending'
  | 'KafkaFailed';

interface Meaning {
  readonly code: KafkaErrorCode;
  readonly retryable: boolean;
}

const refused = (code: KafkaErrorCode): Meaning => ({ code, retryable: false });
const passing = (code: KafkaErrorCode): Meaning => ({ code, retryable: true });

/** By the name that Kafka's protocol gives to an error of a broker, as far as kafkajs knows it. */
const brokerErrors: Readonly<Record<string, Meaning>> = {
  // A topic can come into being: the operator may just be creating it.
  UNKNOWN_TOPIC_OR_PARTITION: passing('UnknownTopic'),
  UNKNOWN_TOPIC_ID: passing('UnknownTopic'),
  TOPIC_ALREADY_EXISTS: refused('TopicAlreadyExists'),
  INVALID_TOPIC_EXCEPTION: refused('InvalidTopicName'),
  INVALID_PARTITIONS: refused('InvalidPartitions'),
  // More brokers may come; until then it is what they say.
  INVALID_REPLICATION_FACTOR: refused('InvalidReplicationFactor'),
  INVALID_REPLICA_ASSIGNMENT: refused('InvalidReplicaAssignment'),
  INVALID_CONFIG: refused('InvalidConfig'),
  INVALID_REQUEST: refused('InvalidRequest'),
  POLICY_VIOLATION: refused('PolicyViolation'),
  TOPIC_DELETION_DISABLED: refused('TopicDeletionDisabled'),
  TOPIC_AUTHORIZATION_FAILED: refused('NotAuthorized'),
  GROUP_AUTHORIZATION_FAILED: refused('NotAuthorized'),
  CLUSTER_AUTHORIZATION_FAILED: refused('NotAuthorized'),
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: refused('NotAuthorized'),
  // The brokers keep no access control lists.
  SECURITY_DISABLED: refused('SecurityDisabled'),
  RESOURCE_NOT_FOUND: refused('UserUnknown'),
  UNACCEPTABLE_CREDENTIAL: refused('CredentialUnacceptable'),
  SASL_AUTHENTICATION_FAILED: refused('AuthenticationFailed'),
  UNSUPPORTED_SASL_MECHANISM: refused('AuthenticationFailed'),
  ILLEGAL_SASL_STATE: refused('AuthenticationFailed'),
  UNSUPPORTED_VERSION: refused('UnsupportedVersion'),
  MESSAGE_TOO_LARGE: refused('MessageTooLarge'),
  RECORD_LIST_TOO_LARGE: refused('MessageTooLarge'),
  // One without a key, in a topic that keeps the last message of each.
  INVALID_RECORD: refused('MessageRefused'),
  NOT_ENOUGH_REPLICAS: passing('NotEnoughReplicas'),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: passing('NotEnoughReplicas'),
  // Its members are about to leave.
  NON_EMPTY_GROUP: passing('GroupNotEmpty'),
  REQUEST_TIMED_OUT: passing('Timeout'),
  NETWORK_EXCEPTION: passing('BrokerUnreachable'),
  BROKER_NOT_AVAILABLE: passing('BrokerUnreachable'),
  NOT_CONTROLLER: passing('BrokerUnreachable'),
  LEADER_NOT_AVAILABLE: passing('BrokerUnreachable'),
  NOT_LEADER_FOR_PARTITION: passing('BrokerUnreachable'),
  REPLICA_NOT_AVAILABLE: passing('BrokerUnreachable'),
  FENCED_LEADER_EPOCH: passing('BrokerUnreachable'),
  UNKNOWN_LEADER_EPOCH: passing('BrokerUnreachable'),
  GROUP_LOAD_IN_PROGRESS: passing('BrokerUnreachable'),
  GROUP_COORDINATOR_NOT_AVAILABLE: passing('BrokerUnreachable'),
  NOT_COORDINATOR_FOR_GROUP: passing('BrokerUnreachable'),
  KAFKA_STORAGE_ERROR: passing('KafkaFailed'),
  OFFSET_OUT_OF_RANGE: refused('OffsetOutOfRange'),
  // Another producer of the same transactional id has begun.
  INVALID_PRODUCER_EPOCH: refused('ProducerFenced'),
  PRODUCER_FENCED: refused('ProducerFenced'),
  // The transaction before is still being ended.
  CONCURRENT_TRANSACTIONS: passing('TransactionPending'),
  UNSTABLE_OFFSET_COMMIT: passing('TransactionPending'),
  // What the broker knew of the producer is gone: it has to begin anew.
  INVALID_TXN_STATE: passing('TransactionLost'),
  INVALID_PRODUCER_ID_MAPPING: passing('TransactionLost'),
  UNKNOWN_PRODUCER_ID: passing('TransactionLost'),
  OUT_OF_ORDER_SEQUENCE_NUMBER: passing('TransactionLost'),
};

/** By the class of kafkajs that tells of what happened on this side of the connection. */
const clientErrors: Readonly<Record<string, Meaning>> = {
  KafkaJSConnectionError: passing('BrokerUnreachable'),
  KafkaJSConnectionClosedError: passing('BrokerUnreachable'),
  KafkaJSBrokerNotFound: passing('BrokerUnreachable'),
  KafkaJSNoBrokerAvailableError: passing('BrokerUnreachable'),
  KafkaJSGroupCoordinatorNotFound: passing('BrokerUnreachable'),
  KafkaJSMetadataNotLoaded: passing('BrokerUnreachable'),
  KafkaJSRequestTimeoutError: passing('Timeout'),
  KafkaJSTimeout: passing('Timeout'),
  KafkaJSLockTimeout: passing('Timeout'),
  KafkaJSSASLAuthenticationError: refused('AuthenticationFailed'),
  KafkaJSServerDoesNotSupportApiKey: refused('UnsupportedVersion'),
};

interface KafkajsError extends ConnectionError {
  readonly retriable?: boolean;
}

/** What kafkajs throws, as one of ours. */
export function kafkaError(thrown: unknown): ExpectedError {
  if (thrown instanceof ExpectedError) return thrown as ExpectedError;
  const error = withoutRetries(toError(thrown));
  const { code, retryable } = meaningOf(error);
  return new ExpectedError<KafkaErrorCode>(code, plainWords(error), { retryable, cause: thrown });
}

function meaningOf(error: KafkajsError): Meaning {
  // Brokers get new certificates, and clients new authorities, without a person.
  if (isCertificateError(error)) return passing('CertificateNotTrusted');
  if (error.code === answerTooLarge) return passing(answerTooLarge);
  if (endsTooSoon(error)) return passing('AnswerIncomplete');
  return brokerErrors[error.type ?? ''] ?? clientErrors[error.name] ?? unknown(error.retriable ?? false);
}

const unknown = (retryable: boolean): Meaning => ({ code: 'KafkaFailed', retryable });

/** kafkajs wraps an error when it gives up retrying, sometimes more than once. */
function withoutRetries(error: KafkajsError): KafkajsError {
  const wraps = error.name === 'KafkaJSNumberOfRetriesExceeded' || error.name === 'KafkaJSNonRetriableError';
  return wraps && error.cause instanceof Error ? withoutRetries(error.cause) : error;
}

/** The error of an answer without something that was asked for: nobody knows how that is. */
export function incompleteAnswer(apiName: string, missing: string): ExpectedError {
  const message = `The broker's answer to ${apiName} lacks ${missing}`;
  return new ExpectedError<KafkaErrorCode>('AnswerIncomplete', message, { retryable: true });
}

interface BrokerError {
  readonly type: string;
  readonly message: string;
  readonly retriable?: boolean;
}

/** Errors of a broker that kafkajs does not know. */
const newerErrors: Readonly<Record<number, BrokerError>> = {
  91: { type: 'RESOURCE_NOT_FOUND', message: 'There is no such user' },
  93: { type: 'UNACCEPTABLE_CREDENTIAL', message: 'The credential does not meet the requirements of the brokers' },
  90: { type: 'PRODUCER_FENCED', message: 'A newer producer has the same transactional id' },
  100: { type: 'UNKNOWN_TOPIC_ID', message: 'There is no topic of this id' },
};

/**
 * The error that a broker's answer stands for; undefined for the code 0, which means success.
 *
 * @param message the broker's own words, if the answer has any
 */
export function brokerError(code: number, message?: string | null): ExpectedError | undefined {
  if (code === 0) return undefined;
  const known: BrokerError = newerErrors[code] ?? createErrorFromCode(code);
  const meaning = brokerErrors[known.type] ?? unknown(known.retriable ?? false);
  const details = { kafkaErrorCode: code };
  return new ExpectedError<KafkaErrorCode>(meaning.code, message || known.message, {
    retryable: meaning.retryable,
    details,
  });
}
