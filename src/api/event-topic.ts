import { z } from 'zod';
import type { Resource } from '../lib/kubernetes-object.ts';
import { apiVersion, rules, type KindDefinition } from './resource.ts';
import { clusterRef, config, printerColumns, statusBase, topicName } from './shared.ts';

const spec = z
  .object({
    clusterRef: clusterRef.meta({ description: 'The EventCluster that the topic is in.' }),
    topicName: topicName.optional().meta({ description: "The topic's name in Kafka; metadata.name when left out." }),
    partitions: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: 'How many partitions it has; it can only grow. As the broker has it when left out.' }),
    replicationFactor: z
      .int()
      .min(1)
      .max(32_767)
      .optional()
      .meta({ description: 'Copies of each partition, at most one a broker. As the broker has it when left out.' }),
    retentionSeconds: z.int().min(-1).max(9_000_000_000_000).optional().meta({
      description: 'How long messages are kept, in seconds; -1 for ever. As the broker has it when left out.',
    }),
    cleanupPolicy: z.enum(['delete', 'compact', 'compact,delete']).optional().meta({
      description: 'What becomes of old messages, in the words of Kafka. As the broker has it when left out.',
    }),
    config: config.optional().meta({
      description:
        'More configuration of the topic, by Kafka names. A key left out stays as the broker has it, or returns to the default if the operator had set it; null leaves the key alone in either case.',
    }),
    deletionPolicy: z
      .enum(['Delete', 'Retain'])
      .default('Delete')
      .meta({ description: 'Whether the topic and its messages go when this resource is deleted.' }),
    managementPolicy: z.enum(['Manage', 'Plan', 'Observe']).default('Manage').meta({
      description:
        'Plan reports what Manage would change on the brokers, Observe the topic and what differs; neither changes or deletes anything.',
    }),
  })
  .meta({
    description: 'The topic that is wanted. A field that is left out stays as the broker has it.',
    ...rules(
      {
        rule: "!has(self.retentionSeconds) || !has(self.config) || !('retention.ms' in self.config) || self.config['retention.ms'] == null",
        message: "retentionSeconds and config['retention.ms'] are the same: set one of them",
        fieldPath: '.retentionSeconds',
      },
      {
        rule: "!has(self.cleanupPolicy) || !has(self.config) || !('cleanup.policy' in self.config) || self.config['cleanup.policy'] == null",
        message: "cleanupPolicy and config['cleanup.policy'] are the same: set one of them",
        fieldPath: '.cleanupPolicy',
      },
    ),
  });

const difference = z.object({
  field: z.string().meta({ description: 'Field of the spec.' }),
  desired: z.string().meta({ description: 'What the spec says.' }),
  actual: z.string().meta({ description: 'What the broker has.' }),
});

const status = z
  .object({
    ...statusBase,
    topicName: z.string().optional().meta({ description: "The topic's name in Kafka." }),
    topicId: z
      .string()
      .optional()
      .meta({ description: 'Id that Kafka gave the topic; another one means another topic.' }),
    managedTopicId: z.string().optional().meta({
      description:
        'Id of the topic that this resource manages: no other topic is ever deleted with it. `none` where the brokers have no topic ids.',
    }),
    partitions: z.int().optional().meta({ description: 'Partitions that it has.' }),
    replicationFactor: z.int().optional().meta({ description: 'Replicas that its partitions have.' }),
    reassignment: z
      .object({
        remainingPartitions: z
          .int()
          .min(0)
          .meta({ description: 'Partitions whose replicas still move; messages can be read and written meanwhile.' }),
        missingBrokers: z
          .array(z.int())
          .optional()
          .meta({ description: 'Ids of brokers that the move waits for and that are away.' }),
        waitingSince: z
          .string()
          .optional()
          .meta({ description: 'Since when the move has been waiting for them.', format: 'date-time' }),
      })
      .optional()
      .meta({ description: 'How far a change of replicationFactor is; absent when no replica moves.' }),
    config: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'What the operator has set on the topic, by Kafka names.' }),
    configShownAs: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'How the broker shows those of them that it shows in another form than they were set.' }),
    differences: z
      .array(difference)
      .optional()
      .meta({ description: 'Where the broker differs from the spec and is left so; see the conditions.' }),
    plannedChanges: z
      .array(z.string())
      .optional()
      .meta({ description: 'What Manage would change on the brokers (managementPolicy Plan).' }),
  })
  .meta({ description: 'What the operator saw last.' });

export type EventTopic = Resource<z.infer<typeof spec>, z.infer<typeof status>>;
export type TopicDifference = z.infer<typeof difference>;

const nameOf = (object: string) =>
  `(has(${object}.spec.topicName) ? ${object}.spec.topicName : ${object}.metadata.name)`;

/** Whether no topic came of the resource so far. */
const nothingMade = '(!has(oldSelf.status) || !has(oldSelf.status.partitions))';

export const eventTopic = {
  apiVersion,
  kind: 'EventTopic',
  plural: 'eventtopics',
  shortName: 'et',
  description: 'A topic in an EventCluster.',
  spec,
  status,
  rules: [
    // A topic that was never created can still be corrected: these rules look at the status, which says what exists.
    {
      rule: `${nothingMade} || ${nameOf('self')} == ${nameOf('oldSelf')}`,
      message: 'topicName cannot be changed: Kafka cannot rename a topic; make a new EventTopic',
      fieldPath: '.spec.topicName',
    },
    {
      rule: `${nothingMade} || self.spec.clusterRef == oldSelf.spec.clusterRef`,
      message: 'clusterRef cannot be changed: a topic cannot move to another cluster; make a new EventTopic',
      fieldPath: '.spec.clusterRef',
    },
    {
      rule: `${nothingMade} || !has(self.spec.partitions) || self.spec.partitions >= oldSelf.status.partitions || (has(oldSelf.spec.partitions) && self.spec.partitions >= oldSelf.spec.partitions)`,
      message: 'partitions can only grow: Kafka cannot take a partition away without losing its messages',
      fieldPath: '.spec.partitions',
    },
    {
      rule: 'size(self.metadata.name) <= 249 || has(self.spec.topicName)',
      message: 'the name is longer than the 249 characters a topic may have: set topicName',
      fieldPath: '.spec.topicName',
    },
  ],
  printerColumns: printerColumns(
    [
      { name: 'Cluster', type: 'string', jsonPath: '.spec.clusterRef.name', description: 'Its EventCluster.' },
      { name: 'Topic', type: 'string', jsonPath: '.status.topicName', description: 'Its name in Kafka.' },
      { name: 'Partitions', type: 'integer', jsonPath: '.status.partitions', description: 'Partitions it has.' },
      {
        name: 'Replication',
        type: 'integer',
        jsonPath: '.status.replicationFactor',
        description: 'Replicas of each partition.',
      },
    ],
    [
      {
        name: 'Moving',
        type: 'integer',
        jsonPath: '.status.reassignment.remainingPartitions',
        description: 'Partitions whose replicas still move.',
      },
      { name: 'Management', type: 'string', jsonPath: '.spec.managementPolicy', description: 'Manage or Observe.' },
      { name: 'Deletion', type: 'string', jsonPath: '.spec.deletionPolicy', description: 'Delete or Retain.' },
    ],
  ),
} as const satisfies KindDefinition;
