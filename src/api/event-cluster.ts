import { z } from 'zod';
import type { Resource } from '../lib/kubernetes-object.ts';
import { reservedSettingsRules } from './reserved-settings.ts';
import { apiVersion, rules, serviceNameRule, wasSeen, type KindDefinition, type ValidationRule } from './resource.ts';
import {
  config,
  hostAndPorts,
  image,
  objectName,
  podTemplate,
  printerColumns,
  resources,
  secretKeyRef,
  secretRef,
  statusBase,
} from './shared.ts';

const volumeSize = z
  .string()
  .max(32)
  .regex(/^[0-9]+(\.[0-9]+)?([KMGTPE]i|[kMGTPE])?$/);

const storage = z
  .object({
    size: volumeSize.default('20Gi').meta({
      description: "Size of each broker's volume; once volumes exist, it can only grow.",
    }),
    maxSize: volumeSize.optional().meta({
      description:
        'Up to which size a volume grows by itself, by a quarter whenever less than 15 % of it is left, where its StorageClass allows it (allowVolumeExpansion). It does not grow by itself when left out.',
    }),
    storageClassName: z
      .string()
      .max(253)
      .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/)
      .optional()
      .meta({ description: 'Storage class of the volumes. Defaults to the default storage class.' }),
    reclaimPolicy: z
      .enum(['Retain', 'Delete'])
      .default('Retain')
      .meta({ description: 'What happens to the volumes when the EventCluster is deleted.' }),
  })
  .prefault({})
  .meta({
    description: 'The volume of each broker.',
    ...rules(
      {
        rule: "!has(self.size) || quantity(self.size).compareTo(quantity('64Mi')) >= 0",
        message: 'size must be at least 64Mi, with which a broker can start: mind the unit',
        fieldPath: '.size',
      },
      {
        rule: '!has(self.maxSize) || quantity(self.maxSize).compareTo(quantity(self.size)) >= 0',
        message: 'maxSize must not be less than size',
        fieldPath: '.maxSize',
      },
    ),
  });

const configFrom = z
  .array(
    z.object({
      name: z
        .string()
        .min(1)
        .max(253)
        .regex(/^[A-Za-z][A-Za-z0-9._-]*$/)
        .meta({ description: "Name of the property, by the engine's own names." }),
      valueFrom: z
        .object({
          secretKeyRef: z
            .object({
              name: objectName.meta({ description: 'Name of a Secret in the same namespace.' }),
              key: z
                .string()
                .min(1)
                .max(253)
                .regex(/^[-._a-zA-Z0-9]+$/)
                .meta({ description: 'Key in the Secret that holds the value.' }),
            })
            .meta({ description: 'Key of a Secret.' }),
        })
        .meta({ description: 'Where the value is.' }),
    }),
  )
  .max(64)
  .meta({
    description:
      'Cluster properties whose values are in Secrets, such as passwords. A changed Secret takes effect by itself: Kafka brokers are rolled, Redpanda is told. Values appear in no status, Event, log of the operator, or ConfigMap.',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
  });

const external = z
  .object({
    bootstrapServers: hostAndPorts.meta({ description: 'Bootstrap servers, as comma-separated host:port.' }),
  })
  .meta({ description: 'Brokers that the operator does not run (engine External).' });

const tls = z
  .object({
    caSecretRef: secretKeyRef('ca.crt')
      .optional()
      .meta({ description: "Secret with the CA that signed the brokers' certificates. Defaults to the public CAs." }),
  })
  .meta({ description: 'Use TLS to connect to the brokers (engine External).' });

const authentication = z
  .object({
    mechanism: z.enum(['SCRAM-SHA-256', 'SCRAM-SHA-512', 'PLAIN']).meta({ description: 'SASL mechanism.' }),
    credentialsSecretRef: secretRef.meta({ description: 'Secret with the keys `username` and `password`.' }),
  })
  .meta({ description: 'How to authenticate to the brokers (engine External).' });

