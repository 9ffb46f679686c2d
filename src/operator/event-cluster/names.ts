/** The name and namespace of an EventCluster, which everything it is made of is named after. */
export interface ClusterName {
  readonly name: string;
  readonly namespace: string;
}

/** Ports of the brokers, the same for both engines; they are also the names of the ports. */
export const ports = { kafka: 9092, external: 9094 } as const;
/** Where a cluster with security speaks Kafka with the operator, and with engine Kafka among its brokers, too. */
export const replicationPort = 9091;

/**
 * Of brokers that were made open, and are closed, or on their way: the closed listeners for clients and for controllers
 * have ports of their own, since the open ones have the usual ones until they go.
 */
export const movedPorts = { clients: 9095, controllers: 9096 } as const;

/** For clients that prove by a certificate who they are (engine Kafka). */
export const clientCertificatesPort = 9097;

export const component = 'event-cluster';
export const dataVolume = 'data';

/** The headless service behind the brokers' own names. */
export const brokersServiceName = (cluster: ClusterName) => `${cluster.name}-brokers`;
export const externalServiceName = (cluster: ClusterName, index: number) => `${cluster.name}-${index}-external`;
export const configMapName = (cluster: ClusterName) => `${cluster.name}-brokers`;
export const claimName = (cluster: ClusterName, index: number) => `${dataVolume}-${podName(cluster, index)}`;
export const claimKey = (cluster: ClusterName, index: number) => ({
  namespace: cluster.namespace,
  name: claimName(cluster, index),
});
export const podName = (cluster: ClusterName, index: number) => `${cluster.name}-${index}`;

/** Each broker's own name, which it keeps for life. */
export const brokerHost = (cluster: ClusterName, index: number) => hostOfPod(cluster, podName(cluster, index));

/**
 * The same of a pod whose name something else puts in: a shell, or the kubelet. Redpanda compares it with the seeds as
 * text, so both are made here. It has dots enough to be looked up as it is, before the pod's search domains.
 */
export const hostOfPod = (cluster: ClusterName, pod: string) =>
  `${pod}.${brokersServiceName(cluster)}.${cluster.namespace}.svc.cluster.local`;

/**
 * Where a broker is reached from outside.
 *
 * @param index of its pod, or what a shell makes it of
 */
export const externalHost = (host: string, index: number | string) => host.replaceAll('{broker}', String(index));

/** What clients inside the Kubernetes cluster begin with. */
export const bootstrapServers = ({ name, namespace }: ClusterName, port: number = ports.kafka) =>
  `${name}.${namespace}.svc.cluster.local:${port}`;

/** What the operator begins with where brokers have security: a listener that no client may use. */
export const internalBootstrapServers = ({ name, namespace }: ClusterName) =>
  `${name}.${namespace}.svc.cluster.local:${replicationPort}`;

/** The Certificate that cert-manager is asked for, and the Secret that it is put into. */
export const clientsCertificateName = ({ name }: Pick<ClusterName, 'name'>) => `${name}-clients-tls`;

/** Secrets that the operator makes for a cluster with security, each with its keys. */
export const secretNames = ({ name }: Pick<ClusterName, 'name'>) => ({
  /** ca.crt, ca.key: the authority of the cluster. Only the operator reads it. */
  authority: { name: `${name}-ca-key` },
  /** ca.crt: what clients verify brokers with. */
  clientsCa: { name: `${name}-ca` },
  /** What the pods of the brokers mount. */
  brokers: { name: `${name}-brokers-tls` },
  /** tls.crt, tls.key, ca.crt: how the operator connects. */
  operator: { name: `${name}-operator-tls` },
});

/** 0, 1, ... one for each broker: pods and volumes are numbered so. */
export const indexes = (brokers: number) => Array.from({ length: brokers }, (_, index) => index);
