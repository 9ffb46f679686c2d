export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

/** How to reach a Kafka cluster, and as whom. */
export interface KafkaConnection {
  /** host:port of some of its brokers; any of them tells the rest. */
  readonly bootstrapServers: readonly string[];
  /** What brokers call this client in their logs and metrics. */
  readonly clientId: string;
  /** Speak TLS; all is PEM, and the system's authorities count when `ca` is left out. */
  readonly tls?: {
    readonly ca?: string;
    readonly clientCertificate?: { readonly certificate: string; readonly privateKey: string };
  };
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string };
}