const certificates = z
  .object({
    secretRef: secretRef.optional().meta({
      description:
        'Secret with the keys `tls.crt`, `tls.key` and `ca.crt`: the certificate that brokers present to clients, and the CA that clients verify it with. The certificate must cover the names of the Services and the host of externalAccess.',
    }),
    issuerRef: z
      .object({
        name: objectName.meta({ description: 'Name of the issuer.' }),
        kind: z
          .string()
          .max(63)
          .regex(/^[A-Z][A-Za-z0-9]*$/)
          .default('Issuer')
          .meta({ description: 'Issuer, ClusterIssuer, or the kind of an external issuer.' }),
        group: z.string().max(253).default('cert-manager.io').meta({ description: 'API group of the kind.' }),
      })
      .optional()
      .meta({
        description:
          'cert-manager issuer that signs the certificate. The operator creates a Certificate with the required names. The issuer must provide `ca.crt`.',
      }),
  })
  .meta({
    description:
      'Certificates that brokers present to clients. If omitted, the operator issues them from a CA that it creates for the cluster.',
    ...rules({
      rule: 'has(self.secretRef) != has(self.issuerRef)',
      message: 'certificates are either from secretRef or from issuerRef: set exactly one of them',
    }),
  });

const security = z
  .object({
    tls: z
      .object({
        enabled: z.boolean().default(true).meta({ description: 'Whether clients must use TLS.' }),
        certificates: certificates.optional(),
      })
      .prefault({})
      .meta({ description: 'TLS of the client listeners.' }),
    authentication: z
      .object({
        enabled: z.boolean().default(true).meta({
          description:
            'Whether clients must authenticate with SCRAM-SHA-512. If so, each user may do only what an ACL allows.',
        }),
        clientCertificates: z
          .object({
            caSecretRef: secretKeyRef('ca.crt').meta({
              description:
                'Secret with the CA that signs the certificates of clients, in PEM; more than one may be in it.',
            }),
          })
          .optional()
          .meta({
            description:
              'Adds a listener on port 9097 for clients that authenticate with a certificate, which are EventUsers of type Tls (engine Kafka). It can be added and removed at any time.',
          }),
      })
      .prefault({})
      .meta({ description: 'Authentication of clients.' }),
  })
  .meta({
    description:
      'What brokers that the operator runs require of clients. Both parts are enabled by default. If either is enabled, brokers, controllers and the operator use mutual TLS among themselves. Once brokers exist, security can only be enabled, and only with engine Kafka.',
  });

