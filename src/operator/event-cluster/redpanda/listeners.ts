import { brokerHost, indexes, ports, replicationPort } from '../names.ts';
import type { ClusterPlan, SecurityPlan } from '../plan.ts';
import { brokersSecretKeys as keys } from '../security/secrets.ts';
import { redpandaPorts, tlsFolder } from './layout.ts';

/** A listener of the Kafka API. */
export interface KafkaListener {
  readonly name: 'kafka' | 'external' | 'operator';
  readonly port: number;
}

/**
 * By `kafka` and `external` come clients. `operator` lets in certificates of the cluster's own authority alone: the
 * operator and, with `rpk`, whoever may run a command in the pod of a broker, both as super users.
 */
export function kafkaListeners({ spec, security }: ClusterPlan): KafkaListener[] {
  return [
    { name: 'kafka', port: ports.kafka },
    ...(spec.externalAccess ? [{ name: 'external', port: ports.external } as const] : []),
    ...(security ? [{ name: 'operator', port: replicationPort } as const] : []),
  ];
}

/** In the section `redpanda`: the Kafka API, the admin API and what brokers say among themselves. */
export function brokerListeners(plan: ClusterPlan) {
  const { security } = plan;
  const kafka = kafkaListeners(plan);
  return {
    kafka_api: kafka.map(({ name, port }) => ({ name, ...everywhere(port), ...kafkaAuthentication(name, security) })),
    ...(security && { kafka_api_tls: kafka.flatMap(({ name }) => kafkaTls(name, security)) }),
    admin: [{ ...(security && { name: 'admin' }), ...everywhere(redpandaPorts.admin) }],
    ...(security && { admin_api_tls: [{ name: 'admin', ...mutualTls }] }),
    rpc_server: everywhere(redpandaPorts.rpc),
    ...(security && { rpc_server_tls: mutualTls }),
  };
}

function kafkaAuthentication(name: KafkaListener['name'], security: SecurityPlan | undefined): object {
  if (!security) return {};
  if (name === 'operator') return { authentication_method: 'mtls_identity' };
  return { authentication_method: security.authentication ? 'sasl' : 'none' };
}

function kafkaTls(name: KafkaListener['name'], { tls }: SecurityPlan): object[] {
  if (name === 'operator') return [{ name, ...mutualTls }];
  return tls ? [{ name, ...serverTls }] : [];
}

/** The HTTP proxy and the schema registry take the users and passwords of the Kafka API. */
export function httpSections(plan: ClusterPlan, brokers: number) {
  const { security } = plan;
  const { proxy, registry } = redpandaPorts;
  return {
    pandaproxy: httpApi('pandaproxy_api', 'proxy', proxy, security),
    ...(security?.tls && { pandaproxy_client: kafkaClient(plan, brokers) }),
    schema_registry: httpApi('schema_registry_api', 'registry', registry, security),
    ...(security?.tls && { schema_registry_client: kafkaClient(plan, brokers) }),
  };
}

function httpApi(key: string, name: string, port: number, security: SecurityPlan | undefined): object {
  const authentication = security && { authentication_method: security.authentication ? 'http_basic' : 'none' };
  return {
    [key]: [{ ...(security && { name }), ...everywhere(port), ...authentication }],
    ...(security?.tls && { [`${key}_tls`]: [{ name, ...serverTls }] }),
  };
}

/** Both are clients of the Kafka API themselves. Where it asks for a password, Redpanda gives them one that it makes up. */
function kafkaClient(plan: ClusterPlan, brokers: number): object {
  return {
    brokers: indexes(brokers).map((index) => ({ address: brokerHost(plan, index), port: ports.kafka })),
    broker_tls: serverTls,
  };
}

/** How `rpk` in the pod of a broker connects. */
export function rpkConnections({ security }: ClusterPlan): object {
  if (!security) return {};
  const tls = {
    key_file: file(keys.internalKey),
    cert_file: file(keys.internalCertificate),
    ca_file: file(keys.trusted),
  };
  return {
    kafka_api: { brokers: [`127.0.0.1:${replicationPort}`], tls },
    admin_api: { addresses: [`127.0.0.1:${redpandaPorts.admin}`], tls },
  };
}

/** For curl: the admin API lets in nobody without a certificate. */
export const curlTls = `--cacert ${tlsFolder}/${keys.trusted} --cert ${tlsFolder}/${keys.internalCertificate} --key ${tlsFolder}/${keys.internalKey}`;

/** Beside the keys of the brokers' Secret: what clients verify brokers with. */
export const clientsCa = 'clients-ca.crt';

const file = (name: string) => `${tlsFolder}/${name}`;
const everywhere = (port: number) => ({ address: '0.0.0.0', port });

/** For those who have a certificate of the cluster's own authority. */
const mutualTls = {
  enabled: true,
  cert_file: file(keys.internalCertificate),
  key_file: file(keys.internalKey),
  truststore_file: file(keys.trusted),
  require_client_auth: true,
};

/** For clients. */
const serverTls = {
  enabled: true,
  cert_file: file(keys.clientsCertificate),
  key_file: file(keys.clientsKey),
  truststore_file: file(clientsCa),
  require_client_auth: false,
};
