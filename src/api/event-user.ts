import { z } from 'zod';
import type { Resource } from '../lib/kubernetes-object.ts';
import { apiVersion, rules, type KindDefinition } from './resource.ts';
import { clusterRef, objectName, printerColumns, secretKeyRef, statusBase } from './shared.ts';

/** What Kafka takes as a user's name, and what needs no quotes anywhere. */
const userName = z
  .string()
  .min(1)
  .max(249)
  .regex(/^[a-zA-Z0-9._@-]+$/);

const authentication = z
  .object({
    type: z.enum(['ScramSha512', 'Tls', 'External']).default('ScramSha512').meta({
      description:
        'ScramSha512 uses a password, which the operator generates or reads from a Secret. Tls uses a client certificate, whose subject is the name of the user. External is for users whose credentials are managed elsewhere: the operator manages only their access and quotas.',
    }),
    passwordSecretRef: secretKeyRef('password')
      .optional()
      .meta({ description: 'Secret with the password (type ScramSha512). If omitted, the operator generates one.' }),
    certificateSecretRef: secretKeyRef('tls.crt')
      .optional()
      .meta({ description: "Secret with the user's certificate in PEM (type Tls). Its subject is the user's name." }),
    subject: z
      .string()
      .min(3)
      .max(1024)
      .regex(/^[^\p{Cc}]+$/u)
      .optional()
      .meta({ description: 'Distinguished name as the brokers show it (type Tls), such as CN=orders,O=Example.' }),
  })
  // The API server checks a default as it is written here.
  .prefault({ type: 'ScramSha512' })
  .meta({
    description: 'How the user authenticates.',
    ...rules(
      {
        rule: "self.type == 'ScramSha512' || !has(self.passwordSecretRef)",
        message: 'passwordSecretRef is for type ScramSha512: remove it, or set type to ScramSha512',
        fieldPath: '.passwordSecretRef',
      },
      {
        rule: "self.type == 'Tls' || !has(self.certificateSecretRef)",
        message: 'certificateSecretRef is for type Tls: remove it, or set type to Tls',
        fieldPath: '.certificateSecretRef',
      },
      {
        rule: "self.type == 'Tls' || !has(self.subject)",
        message: 'subject is for type Tls: remove it, or set type to Tls',
        fieldPath: '.subject',
      },
      {
        rule: "self.type != 'Tls' || has(self.certificateSecretRef) != has(self.subject)",
        message: 'type Tls needs the name of the user: set one of certificateSecretRef and subject',
        fieldPath: '.subject',
      },
    ),
  });

const kafkaName = z
  .string()
  .min(1)
  .max(249)
  .regex(/^[^\p{Cc}]+$/u);
/** One that begins with * would look like one for all, which it is not. */
const prefix = z
  .string()
  .min(1)
  .max(249)
  .regex(/^[^*\p{Cc}][^\p{Cc}]*$/u);
const topicPrefix = z
  .string()
  .min(1)
  .max(249)
  .regex(/^[a-zA-Z0-9._-]+$/);
const ipv4 = String.raw`((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])`;
const group = '[0-9a-fA-F]{1,4}';
/** Eight groups of digits, or fewer with `::` for the others. */
const ipv6 = [
  `(${group}:){7}${group}`,
  ...[1, 2, 3, 4, 5, 6].map((before) => `(${group}:){1,${before}}(:${group}){1,${7 - before}}`),
  `(${group}:){1,7}:`,
  `:((:${group}){1,7}|:)`,
].join('|');
const host = z
  .string()
  .min(1)
  .max(255)
  .default('*')
  .meta({
    description: 'IP address that the user connects from; * means any.',
    ...rules({
      rule: `self.matches(r'^([*]|${ipv4}|${ipv6})$')`,
      message: 'host is an IPv4 or IPv6 address; * means any',
    }),
  });

const accessTargets = ['topic', 'topicPrefix', 'group', 'groupPrefix', 'transactionalId', 'transactionalIdPrefix'];

