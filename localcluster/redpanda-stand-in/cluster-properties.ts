export type Properties = Readonly<Record<string, unknown>>;

/** A property of which brokers take a change only at their next start. */
export const restartProperty = 'log_segment_size_jitter_percent';

/** Cluster properties that the stand-in knows, with Redpanda's values for them. */
export const defaultProperties: Properties = {
  auto_create_topics_enabled: false,
  cloud_storage_secret_key: null,
  core_balancing_continuous: true,
  default_topic_replications: 1,
  enable_sasl: false,
  internal_topic_replication_factor: 3,
  kafka_nodelete_topics: [],
  kafka_enable_authorization: null,
  log_segment_size: 134217728,
  minimum_topic_replications: 1,
  partition_autobalancing_mode: 'continuous',
  retention_bytes: null,
  storage_min_free_bytes: 5368709120,
  superusers: [],
  [restartProperty]: 5,
};

/** Brokers never show these once they are set. */
const secretProperties = new Set(['cloud_storage_secret_key']);

export function shown(properties: Properties): Properties {
  const entries = Object.entries(properties).map(([name, value]) => {
    return [name, secretProperties.has(name) && value !== null ? '[secret]' : value] as const;
  });
  return Object.fromEntries(entries);
}

const replications = /_replications$|_replication_factor$/;

/** @returns why brokers refuse each of these that they refuse, by name */
export function refusals(properties: Properties): Record<string, string> {
  const refused = Object.entries(properties).flatMap(([name, value]) => {
    const why = whyRefused(name, value);
    return why === undefined ? [] : [[name, why] as const];
  });
  return Object.fromEntries(refused);
}

function whyRefused(name: string, value: unknown): string | undefined {
  if (!(name in defaultProperties)) return 'Unknown property';
  if (replications.test(name) && Number(value) % 2 === 0) return 'must be an odd number';
  if (Array.isArray(defaultProperties[name]) && !Array.isArray(value))
    return `expected type array, not ${String(value)}`;
  if (secretProperties.has(name) && typeof value !== 'string') return `expected type string, not ${String(value)}`;
  return typeof defaultProperties[name] === 'number' && typeof value === 'string' ? 'expected type integer' : undefined;
}
