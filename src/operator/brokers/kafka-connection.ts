import type { EventCluster } from '../../api/event-cluster.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import type { SeenSecret } from './user-secrets.ts';

/** How the operator itself connects to a cluster. The Secrets are those of `clusterSecrets`, and must exist. */
export function kafkaConnection(
  spec: EventCluster['spec'],
  bootstrapServers: string,
  secrets: readonly SeenSecret[],
): KafkaConnection {
  const value = (name: string, key: string) => {
    const data = secrets.find((reference) => reference.name === name)?.secret?.data?.[key];
    return Buffer.from(data ?? '', 'base64').toString();
  };
  const { tls, authentication } = spec;
  const credentials = authentication?.credentialsSecretRef.name;
  return {
    bootstrapServers: bootstrapServers.split(','),
    clientId: 'kafka-events-operator',
    ...(tls && { tls: tls.caSecretRef ? { ca: value(tls.caSecretRef.name, tls.caSecretRef.key) } : {} }),
    ...(authentication &&
      credentials !== undefined && {
        sasl: {
          mechanism: authentication.mechanism,
          username: value(credentials, 'username'),
          password: value(credentials, 'password'),
        },
      }),
  };
}