const access = z
  .object({
    topic: z
      .string()
      .min(1)
      .max(249)
      .regex(/^(\*|[a-zA-Z0-9._-]+)$/)
      .optional()
      .meta({ description: 'Name of a topic; * means all.' }),
    topicPrefix: topicPrefix.optional().meta({ description: 'Prefix of topic names.' }),
    group: kafkaName.optional().meta({ description: 'Id of a consumer group; * means all.' }),
    groupPrefix: prefix.optional().meta({ description: 'Prefix of consumer group ids.' }),
    transactionalId: kafkaName.optional().meta({ description: 'Transactional id of producers; * means all.' }),
    transactionalIdPrefix: prefix.optional().meta({ description: 'Prefix of transactional ids.' }),
    allow: z.enum(['Read', 'Write', 'ReadWrite', 'Describe']).meta({
      description:
        'What the user may do. Read and Write include Describe. Read on a group allows joining it and committing offsets; Write on a transactional id allows producing with it.',
    }),
    host,
  })
  .meta(
    rules(
      {
        rule: `[${accessTargets.map((target) => `has(self.${target})`).join(', ')}].filter(isSet, isSet).size() == 1`,
        message: `each entry of access names one thing: set one of ${accessTargets.join(', ')}`,
      },
      {
        rule: "!(has(self.group) || has(self.groupPrefix)) || self.allow in ['Read', 'Describe']",
        message: 'allow of a group is Read (to join it and commit its offsets) or Describe',
        fieldPath: '.allow',
      },
      {
        rule: "!(has(self.transactionalId) || has(self.transactionalIdPrefix)) || self.allow in ['Write', 'Describe']",
        message: 'allow of a transactional id is Write (to produce with it) or Describe',
        fieldPath: '.allow',
      },
    ),
  );

/** By Kafka's documentation: what else is asked of a resource is taken in by brokers, and has no effect. */
const operationsOf = {
  Topic: ['All', 'Read', 'Write', 'Create', 'Delete', 'Alter', 'Describe', 'DescribeConfigs', 'AlterConfigs'],
  Group: ['All', 'Read', 'Delete', 'Describe', 'DescribeConfigs', 'AlterConfigs'],
  Cluster: [
    ...['All', 'Create', 'ClusterAction', 'Alter', 'Describe', 'DescribeConfigs', 'AlterConfigs'],
    'IdempotentWrite',
  ],
  TransactionalId: ['All', 'Write', 'Describe', 'TwoPhaseCommit'],
};

const operation = z.enum([
  ...(['All', 'Read', 'Write', 'Create', 'Delete', 'Alter', 'Describe', 'DescribeConfigs', 'AlterConfigs'] as const),
  ...(['ClusterAction', 'IdempotentWrite', 'TwoPhaseCommit'] as const),
]);

const acl = z
  .object({
    resource: z.enum(['Topic', 'Group', 'Cluster', 'TransactionalId']).meta({ description: 'Type of the resource.' }),
    name: kafkaName.optional().meta({ description: 'Name of the resource; * means all. Must be omitted for Cluster.' }),
    patternType: z
      .enum(['Literal', 'Prefixed'])
      .default('Literal')
      .meta({ description: 'Whether name is a full name or a prefix.' }),
    operations: z
      .array(operation)
      .min(1)
      .max(12)
      .meta({ description: "Operations, by Kafka's names.", 'x-kubernetes-list-type': 'set' }),
    permission: z
      .enum(['Allow', 'Deny'])
      .default('Allow')
      .meta({ description: 'Whether the operations are allowed or denied. Deny takes precedence over Allow.' }),
    host,
  })
  .meta(
    rules(
      {
        rule: "(self.resource == 'Cluster') != has(self.name)",
        message: 'name is required, except for resource Cluster, which has none',
        fieldPath: '.name',
      },
      {
        rule: "self.resource != 'Cluster' || self.patternType == 'Literal'",
        message: 'patternType of resource Cluster is Literal',
        fieldPath: '.patternType',
      },
      {
        rule: "self.patternType == 'Literal' || !has(self.name) || !self.name.startsWith('*')",
        message: 'name * is for patternType Literal: it stands for all there',
        fieldPath: '.name',
      },
      {
        rule: "self.resource != 'Topic' || !has(self.name) || self.name.matches('^([*]|[a-zA-Z0-9._-]+)$')",
        message: 'name of resource Topic is a name, or a prefix with patternType Prefixed; * alone means all',
        fieldPath: '.name',
      },
      ...Object.entries(operationsOf).map(([resource, operations]) => ({
        rule: `self.resource != '${resource}' || self.operations.all(one, one in ${JSON.stringify(operations).replaceAll('"', "'")})`,
        message: `operations of resource ${resource} can be ${operations.join(', ')}`,
        fieldPath: '.operations',
      })),
    ),
  );

