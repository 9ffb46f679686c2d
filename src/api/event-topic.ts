import { z } from 'zod';
import type { Resource } from '../lib/kubernetes-object.ts';
import { apiVersion, rules, type KindDefinition } from './resource.ts';
import { clusterRef, config, printerColumns, statusBase, topicName } from './shared.ts';

const spec = z
  .object({
    clusterRef: clusterRef.meta({ description: 'The EventCluster that the topic is in.' }),
    topicName: topicName.optional().meta({ description: "The topic's name in Kafka; metadata.name if omitted." }),
    partitions: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: 'Number of partitions; it can only grow. If omitted, it stays as it is on the brokers.' }),
    replicationFactor: z
      .int()
      .min(1)
      .max(32_767)
      .optional()
      .meta({ description: 'Replicas of each partition, at most one per broker. If omitted, they stay as they are.' }),
    retentionSeconds: z.int().min(-1).max(9_000_000_000_000).optional().meta({
      description: 'How long messages are kept, in seconds; -1 means forever. If omitted, it stays as it is.',
    }),
    cleanupPolicy: z.enum(['delete', 'compact', 'compact,delete']).optional().meta({
      description: 'Cleanup policy of Kafka for old messages. If omitted, it stays as it is on the brokers.',
    }),
    config: config.optional().meta({
      description:
        'More configuration of the topic, by Kafka names. A key left out stays as the broker has it, or returns to the default if the operator had set it; null leaves the key alone in either case.',
    }),
    deletionPolicy: z
      .enum(['Delete', 'Retain'])
      .default('Delete')
      .meta({ description: 'Whether deleting this resource deletes the topic and its messages.' }),
    managementPolicy: z.enum(['Manage', 'Plan', 'Observe']).default('Manage').meta({
      description:
        'Plan reports what Manage would change on the brokers, Observe the topic and what differs; neither changes or deletes anything.',
    }),
  })
  .meta({
    description: 'Desired state of the topic. Omitted fields stay as they are on the brokers.',
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
      {
        rule: `!has(self.replicationFactor) || !has(self.config) || !('min.insync.replicas' in self.config) || self.config['min.insync.replicas'] == null || !string(self.config['min.insync.replicas']).matches('^[0-9]{1,9}$') || int(self.config['min.insync.replicas']) <= self.replicationFactor`,
        message:
          "config['min.insync.replicas'] is above replicationFactor: nothing could be written with acks=all. Lower it, or raise replicationFactor",
        fieldPath: '.config',
      },
    ),
  });

const difference = z.object({
  field: z.string().meta({ description: 'Field of the spec.' }),
  desired: z.string().meta({ description: 'Value in the spec.' }),
  actual: z.string().meta({ description: 'Value on the broker.' }),
});

const status = z
  .object({
    ...statusBase,
    topicName: z.string().optional().meta({ description: "The topic's name in Kafka." }),
    topicId: z
      .string()
      .optional()
      .meta({ description: 'Id that Kafka assigned to the topic; a different id means a different topic.' }),
    managedTopicId: z.string().optional().meta({
      description:
        'Id of the topic that this resource manages: no other topic is ever deleted with it. `none` where the brokers have no topic ids.',
    }),
    partitions: z.int().optional().meta({ description: 'Number of partitions.' }),
    replicationFactor: z.int().optional().meta({ description: 'Number of replicas of each partition.' }),
    reassignment: z
      .object({
        remainingPartitions: z
          .int()
          .min(0)
          .meta({ description: 'Partitions whose replicas are still moving; they can be read and written meanwhile.' }),
        missingBrokers: z
          .array(z.int())
          .optional()
          .meta({ description: 'Ids of absent brokers that the move is waiting for.' }),
        waitingSince: z
          .string()
          .optional()
          .meta({ description: 'When the move began to wait for them.', format: 'date-time' }),
      })
      .optional()
      .meta({ description: 'Progress of a replicationFactor change; absent while no replica is moving.' }),
    config: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'Configs that the operator has set on the topic, by their Kafka names.' }),
    configShownAs: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: 'Configs that the broker displays in a different form than they were set, as displayed.' }),
    differences: z
      .array(difference)
      .optional()
      .meta({ description: 'Differences between broker and spec that were not resolved; see the conditions.' }),
    plannedChanges: z
      .array(z.string())
      .optional()
      .meta({ description: 'Changes that policy Manage would make on the brokers (managementPolicy Plan).' }),
  })
  .meta({ description: 'Observed state.' });

export type EventTopic = Resource<z.infer<typeof spec>, z.infer<typeof status>>;
export type TopicDifference = z.infer<typeof difference>;

const nameOf = (object: string) =>
  `(has(${object}.spec.topicName) ? ${object}.spec.topicName : ${object}.metadata.name)`;

/** Whether no topic came of the resource so far: neither seen, nor created and not seen yet. */
const nothingMade =
  '(!has(oldSelf.status) || (!has(oldSelf.status.partitions) && !has(oldSelf.status.managedTopicId)))';
/** Whether nobody knows how many partitions the topic has. */
const nothingCounted = '!has(oldSelf.status) || !has(oldSelf.status.partitions)';

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
      message: 'topicName cannot be changed: Kafka cannot rename a topic; create a new EventTopic',
      fieldPath: '.spec.topicName',
    },
    {
      rule: `${nothingMade} || self.spec.clusterRef == oldSelf.spec.clusterRef`,
      message: 'clusterRef cannot be changed: a topic cannot move to another cluster; create a new EventTopic',
      fieldPath: '.spec.clusterRef',
    },
    {
      rule: `${nothingCounted} || !has(self.spec.partitions) || self.spec.partitions >= oldSelf.status.partitions || (has(oldSelf.spec.partitions) && self.spec.partitions >= oldSelf.spec.partitions)`,
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
      { name: 'Partitions', type: 'integer', jsonPath: '.status.partitions', description: 'Number of partitions.' },
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
        description: 'Partitions whose replicas are still moving.',
      },
      { name: 'Management', type: 'string', jsonPath: '.spec.managementPolicy', description: 'Manage or Observe.' },
      { name: 'Deletion', type: 'string', jsonPath: '.spec.deletionPolicy', description: 'Delete or Retain.' },
    ],
  ),
} as const satisfies KindDefinition;
