/** The name and namespace of an EventCluster, which everything it is made of is named after. */
export interface ClusterName {
  readonly name: string;
  readonly namespace: string;
}

/** Ports of the brokers, the same for both engines; they are also the names of the ports. */
export const ports = { kafka: 9092, external: 9094 } as const;

export const component = 'event-cluster';
export const dataVolume = 'data';

/** The headless service behind the brokers' own names. */
export const brokersServiceName = (cluster: ClusterName) => `${cluster.name}-brokers`;
export const externalServiceName = (cluster: ClusterName, index: number) => `${cluster.name}-${index}-external`;
export const configMapName = (cluster: ClusterName) => `${cluster.name}-brokers`;
export const claimName = (cluster: ClusterName, index: number) => `${dataVolume}-${podName(cluster, index)}`;
export const podName = (cluster: ClusterName, index: number) => `${cluster.name}-${index}`;

/** Each broker's own name, which it keeps for life. */
export const brokerHost = (cluster: ClusterName, index: number) => hostOfPod(cluster, podName(cluster, index));

/**
 * The same of a pod whose name something else puts in: a shell, or the kubelet. Redpanda compares it with the seeds as
 * text, so both are made here. It has dots enough to be looked up as it is, before the pod's search domains.
 */
export const hostOfPod = (cluster: ClusterName, pod: string) =>
  `${pod}.${brokersServiceName(cluster)}.${cluster.namespace}.svc.cluster.local`;

/** What clients inside the Kubernetes cluster begin with. */
export const bootstrapServers = ({ name, namespace }: ClusterName) =>
  `${name}.${namespace}.svc.cluster.local:${ports.kafka}`;

/** 0, 1, ... one for each broker: pods and volumes are numbered so. */
export const indexes = (brokers: number) => Array.from({ length: brokers }, (_, index) => index);