const rate = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

const quotas = z
  .object({
    producerByteRate: rate.optional().meta({ description: 'Bytes per second that the user may send to each broker.' }),
    consumerByteRate: rate
      .optional()
      .meta({ description: 'Bytes per second that the user may fetch from each broker.' }),
    requestPercentage: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: "Share of each broker's request and network threads, as a percentage of one thread." }),
    controllerMutationRate: z
      .number()
      .min(0.01)
      .max(1_000_000)
      .optional()
      .meta({
        description: 'Partitions per second that the user may create and delete.',
        // The API server compares a whole number with the whole part of a minimum, and lets 0 pass.
        ...rules({ rule: 'self >= 0.01', message: 'controllerMutationRate must be at least 0.01' }),
      }),
  })
  .meta({
    description: "Quotas of the user. An omitted quota keeps the broker's value, or is removed if the operator set it.",
  });

const secret = z
  .object({
    name: objectName.optional().meta({ description: 'Name of the Secret. Defaults to metadata.name.' }),
    labels: z.record(z.string(), z.string()).optional().meta({ description: 'Labels to add to the Secret.' }),
    annotations: z.record(z.string(), z.string()).optional().meta({ description: 'Annotations to add to the Secret.' }),
  })
  .prefault({})
  .meta({ description: 'Secret that the operator writes for clients of the user (type ScramSha512).' });

const spec = z
  .object({
    clusterRef: clusterRef.meta({ description: 'EventCluster that the user belongs to.' }),
    userName: userName.optional().meta({
      description:
        'Name of the user in Kafka. Defaults to metadata.name. Users of type Tls are named by their subject.',
    }),
    authentication,
    access: z.array(access).max(100).optional().meta({
      description:
        'What the user may do, in simple terms. If access or acls is set, ACL entries of the user that neither declares are removed from the brokers. If both are omitted, they stay as they are.',
      'x-kubernetes-list-type': 'atomic',
    }),
    acls: z.array(acl).max(100).optional().meta({
      description: 'ACL entries that access cannot express.',
      'x-kubernetes-list-type': 'atomic',
    }),
    quotas: quotas.optional(),
    secret,
    deletionPolicy: z
      .enum(['Delete', 'Retain'])
      .default('Delete')
      .meta({ description: 'Whether the user is deleted from the brokers when this resource is deleted.' }),
    managementPolicy: z.enum(['Manage', 'Observe']).default('Manage').meta({
      description:
        'Manage lets the operator change the user. Observe only reports the user and its differences from the spec: it changes and deletes nothing, and writes no Secret.',
    }),
  })
  .meta({
    description: 'Desired state of the user.',
    ...rules({
      rule: "self.authentication.type != 'Tls' || !has(self.userName)",
      message: 'userName is not allowed for type Tls: such a user is named by the subject of its certificate',
      fieldPath: '.userName',
    }),
  });

const difference = z.object({
  field: z.string().meta({ description: 'Field of the spec.' }),
  desired: z.string().meta({ description: 'Value in the spec.' }),
  actual: z.string().meta({ description: 'Value on the broker.' }),
});

const status = z
  .object({
    ...statusBase,
    principal: z
      .string()
      .optional()
      .meta({ description: 'Principal of the user in ACLs, such as User:orders or User:CN=orders.' }),
    secretName: z.string().optional().meta({ description: 'Secret with everything that a client of the user needs.' }),
    credential: z
      .object({
        mechanism: z.string().meta({ description: 'SASL mechanism.' }),
        iterations: z.int().meta({
          description:
            'Number of SCRAM iterations. Chosen anew for each password, so that a password that somebody else set on the brokers is noticed.',
        }),
        secretVersion: z
          .string()
          .meta({ description: 'uid and resourceVersion of the Secret that the password was read from.' }),
      })
      .optional()
      .meta({ description: 'Credential that this resource set, and that is deleted with it.' }),
    acls: z.array(z.string()).optional().meta({
      description: 'ACL entries that this resource created, and that are deleted with it.',
    }),
    quotas: z
      .record(z.string(), z.number())
      .optional()
      .meta({ description: "Quotas that this resource set, by Kafka's names, and that are removed with it." }),
    pending: z
      .object({
        password: z.boolean().optional().meta({ description: 'Whether a password was about to be set.' }),
        acls: z.array(z.string()).optional().meta({ description: 'ACL entries that were about to be created.' }),
        quotas: z
          .record(z.string(), z.number())
          .optional()
          .meta({ description: "Quotas that were about to be set, by Kafka's names." }),
      })
      .optional()
      .meta({
        description:
          'What the operator was about to create when it last wrote this status, and may have created. It is deleted with the resource, too.',
      }),
    differences: z.array(difference).optional().meta({
      description: 'Differences between the broker and the spec that the operator leaves alone; see the conditions.',
    }),
  })
  .meta({ description: 'Observed state.' });

