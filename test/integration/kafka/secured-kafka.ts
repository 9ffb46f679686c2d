import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaJava } from '../../../localcluster/parts/kafka-java.ts';
import { startKafka, type KafkaCluster, type KafkaRequest } from '../../../localcluster/parts/kafka.ts';
import { readSettings } from '../../../localcluster/settings.ts';
import type { KafkaConnection, SaslMechanism } from '../../../src/kafka/connection.ts';

export const username = 'app';
export const password = 's3cret';
export const mechanisms: readonly SaslMechanism[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'];

const loginModules = 'org.apache.kafka.common.security';
const sasl = {
  'sasl.enabled.mechanisms': mechanisms.join(','),
  'listener.name.client.plain.sasl.jaas.config': `${loginModules}.plain.PlainLoginModule required user_${username}="${password}";`,
  'listener.name.client.scram-sha-256.sasl.jaas.config': `${loginModules}.scram.ScramLoginModule required;`,
};

/** A broker that asks for the password of one user, by any mechanism that we know. */
export async function startSecuredKafka({ properties = {}, ...request }: KafkaRequest): Promise<KafkaCluster> {
  const kafka = await startKafka({
    ...request,
    users: { [username]: password },
    properties: { ...sasl, ...properties },
  });
  try {
    // The part gives its users a password for SCRAM-SHA-512 only.
    await setPassword(kafka, 'SCRAM-SHA-256', password);
  } catch (error) {
    await kafka.stop();
    throw error;
  }
  return kafka;
}

/** How to connect as the user, with changes. */
export const connectionTo = (kafka: KafkaCluster, changes: Partial<KafkaConnection> = {}): KafkaConnection => ({
  bootstrapServers: kafka.bootstrapServers.split(','),
  clientId: 'test',
  ...(kafka.certificateAuthority !== undefined && { tls: { ca: kafka.certificateAuthority } }),
  sasl: { mechanism: 'SCRAM-SHA-512', username, password },
  ...changes,
});

/** Gives the user another password, with Kafka's own tool. */
export async function setPassword(kafka: KafkaCluster, mechanism: SaslMechanism, newPassword: string): Promise<void> {
  const [java = '', ...options] = await kafkaJava(readSettings());
  const folder = await mkdtemp(join(tmpdir(), 'kafka-events-test-'));
  try {
    const properties = join(folder, 'client.properties');
    await writeFile(properties, await toolProperties(kafka, folder));
    await promisify(execFile)(java, [
      ...options,
      'kafka.admin.ConfigCommand',
      ...['--bootstrap-server', kafka.bootstrapServers, '--command-config', properties],
      ...['--entity-type', 'users', '--entity-name', username],
      ...['--alter', '--add-config', `${mechanism}=[password=${newPassword}]`],
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The tool connects by PLAIN, whose password does not change. */
async function toolProperties({ certificateAuthority }: KafkaCluster, folder: string): Promise<string> {
  const truststore = join(folder, 'ca.pem');
  if (certificateAuthority !== undefined) await writeFile(truststore, certificateAuthority);
  return [
    `security.protocol=${certificateAuthority === undefined ? 'SASL_PLAINTEXT' : 'SASL_SSL'}`,
    'sasl.mechanism=PLAIN',
    `sasl.jaas.config=${loginModules}.plain.PlainLoginModule required username="${username}" password="${password}";`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${truststore}`,
  ].join('\n');
}