const externalAccess = z
  .object({
    host: z
      .string()
      .min(1)
      .max(253)
      .regex(/^([A-Za-z0-9-]*\{broker\}[A-Za-z0-9-]*\.)?[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/)
      .meta({
        description:
          'Host name or address at which the brokers are reached from outside. {broker} in the first part of a name stands for the number of a broker, as in broker-{broker}.example.com.',
      }),
    firstPort: z
      .int()
      .min(1)
      .max(65535)
      .meta({ description: 'Port of broker 0; broker i is advertised at firstPort + i.' }),
    firstNodePort: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .meta({ description: 'Creates a NodePort Service for each broker: broker i is at firstNodePort + i.' }),
    loadBalancer: z
      .object({
        className: z.string().min(1).max(253).optional().meta({ description: 'loadBalancerClass of the Services.' }),
        sourceRanges: z
          .array(z.string().max(64))
          .min(1)
          .max(64)
          .optional()
          .meta({ description: 'loadBalancerSourceRanges of the Services: who may connect, in CIDR notation.' }),
        annotations: z.record(z.string().max(317), z.string().max(1024)).optional().meta({
          description:
            'Annotations of the Services; {broker} stands for the number of a broker. Use them to choose the address, or the name for external-dns.',
        }),
      })
      .optional()
      .meta({
        description:
          'Creates a LoadBalancer Service for each broker: broker i is at port firstPort + i. `host` must contain {broker} and resolve to the address of that load balancer, through external-dns or your own DNS records.',
      }),
  })
  .meta({
    description: 'A second listener for clients outside the Kubernetes cluster.',
    ...rules(
      {
        rule: '!has(self.loadBalancer) || !has(self.firstNodePort)',
        message: 'loadBalancer and firstNodePort are two ways in: remove one of them',
        fieldPath: '.firstNodePort',
      },
      {
        rule: "!has(self.loadBalancer) || self.host.contains('{broker}')",
        message:
          'host must have {broker} in it, as in broker-{broker}.example.com: each broker has a load balancer of its own',
        fieldPath: '.host',
      },
      {
        rule: "!self.host.contains(':') || self.host.matches('^[0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F.]*$')",
        message: 'host is a name or an address without a port: firstPort is the port of broker 0',
        fieldPath: '.host',
      },
      {
        rule: "self.host.split('.').all(part, size(part) <= 63 && !part.startsWith('-') && !part.endsWith('-')) && !self.host.contains('..')",
        message: 'each part of host may have at most 63 characters, and cannot begin or end with a dash',
        fieldPath: '.host',
      },
    ),
  });

const labelSelector = z.object({
  matchLabels: z.record(z.string(), z.string()).optional().meta({ description: 'Labels that a namespace must have.' }),
  matchExpressions: z
    .array(
      z
        .object({
          key: z.string().meta({ description: 'Label key.' }),
          operator: z
            .enum(['In', 'NotIn', 'Exists', 'DoesNotExist'])
            .meta({ description: 'How the label must relate to the values.' }),
          values: z.array(z.string()).max(256).optional().meta({ description: 'Values, for In and NotIn.' }),
        })
        .meta(
          rules({
            rule: "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
            message: 'operators In and NotIn need values, and Exists and DoesNotExist have none',
            fieldPath: '.values',
          }),
        ),
    )
    .max(64)
    .optional()
    .meta({ description: 'Requirements on the labels of a namespace. All must be met.' }),
});

const allowedNamespaces = z
  .object({
    names: z.array(objectName).max(256).optional().meta({ description: 'Names of namespaces.' }),
    selector: labelSelector
      .optional()
      .meta({ description: 'Selects namespaces by their labels; an empty selector selects all.' }),
  })
  .meta({
    description:
      'Other namespaces whose resources may refer to this cluster, and so use its brokers and credentials. Defaults to none.',
  });

export type AllowedNamespaces = z.infer<typeof allowedNamespaces>;

const defaultMoveBytesPerSecond = 50_000_000;

const rebalance = z
  .object({
    replicas: z.enum(['Stay', 'Spread']).default('Stay').meta({
      description:
        'Whether existing replicas move until all brokers hold about the same number, for example after brokers were added (engine Kafka; Redpanda does this by itself). Stay leaves them where they are. New topics use all brokers either way.',
    }),
    throttleBytesPerSecond: z.int().min(0).default(defaultMoveBytesPerSecond).meta({
      description:
        'Maximum bytes per second that each broker sends, and receives, for replicas that move; 0 means no limit.',
    }),
  })
  .meta({ description: 'Whether and how fast replicas move between brokers.' });

const rack = z
  .object({
    topologyKey: z
      .enum(['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'])
      .default('topology.kubernetes.io/zone')
      .meta({ description: 'Label of nodes that says which rack a broker is in.' }),
  })
  .meta({
    description:
      'Rack awareness: brokers learn the zone, or region, of their node, and keep the replicas of a partition in different ones. Kubernetes copies these labels from nodes to pods from 1.35 on.',
  });

/** Most bytes a second that moves of replicas may take of a broker; 0 for no limit. */
export const moveBytesPerSecond = ({
  rebalance: given,
}: {
  readonly rebalance?: z.infer<typeof rebalance> | undefined;
}): number => given?.throttleBytesPerSecond ?? defaultMoveBytesPerSecond;

/** A default of the schema would hide whether the field was given, which engine External does not allow. */
const defaultBrokers = 3;

/** How many brokers a spec asks for. */
export const brokersOf = ({ brokers = defaultBrokers }: { readonly brokers?: number | undefined }): number => brokers;

const brokersInRule = `(has(self.brokers) ? self.brokers : ${defaultBrokers})`;

const portRule = (field: 'firstPort' | 'firstNodePort'): ValidationRule => ({
  rule: `!has(self.externalAccess) || !has(self.externalAccess.${field}) || self.externalAccess.${field} + ${brokersInRule} - 1 <= 65535`,
  message: `externalAccess.${field} + brokers - 1 must be at most 65535: each broker has a port of its own`,
  fieldPath: `.externalAccess.${field}`,
});

/** Of a cluster that somebody else runs, these would be ignored. */
const onlyForOurs = (
  ['version', 'image', 'config', 'configFrom', 'resources', 'podTemplate', 'rebalance', 'rack'] as const
).map((field) => ({
  rule: `self.engine != 'External' || !has(self.${field})`,
  message: `${field} is for brokers that kafka-events runs: remove it where engine is External`,
  fieldPath: `.${field}`,
}));

const spec = z
  .object({
    engine: z.enum(['Redpanda', 'Kafka', 'External']).default('Redpanda').meta({
      description:
        'What the brokers are: Redpanda, Kafka (Apache Kafka in KRaft mode), or External for a cluster that the operator does not run.',
    }),
    brokers: z
      .int()
      .min(1)
      .max(99)
      .optional()
      .meta({ description: `Number of brokers. Defaults to ${defaultBrokers}.` }),
    version: z
      .string()
      .min(1)
      .max(64)
      .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*$/)
      .optional()
      .meta({
        description:
          "Version of the brokers, as a tag of the engine's image, such as v26.2.1. Redpanda can be upgraded by one feature release at a time.",
      }),
    image: image.optional(),
    storage,
    resources: resources.optional(),
    config: config.optional().meta({
      description:
        "Cluster properties, by the engine's own names. Properties that are omitted or null keep the broker's value. Lists are text: a,b for Kafka, [a, b] for Redpanda.",
    }),
    configFrom: configFrom.optional(),
    external: external.optional(),
    tls: tls.optional(),
    authentication: authentication.optional(),
    security: security.optional(),
    externalAccess: externalAccess.optional(),
    podTemplate: podTemplate.optional(),
    allowedNamespaces: allowedNamespaces.optional(),
    rebalance: rebalance.optional(),
    rack: rack.optional(),
  })
  .meta({
    description: 'Desired state of the event cluster.',
    ...rules(
      {
        rule: "self.engine != 'External' || has(self.external)",
        message: 'engine External needs external.bootstrapServers: the brokers to connect to',
        fieldPath: '.external',
      },
      {
        rule: "self.engine == 'External' || !has(self.external)",
        message: 'external.bootstrapServers is for engine External only: remove it, or set engine to External',
        fieldPath: '.external',
      },
      {
        rule: "self.engine == 'External' || !has(self.tls)",
        message: 'tls is for engine External only: use security for brokers that kafka-events runs',
        fieldPath: '.tls',
      },
      {
        rule: "self.engine == 'External' || !has(self.authentication)",
        message: 'authentication is for engine External only: use security for brokers that kafka-events runs',
        fieldPath: '.authentication',
      },
      {
        rule: "self.engine != 'External' || !has(self.security)",
        message: 'security is for brokers that kafka-events runs: use tls and authentication where engine is External',
        fieldPath: '.security',
      },
      {
        rule: '!has(self.security) || self.security.tls.enabled || !has(self.security.tls.certificates)',
        message: 'security.tls.certificates is of no use where security.tls.enabled is false: remove it',
        fieldPath: '.security.tls.certificates',
      },
      {
        rule: "!has(self.security) || !has(self.security.authentication.clientCertificates) || (self.engine == 'Kafka' && self.security.tls.enabled && self.security.authentication.enabled)",
        message:
          'security.authentication.clientCertificates needs engine Kafka, and both security.tls.enabled and security.authentication.enabled',
        fieldPath: '.security.authentication.clientCertificates',
      },
      {
        rule: "self.engine != 'External' || !has(self.externalAccess)",
        message: 'externalAccess is for brokers that kafka-events runs: remove it where engine is External',
        fieldPath: '.externalAccess',
      },
      ...onlyForOurs,
      {
        rule: '!has(self.config) || !has(self.configFrom) || !self.configFrom.exists(entry, entry.name in self.config && self.config[entry.name] != null)',
        message: 'config and configFrom both set a property: remove it from one of them',
        fieldPath: '.configFrom',
      },
      {
        rule: "self.engine != 'Kafka' || !has(self.config) || !has(self.configFrom) || !self.config.exists(name, name.startsWith('config.providers'))",
        message: 'config cannot have config.providers beside configFrom, which sets them: remove one of the two',
        fieldPath: '.configFrom',
      },
      portRule('firstPort'),
      portRule('firstNodePort'),
      ...reservedSettingsRules,
    ),
  });

