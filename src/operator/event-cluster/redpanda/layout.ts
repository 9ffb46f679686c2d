/** Redpanda's usual numbers; kafka is at 9092, not the chart's 9093, as with engine Kafka: clients need not care. */
export const redpandaPorts = { admin: 9644, proxy: 8082, registry: 8081, rpc: 33145 } as const;

export const dataFolder = '/var/lib/redpanda/data';
/** Where `rpk` and the broker look for their configuration, and write to it. */
export const configFolder = '/etc/redpanda';
/** Where certificates and keys are mounted. */
export const tlsFolder = '/etc/redpanda-tls';
/** Where the ConfigMap is mounted. */
export const sourceFolder = '/etc/kafka-events';
