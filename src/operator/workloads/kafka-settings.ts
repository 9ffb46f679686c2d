import type { V1EnvVar, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import type { ClientAccess } from '../brokers/client-access.ts';

/** What a pod needs to be a client of an event cluster. */
export interface ClientSettings {
  readonly environment: readonly V1EnvVar[];
  readonly volumes: readonly V1Volume[];
  readonly volumeMounts: readonly V1VolumeMount[];
}

const caFolder = '/etc/kafka-events/kafka';

/** Secrets are named, never read: the kubelet brings their values to the pod. */
export function clientSettings({ tls, authentication }: ClientAccess, bootstrapServers: string): ClientSettings {
  const protocol = `${authentication ? 'SASL_' : ''}${tls ? 'SSL' : 'PLAINTEXT'}`;
  const ca = tls?.caSecretRef;
  return {
    environment: [
      { name: 'KAFKA_BOOTSTRAP_SERVERS', value: bootstrapServers },
      { name: 'KAFKA_SECURITY_PROTOCOL', value: protocol },
      ...(authentication ? saslVariables(authentication) : []),
      ...(ca ? [{ name: 'KAFKA_CA_FILE', value: `${caFolder}/ca.crt` }] : []),
    ],
    volumes: ca
      ? [{ name: 'kafka-ca', secret: { secretName: ca.name, items: [{ key: ca.key, path: 'ca.crt' }] } }]
      : [],
    volumeMounts: ca ? [{ name: 'kafka-ca', mountPath: caFolder, readOnly: true }] : [],
  };
}

function saslVariables(authentication: NonNullable<ClientAccess['authentication']>): V1EnvVar[] {
  const { name } = authentication.credentialsSecretRef;
  const credential = (key: string) => ({ valueFrom: { secretKeyRef: { name, key } } });
  return [
    { name: 'KAFKA_SASL_MECHANISM', value: authentication.mechanism },
    { name: 'KAFKA_SASL_USERNAME', ...credential('username') },
    { name: 'KAFKA_SASL_PASSWORD', ...credential('password') },
  ];
}
