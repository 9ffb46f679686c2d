import { z } from 'zod';
import type { Condition } from '../lib/kubernetes-object.ts';
import { rules, type PrinterColumn } from './resource.ts';

/** Name of a Kubernetes object of any kind used here. */
export const objectName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** What Kafka takes as a topic's name. */
export const topicName = z
  .string()
  .min(1)
  .max(249)
  .regex(/^[a-zA-Z0-9._-]+$/)
  .meta(rules({ rule: "self != '.' && self != '..'", message: "a topic cannot be called '.' or '..'" }));

export const clusterRef = z
  .object({
    name: objectName.meta({ description: 'Name of the EventCluster.' }),
    namespace: objectName
      .optional()
      .meta({ description: 'Namespace of the EventCluster. Defaults to the namespace of this resource.' }),
  })
  .meta({ description: 'EventCluster that this resource belongs to.' });

export type ClusterRef = z.infer<typeof clusterRef>;

/** A reference to one key of a Secret in the same namespace. */
export const secretKey = (defaultKey: string) => z.string().min(1).max(253).default(defaultKey);

export const secretKeyRef = (defaultKey: string) =>
  z.object({
    name: objectName.meta({ description: 'Name of a Secret in the same namespace.' }),
    key: secretKey(defaultKey).meta({ description: 'Key in the Secret that holds the value.' }),
  });

export const secretRef = z.object({
  name: objectName.meta({ description: 'Name of a Secret in the same namespace.' }),
});

export const databaseSecretRef = secretKeyRef('uri').meta({
  description:
    'Secret with the connection URI of PostgreSQL. The Secret `<cluster>-app` of CloudNativePG can be used as it is.',
});

/** How long to wait before the next attempt: up to a day. */
export const delayMilliseconds = z.int().min(1).max(86_400_000);

/** For an object with `initialDelayMilliseconds` and `maxDelayMilliseconds`. @param field its own path in the spec */
export const delaysInOrder = (field: string) =>
  rules({
    rule: 'self.initialDelayMilliseconds <= self.maxDelayMilliseconds',
    message: `${field}.initialDelayMilliseconds is above ${field}.maxDelayMilliseconds`,
    fieldPath: '.initialDelayMilliseconds',
  });

/** 1 to 65535, for patterns. */
const port = '([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])';

export const hostAndPorts = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}(,(\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]+):[0-9]{1,5})*$/)
  .meta(
    rules({
      rule: `self.matches('^[^,]+:${port}(,[^,]+:${port})*$')`,
      message: 'the port of each address must be from 1 to 65535',
    }),
  );

/** Integers beyond 2^53 are read as bigint, by which they stay exact. */
const integer = z.union([z.int(), z.bigint()]);

const quantity = z.union([z.string(), integer]).meta({ 'x-kubernetes-int-or-string': true });

export const resources = z
  .object({
    requests: z.record(z.string(), quantity).optional().meta({ description: 'Resources that the scheduler reserves.' }),
    limits: z
      .record(z.string(), quantity)
      .optional()
      .meta({ description: 'Maximum resources that the container may use.' }),
  })
  .meta({ description: 'Compute resources of the container, as in a pod: requests and limits of cpu and memory.' });

/** Settings as brokers know them. Numbers may stand without quotes; `true` and `false` need them, as in a ConfigMap. */
const configValue = z
  .union([z.string(), integer])
  .nullable()
  // Kafka's texts end at 32,767 bytes, and a character may take four.
  .meta({ 'x-kubernetes-int-or-string': true, maxLength: 8191 });

/** A value with a line break could smuggle in any other setting, wherever settings are written line by line. */
export const config = z.record(z.string(), configValue).meta({
  maxProperties: 200,
  ...rules(
    {
      rule: "self.all(name, name.matches('^[A-Za-z0-9._-]+$'))",
      message: 'names in config may have letters, digits, dots, dashes and underscores only',
    },
    {
      rule: "self.all(name, type(self[name]) != string || !self[name].matches('\\\\p{Cc}'))",
      message: 'values in config cannot have control characters such as line breaks and tabs',
    },
  ),
});

/** Taken as it is, and merged over what the operator makes. */
const open = z.record(z.string(), z.unknown()).meta({ 'x-kubernetes-preserve-unknown-fields': true });

export const podTemplate = z
  .object({
    metadata: z
      .object({
        labels: z.record(z.string(), z.string()).optional().meta({ description: 'Labels to add.' }),
        annotations: z.record(z.string(), z.string()).optional().meta({ description: 'Annotations to add.' }),
      })
      .optional()
      .meta({ description: 'Labels and annotations to add to the pods.' }),
    spec: open.optional().meta({
      description:
        "Fields of a PodSpec (tolerations, affinity, nodeSelector, ...), merged into the operator's and taking precedence.",
    }),
  })
  .meta({ description: 'Changes to the pods that the operator makes.' });

export const image = z
  .string()
  .min(1)
  .max(512)
  .regex(/^[A-Za-z0-9[][A-Za-z0-9._/:@\[\]-]*$/)
  .meta({ description: 'Container image. Defaults to the one that this release of the operator was tested with.' });

const condition = z.object({
  type: z.string().max(316).meta({ description: 'Ready, Reconciling, Stalled, or one that is specific to the kind.' }),
  status: z.enum(['True', 'False', 'Unknown']).meta({ description: 'Whether the condition is true.' }),
  reason: z.string().min(1).max(1024).meta({ description: 'The cause, as one CamelCase word.' }),
  message: z.string().max(32768).meta({ description: 'The cause, and how to fix it.' }),
  observedGeneration: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'Generation of the spec that the condition refers to.' }),
  lastTransitionTime: z.string().meta({ description: 'When the status last changed.', format: 'date-time' }),
});

/** What a status says until the operator has looked, for `kubectl get` and `kubectl wait` (as in the Gateway API). */
export const pendingStatus: { readonly conditions: readonly Condition[] } = {
  conditions: [
    {
      type: 'Ready',
      status: 'Unknown',
      reason: 'Pending',
      message: 'Waiting for the operator.',
      lastTransitionTime: '1970-01-01T00:00:00Z',
    },
  ],
};

/** What every status has. */
export const statusBase = {
  observedGeneration: z
    .int()
    .min(0)
    .optional()
    .meta({ description: 'Generation of the spec that the status refers to.' }),
  conditions: z
    .array(condition)
    .optional()
    .meta({
      description: 'Ready is always present; Reconciling and Stalled only while they are true (kstatus).',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
    }),
};

const ofReady = (field: keyof Condition) => `.status.conditions[?(@.type=="Ready")].${field}`;

/** The columns of `kubectl get`: a kind's own, then those of every kind; what `-o wide` adds stands at the end. */
export const printerColumns = (own: readonly PrinterColumn[], wide: readonly PrinterColumn[]): PrinterColumn[] => [
  ...own,
  {
    name: 'Ready',
    type: 'string',
    jsonPath: ofReady('status'),
    description: 'Whether the resource is as its spec says.',
  },
  { name: 'Reason', type: 'string', jsonPath: ofReady('reason'), description: 'Reason of the condition Ready.' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: 'Time since creation.' },
  ...wide.map((column) => ({ ...column, priority: 1 })),
  {
    name: 'Message',
    type: 'string',
    jsonPath: ofReady('message'),
    description: 'Message of the condition Ready.',
    priority: 1,
  },
];
