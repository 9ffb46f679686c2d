/** The parts of redpanda.yaml that the stand-in for Redpanda goes by. */
export interface RedpandaYaml {
  readonly redpanda: {
    readonly data_directory: string;
    readonly empty_seed_starts_cluster: boolean;
    readonly crash_loop_limit?: number;
    readonly seed_servers: readonly { readonly host: Address }[];
    readonly kafka_api: readonly KafkaApi[];
    readonly kafka_api_tls?: readonly Tls[];
    readonly advertised_kafka_api?: readonly NamedAddress[];
    readonly admin: readonly NamedAddress[];
    readonly admin_api_tls?: readonly Tls[];
    readonly rpc_server: Address;
    readonly rpc_server_tls?: Tls;
    readonly advertised_rpc_api?: Address;
  };
  readonly rpk?: { readonly overprovisioned?: boolean; readonly additional_start_flags?: readonly string[] };
}

export interface Address {
  readonly address: string;
  readonly port: number;
}

interface NamedAddress extends Address {
  readonly name?: string;
}

export interface KafkaApi extends NamedAddress {
  readonly authentication_method?: 'none' | 'sasl' | 'mtls_identity';
}

export interface Tls {
  readonly name?: string;
  readonly enabled: boolean;
  readonly cert_file: string;
  readonly key_file: string;
  readonly truststore_file: string;
  readonly require_client_auth: boolean;
}

const address = ['address', 'port'];
const tls = ['enabled', 'cert_file', 'key_file', 'truststore_file', 'require_client_auth'];
const api = ['name', ...address, 'authentication_method'];
const client = { brokers: address, broker_tls: tls };

/** Properties that Redpanda's reference of broker properties has, as far as the operator uses them, and the keys within. */
const known: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  redpanda: {
    data_directory: [],
    empty_seed_starts_cluster: [],
    crash_loop_limit: [],
    seed_servers: ['host'],
    kafka_api: api,
    advertised_kafka_api: ['name', ...address],
    advertised_rpc_api: address,
    kafka_api_tls: ['name', ...tls],
    admin: ['name', ...address],
    admin_api_tls: ['name', ...tls],
    rpc_server: address,
    rpc_server_tls: tls,
  },
  pandaproxy: {
    pandaproxy_api: api,
    pandaproxy_api_tls: ['name', ...tls],
    advertised_pandaproxy_api: ['name', ...address],
  },
  pandaproxy_client: client,
  schema_registry: { schema_registry_api: api, schema_registry_api_tls: ['name', ...tls] },
  schema_registry_client: client,
  rpk: {
    overprovisioned: [],
    additional_start_flags: [],
    kafka_api: ['brokers', 'tls'],
    admin_api: ['addresses', 'tls'],
  },
};

/**
 * Refuses what Redpanda would not start with, or would silently go on without: names that it does not know, TLS or an
 * address for a listener that is not there, and a listener that knows its clients by certificates and asks for none.
 *
 * @throws {Error}
 */
export function refuseUnknown(yaml: object): void {
  for (const [section, properties] of Object.entries(yaml as Record<string, Record<string, unknown>>)) {
    for (const [name, value] of Object.entries(properties)) {
      const keys = known[section]?.[name];
      if (!keys) throw new Error(`Unknown property ${section}.${name}`);
      for (const item of [value].flat()) {
        const unknown = typeof item === 'object' && Object.keys(item as object).find((key) => !keys.includes(key));
        if (unknown) throw new Error(`Unknown property ${section}.${name}.${unknown}`);
      }
    }
    for (const [name, value] of Object.entries(properties)) {
      const listeners = properties[name.replace(/(_api)?_tls$/, '$1')] ?? properties[name.replace(/_api_tls$/, '')];
      if (name.endsWith('_tls') && Array.isArray(value)) refuseStrays('TLS', value as Tls[], listeners as KafkaApi[]);
    }
  }
  const { kafka_api, kafka_api_tls = [], advertised_kafka_api = [] } = (yaml as RedpandaYaml).redpanda;
  refuseStrays('an address', advertised_kafka_api, kafka_api);
  for (const { name, authentication_method } of kafka_api) {
    const asks = kafka_api_tls.some((entry) => entry.name === name && entry.enabled && entry.require_client_auth);
    if (authentication_method === 'mtls_identity' && !asks)
      throw new Error(`${name}: mtls_identity without mutual TLS`);
    if (!['none', 'sasl', 'mtls_identity', undefined].includes(authentication_method))
      throw new Error(`${name}: unknown authentication_method ${authentication_method}`);
  }
}

interface Named {
  readonly name?: string;
}

function refuseStrays(what: string, entries: readonly Named[], listeners: readonly Named[]): void {
  const stray = entries.find((entry) => !listeners.some(({ name }) => name === entry.name));
  if (stray) throw new Error(`${what} for listener ${stray.name}, which is not there`);
}

/** Every file that is named anywhere. */
export function filesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key.endsWith('_file') ? [String(inner)] : filesOf(inner)));
}