const status = z
  .object({
    ...statusBase,
    bootstrapServers: z.string().optional().meta({ description: 'Bootstrap servers for clients, as host:port.' }),
    clusterId: z.string().optional().meta({ description: 'Cluster id, as assigned by the brokers.' }),
    version: z.string().optional().meta({ description: 'Version that is running.' }),
    brokers: z
      .object({
        desired: z.int().meta({ description: 'Desired number of brokers.' }),
        ready: z.int().meta({ description: 'Number of brokers that respond.' }),
      })
      .optional()
      .meta({ description: 'Numbers of brokers.' }),
    security: z
      .object({
        tls: z.boolean().meta({ description: 'Whether clients must use TLS.' }),
        authentication: z.boolean().meta({ description: 'Whether clients must authenticate.' }),
        move: z.enum(['AddListeners', 'MoveClients', 'RemoveListeners', 'Moved']).optional().meta({
          description:
            'Progress of securing brokers that were created without security: closed listeners are added beside the open ones, brokers and workloads move to them, and the open ones are removed.',
        }),
      })
      .optional()
      .meta({ description: 'What brokers require of clients.' }),
    controllerId: z.int().optional().meta({ description: 'Id of the current controller.' }),
    underReplicatedPartitions: z
      .int()
      .optional()
      .meta({ description: 'Number of partitions with fewer in-sync replicas than configured.' }),
  })
  .meta({ description: 'Observed state.' });

