import type { EventCluster } from '../../api/event-cluster.ts';
import type { KafkaConnection } from '../../kafka/connection.ts';
import { operatorAccess } from './client-access.ts';
import { textOf, type SeenSecret } from './user-secrets.ts';

/** How the operator itself connects to a cluster. The Secrets are those of `clusterSecrets`, and must exist. */
export function kafkaConnection(
  cluster: Pick<EventCluster, 'metadata' | 'spec' | 'status'>,
  bootstrapServers: string,
  secrets: readonly SeenSecret[],
): KafkaConnection {
  const value = (name: string, key: string) =>
    textOf(secrets.find((reference) => reference.name === name)?.secret, key) ?? '';
  const { bootstrapServers: own, tls, authentication } = operatorAccess(cluster);
  const certificate = tls?.certificateSecretRef?.name;
  const credentials = authentication?.credentialsSecretRef.name;
  return {
    bootstrapServers: (own ?? bootstrapServers).split(','),
    clientId: 'kafka-events-operator',
    ...(tls && {
      tls: {
        ...(tls.caSecretRef && { ca: value(tls.caSecretRef.name, tls.caSecretRef.key) }),
        ...(certificate !== undefined && {
          clientCertificate: { certificate: value(certificate, 'tls.crt'), privateKey: value(certificate, 'tls.key') },
        }),
      },
    }),
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