export type EventUser = Resource<z.infer<typeof spec>, z.infer<typeof status>>;
export type UserDifference = z.infer<typeof difference>;
export type UserAccess = z.infer<typeof access>;
export type UserAcl = z.infer<typeof acl>;

const nameOf = (object: string) => `(has(${object}.spec.userName) ? ${object}.spec.userName : ${object}.metadata.name)`;
const secretNameOf = (object: string) =>
  `(has(${object}.spec.secret.name) ? ${object}.spec.secret.name : ${object}.metadata.name)`;

/** Whether no user came of the resource so far. */
const nothingMade = '(!has(oldSelf.status) || !has(oldSelf.status.principal))';

export const eventUser = {
  apiVersion,
  kind: 'EventUser',
  plural: 'eventusers',
  shortName: 'eu',
  description: 'A user of an EventCluster, with its credentials, access and quotas.',
  spec,
  status,
  rules: [
    // A user that was never made can still be corrected: these rules look at the status, which says what exists.
    {
      rule: `${nothingMade} || ${nameOf('self')} == ${nameOf('oldSelf')}`,
      message: 'userName cannot be changed: Kafka cannot rename a user; create a new EventUser',
      fieldPath: '.spec.userName',
    },
    {
      rule: `${nothingMade} || self.spec.clusterRef == oldSelf.spec.clusterRef`,
      message: 'clusterRef cannot be changed: a user cannot move to another cluster; create a new EventUser',
      fieldPath: '.spec.clusterRef',
    },
    {
      rule: `${nothingMade} || self.spec.authentication.type == oldSelf.spec.authentication.type`,
      message: 'authentication.type cannot be changed: that would be another user; create a new EventUser',
      fieldPath: '.spec.authentication.type',
    },
    {
      // It may also have been in a certificate so far.
      rule: `${nothingMade} || !has(self.spec.authentication.subject) || 'User:' + self.spec.authentication.subject == oldSelf.status.principal`,
      message: 'authentication.subject cannot be changed: that would be another user; create a new EventUser',
      fieldPath: '.spec.authentication.subject',
    },
    {
      rule: `${nothingMade} || ${secretNameOf('self')} == ${secretNameOf('oldSelf')}`,
      message: 'secret.name cannot be changed: clients read the Secret; create a new EventUser',
      fieldPath: '.spec.secret.name',
    },
    {
      rule: `self.spec.authentication.type == 'Tls' || ${nameOf('self')}.matches('^[a-zA-Z0-9._@-]{1,249}$')`,
      message: 'the name is longer than the 249 characters a user may have: set userName',
      fieldPath: '.spec.userName',
    },
    {
      rule: `!has(self.spec.authentication.passwordSecretRef) || self.spec.authentication.passwordSecretRef.name != ${secretNameOf('self')}`,
      message: 'the Secret that the operator writes cannot be the one with the password: set secret.name',
      fieldPath: '.spec.secret.name',
    },
  ],
  printerColumns: printerColumns(
    [
      { name: 'Cluster', type: 'string', jsonPath: '.spec.clusterRef.name', description: 'EventCluster of the user.' },
      { name: 'Principal', type: 'string', jsonPath: '.status.principal', description: 'Name of the user in Kafka.' },
      { name: 'Secret', type: 'string', jsonPath: '.status.secretName', description: 'Secret for clients.' },
    ],
    [
      {
        name: 'Authentication',
        type: 'string',
        jsonPath: '.spec.authentication.type',
        description: 'How the user authenticates.',
      },
      { name: 'Management', type: 'string', jsonPath: '.spec.managementPolicy', description: 'Manage or Observe.' },
      { name: 'Deletion', type: 'string', jsonPath: '.spec.deletionPolicy', description: 'Delete or Retain.' },
    ],
  ),
} as const satisfies KindDefinition;