export type EventCluster = Resource<z.infer<typeof spec>, z.infer<typeof status>>;

/** Whom certificates are asked of. */
export type CertificateIssuer = NonNullable<z.infer<typeof certificates>['issuerRef']>;

/** What brokers ask of clients. */
export type BrokerSecurity = NonNullable<z.infer<typeof status>['security']>;

/** Earlier releases filled `brokers` in, so it may stay where it is, and may not be set anew. */
const brokersOfOthers = {
  message: 'brokers is for brokers that kafka-events runs: remove it where engine is External',
  fieldPath: '.spec.brokers',
};
const hasNoBrokers = "self.spec.engine != 'External' || !has(self.spec.brokers)";

/** Volumes exist, or may: the operator says where clients begin as soon as it has made the brokers. */
const nothingMade = '!has(oldSelf.status) || !has(oldSelf.status.bootstrapServers)';
const sameSecurity =
  'has(self.spec.security) == has(oldSelf.spec.security) && (!has(self.spec.security) || (self.spec.security.tls == oldSelf.spec.security.tls && self.spec.security.authentication.enabled == oldSelf.spec.security.authentication.enabled))';
const namesCertificates = (self: string) => `has(${self}.spec.security) && has(${self}.spec.security.tls.certificates)`;
/** The security that the brokers were made with, spelled out or left out: neither asks for a change. */
const securityAsMade = `has(oldSelf.status.security) && !(${namesCertificates('self')}) && !(${namesCertificates('oldSelf')}) && (!has(self.spec.security) || (self.spec.security.tls.enabled == oldSelf.status.security.tls && self.spec.security.authentication.enabled == oldSelf.status.security.authentication))`;
/** Open brokers can become closed; only Apache Kafka can have both kinds of listeners for a while. */
const canBecomeClosed =
  "self.spec.engine == 'Kafka' && has(oldSelf.status.security) && !oldSelf.status.security.tls && !oldSelf.status.security.authentication";
