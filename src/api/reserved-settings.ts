/** Settings that brokers have from the operator, which hang together with what it makes: `config` cannot set them. */
interface Reserved {
  readonly settings: readonly string[];
  /** What sets them, or what to do instead. */
  readonly instead: string;
}

const kafka: readonly Reserved[] = [
  {
    settings: [
      'node.id',
      'broker.id',
      'process.roles',
      'controller.quorum.voters',
      'controller.quorum.bootstrap.servers',
      'controller.quorum.auto.join.enable',
    ],
    instead: 'kafka-events sets them by the number of each pod: use brokers for how many there are',
  },
  {
    settings: [
      'listeners',
      'advertised.listeners',
      'early.start.listeners',
      'listener.security.protocol.map',
      'controller.listener.names',
      'inter.broker.listener.name',
      'security.inter.broker.protocol',
    ],
    instead: 'kafka-events sets them: use externalAccess for a listener that is reached from outside',
  },
  {
    settings: ['log.dir', 'log.dirs', 'metadata.log.dir'],
    instead: 'data is kept on the volume of each broker: use storage',
  },
];

/** Settings that `security` is made of, for a cluster that has it; the rest of `ssl.*`, such as ciphers, is the user's. */
const ofSecurity =
  '^(authorizer[.]class[.]name|super[.]users|allow[.]everyone[.]if[.]no[.]acl[.]found|principal[.]builder[.]class|' +
  '(listener[.]name|sasl|ssl[.](keystore|truststore|key|client|principal|endpoint))[.].*)$';

const isOpen = 'has(self.security) && !self.security.tls.enabled && !self.security.authentication.enabled';

const redpanda: readonly Reserved[] = [
  {
    settings: [
      'node_id',
      'node_id_overrides',
      'rack',
      'seed_servers',
      'empty_seed_starts_cluster',
      'rpc_server',
      'rpc_server_tls',
      'advertised_rpc_api',
    ],
    instead: 'they are properties of one broker, which kafka-events sets: use brokers for how many there are',
  },
  {
    settings: ['kafka_api', 'kafka_api_tls', 'advertised_kafka_api', 'admin', 'admin_api_tls', 'admin_api_doc_dir'],
    instead: 'kafka-events sets them: use externalAccess for a listener that is reached from outside',
  },
  {
    settings: ['data_directory', 'cloud_storage_cache_directory'],
    instead: 'data is kept on the volume of each broker: use storage',
  },
  {
    settings: [
      'developer_mode',
      'crash_loop_limit',
      'crash_loop_sleep_sec',
      'recovery_mode_enabled',
      'fips_mode',
      'upgrade_override_checks',
      'verbose_logging_timeout_sec_max',
    ],
    instead: 'they are properties of one broker, which kafka-events sets: leave them out',
  },
  {
    settings: [
      'enable_sasl',
      'kafka_enable_authorization',
      'superusers',
      'kafka_mtls_principal_mapping_rules',
      'admin_api_require_auth',
    ],
    instead: 'kafka-events sets who may do what, and could lock itself out: use security',
  },
];

const names = (reserved: readonly Reserved[]) => reserved.flatMap(({ settings }) => settings);

export const reservedSettings = { kafka: names(kafka), redpanda: names(redpanda) };

/** Where settings are given, and their names there. */
const sources = [
  { field: 'config', names: 'self.config' },
  { field: 'configFrom', names: 'self.configFrom.map(entry, entry.name)' },
];

/** Rules for the spec of an EventCluster. */
export const reservedSettingsRules = [
  ...kafka.flatMap((reserved) => rulesFor('Kafka', reserved)),
  ...redpanda.flatMap((reserved) => rulesFor('Redpanda', reserved)),
  ...sources.map(({ field, names: given }) => ({
    rule: `self.engine != 'Kafka' || (${isOpen}) || !has(self.${field}) || !${given}.exists(name, name.matches('${ofSecurity}'))`,
    message:
      `${field} cannot have settings of listeners, TLS, SASL and the authorizer beside security, which sets them: ` +
      `remove them from ${field}, or set enabled to false in security.tls and security.authentication`,
    fieldPath: `.${field}`,
  })),
];

function rulesFor(engine: 'Kafka' | 'Redpanda', { settings, instead }: Reserved) {
  return sources.map(({ field, names: given }) => ({
    rule: `self.engine != '${engine}' || !has(self.${field}) || !${given}.exists(name, name in ${celList(settings)})`,
    message: `${field} (engine ${engine}) cannot have ${settings.join(', ')}: ${instead}`,
    fieldPath: `.${field}`,
  }));
}

function celList(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text}'`).join(', ')}]`;
}
