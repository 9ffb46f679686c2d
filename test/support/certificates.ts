import type { V1Secret } from '@kubernetes/client-node';
import type { KafkaConnection } from '../../src/kafka/connection.ts';
import type { ClusterName } from '../../src/operator/event-cluster/names.ts';
import { rotateCertificates } from '../../src/operator/event-cluster/security/rotate-certificates.ts';
import { brokerHosts, certificateSecrets } from '../../src/operator/event-cluster/security/secrets.ts';
import { anEventCluster } from './resources.ts';

/** What the operator makes for a cluster that is closed to strangers. */
export interface MadeCertificates {
  readonly secrets: readonly V1Secret[];
  /** How the operator itself connects. */
  readonly operator: NonNullable<KafkaConnection['tls']>;
}

export async function makeCertificates(cluster: ClusterName): Promise<MadeCertificates> {
  const hosts = brokerHosts(cluster, anEventCluster().spec);
  const made = await rotateCertificates({}, { hosts, now: new Date(), settled: false, rotation: '' });
  const ca = made.trusted.join('\n');
  return {
    secrets: certificateSecrets(cluster, made, { pair: made.brokers, ca }),
    operator: { ca, clientCertificate: made.operator },
  };
}