/** Of a cluster that somebody else runs, nothing can hang on it before it has answered. */
const nothingThere = `${nothingMade} || (oldSelf.spec.engine == 'External' && !has(oldSelf.status.clusterId))`;

export const eventCluster = {
  apiVersion,
  kind: 'EventCluster',
  plural: 'eventclusters',
  shortName: 'ec',
  description: 'A cluster of event brokers: Redpanda, Apache Kafka, or one that somebody else runs.',
  spec,
  status,
  rules: [
    {
      rule: 'size(self.metadata.name) <= 44',
      message: 'the name may have at most 44 characters: names of pods and services are made from it',
    },
    serviceNameRule,
    { rule: `${hasNoBrokers} || ${wasSeen}`, ...brokersOfOthers },
    {
      rule: `${hasNoBrokers} || (has(oldSelf.spec.brokers) && self.spec.brokers == oldSelf.spec.brokers)`,
      ...brokersOfOthers,
    },
    {
      rule: `${nothingThere} || self.spec.engine == oldSelf.spec.engine`,
      message: 'engine cannot be changed once brokers exist: create a new EventCluster',
      fieldPath: '.spec.engine',
    },
    {
      rule: `${nothingMade} || quantity(self.spec.storage.size).compareTo(quantity(oldSelf.spec.storage.size)) >= 0`,
      message: 'storage.size can only grow once volumes exist: Kubernetes cannot shrink a volume',
      fieldPath: '.spec.storage.size',
    },
    {
      rule: `${nothingMade} || (has(self.spec.storage.storageClassName) == has(oldSelf.spec.storage.storageClassName) && (!has(self.spec.storage.storageClassName) || self.spec.storage.storageClassName == oldSelf.spec.storage.storageClassName))`,
      message: 'storage.storageClassName cannot be changed once volumes exist: create a new EventCluster',
      fieldPath: '.spec.storage.storageClassName',
    },
    {
      rule: `${nothingMade} || (${sameSecurity}) || (${securityAsMade}) || (${canBecomeClosed})`,
      message:
        'security cannot be changed once brokers exist, except that open brokers of engine Kafka can become closed: create a new EventCluster',
      fieldPath: '.spec.security',
    },
  ],
  printerColumns: printerColumns(
    [
      { name: 'Engine', type: 'string', jsonPath: '.spec.engine', description: 'Engine of the brokers.' },
      { name: 'Brokers', type: 'integer', jsonPath: '.status.brokers.ready', description: 'Brokers that respond.' },
      { name: 'Version', type: 'string', jsonPath: '.status.version', description: 'Version that is running.' },
    ],
    [
      {
        name: 'Desired',
        type: 'integer',
        jsonPath: '.status.brokers.desired',
        description: 'Desired number of brokers.',
      },
      {
        name: 'Under-Replicated',
        type: 'integer',
        jsonPath: '.status.underReplicatedPartitions',
        description: 'Partitions with too few in-sync replicas.',
      },
      {
        name: 'Bootstrap',
        type: 'string',
        jsonPath: '.status.bootstrapServers',
        description: 'Bootstrap servers for clients.',
      },
    ],
  ),
} as const satisfies KindDefinition;
