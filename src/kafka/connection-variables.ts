import { readFileSync } from 'node:fs';
import type { KafkaConnection, SaslMechanism } from './connection.ts';
import { list, oneOf, text, variable, wholeNumber, type Environment } from '../lib/variables.ts';

const protocols = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
const mechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512', 'PLAIN'] as const satisfies SaslMechanism[];

/** The variables of a connection to Kafka; those about SASL must be set when the protocol has it. */
export function connectionVariables(environment: Environment) {
  const sasl = environment.KAFKA_SECURITY_PROTOCOL?.startsWith('SASL_') ?? false;
  const mechanism = oneOf(mechanisms);
  const username = text('the name of a Kafka user');
  const password = text('the password of the Kafka user');
  return {
    KAFKA_BOOTSTRAP_SERVERS: list('addresses such as kafka:9092', address),
    KAFKA_SECURITY_PROTOCOL: oneOf(protocols).default('PLAINTEXT'),
    KAFKA_SASL_MECHANISM: sasl ? mechanism : mechanism.optional(),
    KAFKA_SASL_USERNAME: sasl ? username : username.optional(),
    KAFKA_SASL_PASSWORD: sasl ? password : password.optional(),
    KAFKA_CA_FILE: variable('a PEM file that can be read', readPem).optional(),
  };
}

/** What reading the variables gives. */
interface ConnectionValues {
  readonly KAFKA_BOOTSTRAP_SERVERS: readonly string[];
  readonly KAFKA_SECURITY_PROTOCOL: (typeof protocols)[number];
  readonly KAFKA_SASL_MECHANISM?: SaslMechanism | undefined;
  readonly KAFKA_SASL_USERNAME?: string | undefined;
  readonly KAFKA_SASL_PASSWORD?: string | undefined;
  readonly KAFKA_CA_FILE?: string | undefined;
}

export function connectionFrom(values: ConnectionValues, clientId: string): KafkaConnection {
  const { KAFKA_SECURITY_PROTOCOL: protocol, KAFKA_CA_FILE: ca } = values;
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = values;
  return {
    bootstrapServers: values.KAFKA_BOOTSTRAP_SERVERS,
    clientId,
    ...(protocol.endsWith('SSL') && { tls: ca === undefined ? {} : { ca } }),
    ...(protocol.startsWith('SASL_') &&
      mechanism &&
      username &&
      password && { sasl: { mechanism, username, password } }),
  };
}

function address(item: string): string | undefined {
  const [, port = ''] = /^[^\s,/]+:(\d+)$/.exec(item) ?? [];
  return wholeNumber(port, 1, 65_535) === undefined ? undefined : item;
}

function readPem(file: string): string | undefined {
  try {
    const content = readFileSync(file, 'utf8');
    return content.includes('-----BEGIN CERTIFICATE-----') ? content : undefined;
  } catch {
    // The error that names the variable and the file says what matters: it cannot be read.
    return undefined;
  }
}
