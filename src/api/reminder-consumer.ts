import { z } from 'zod';
import type { Resource } from '../lib/kubernetes-object.ts';
import { apiVersion, rules, wasSeen, type KindDefinition } from './resource.ts';
import {
  clusterRef,
  databaseSecretRef,
  delayMilliseconds,
  delaysInOrder,
  image,
  podTemplate,
  printerColumns,
  resources,
  statusBase,
  topicName,
} from './shared.ts';
import { webhook, webhookStatus } from './webhook.ts';

const scaling = z
  .object({
    minReplicas: z.int().min(1).max(1000).default(1).meta({
      description: 'Minimum number of workers; at least one, because reminders come due without any new message.',
    }),
    maxReplicas: z
      .int()
      .min(1)
      .max(1000)
      .meta({ description: 'Maximum number of workers; never more than the topics have partitions.' }),
    targetLag: z.int().min(1).max(1_000_000_000).default(1000).meta({ description: 'Unread messages per worker.' }),
  })
  .meta({
    description: 'Scales the number of workers by the lag of the consumer group.',
    ...rules({
      rule: 'self.minReplicas <= self.maxReplicas',
      message: 'scaling.minReplicas is above scaling.maxReplicas',
      fieldPath: '.minReplicas',
    }),
  });

const retry = z
  .object({
    maxAttempts: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .meta({ description: 'Attempts before a message is sent to the dead-letter topic.' }),
    initialDelayMilliseconds: delayMilliseconds.default(500).meta({ description: 'Delay after the first failure.' }),
    maxDelayMilliseconds: delayMilliseconds
      .default(30_000)
      .meta({ description: 'Maximum delay between two attempts.' }),
  })
  .default({ maxAttempts: 5, initialDelayMilliseconds: 500, maxDelayMilliseconds: 30_000 })
  .meta({
    description: 'How failed messages are retried: the delay doubles from the initial to the maximum one.',
    ...delaysInOrder('retry'),
  });

const spec = z
  .object({
    clusterRef,
    topics: z
      .array(topicName)
      .min(1)
      .max(16)
      .default(['task-events', 'task-updates'])
      .meta({ description: 'Topics to read.', 'x-kubernetes-list-type': 'set' }),
    remindersTopic: topicName.default('reminders').meta({ description: 'Topic to publish reminder-due events to.' }),
    groupId: z
      .string()
      .min(1)
      .max(249)
      .regex(/^[^\p{Cc}]+$/u)
      .optional()
      .meta({
        description: 'Consumer group; `<namespace>.<name>` of this resource if omitted.',
        ...rules({ rule: "self != '*'", message: 'groupId * would stand for all groups where rights are given' }),
      }),
    databaseSecretRef,
    replicas: z.int().min(0).max(1000).optional().meta({ description: 'Number of workers.' }),
    scaling: scaling.optional(),
    retry,
    deadLetterTopic: topicName
      .optional()
      .meta({ description: 'Topic for messages that cannot be handled; `<name>-dead-letters` if omitted.' }),
    leadTimesSeconds: z
      .array(z.int().min(0).max(31_536_000))
      .min(1)
      .max(16)
      .default([0])
      .meta({ description: 'Seconds before the due time at which to remind; one reminder for each.' }),
    deletedTaskDays: z
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .meta({ description: 'Days to remember deleted tasks; at least as long as the topics retain events.' }),
    webhook: webhook.optional(),
    image: image.optional(),
    resources: resources.optional(),
    podTemplate: podTemplate.optional(),
  })
  .meta({
    description: 'Desired state of the reminder workers.',
    ...rules(
      {
        rule: 'has(self.replicas) != has(self.scaling)',
        message: 'set exactly one of replicas (a fixed number) and scaling (by lag)',
        fieldPath: '.replicas',
      },
      {
        rule: '!has(self.groupId) || !has(self.webhook) || size(self.groupId) <= 241',
        message: 'groupId may have at most 241 characters beside webhook, whose group is called <groupId>.webhook',
        fieldPath: '.groupId',
      },
      {
        rule: '!has(self.deadLetterTopic) || !(self.deadLetterTopic in self.topics)',
        message: 'deadLetterTopic cannot be one of topics: what cannot be handled would be read again for ever',
        fieldPath: '.deadLetterTopic',
      },
      {
        rule: '!has(self.webhook) || !has(self.webhook.deadLetterTopic) || self.webhook.deadLetterTopic != self.remindersTopic',
        message:
          'webhook.deadLetterTopic cannot be remindersTopic: what cannot be delivered would be sent again for ever',
        fieldPath: '.webhook.deadLetterTopic',
      },
    ),
  });

const status = z
  .object({
    ...statusBase,
    replicas: z.int().optional().meta({ description: 'Number of workers.' }),
    readyReplicas: z.int().optional().meta({ description: 'Workers that are ready.' }),
    selector: z.string().optional().meta({ description: 'Label selector of the workers, for autoscalers.' }),
    lag: z
      .object({
        total: z.int().meta({ description: 'Messages not yet processed.' }),
        byTopic: z.record(z.string(), z.int()).meta({ description: 'Messages not yet processed, by topic.' }),
      })
      .optional()
      .meta({ description: 'Lag of the consumer group.' }),
    latenessSeconds: z.int().optional().meta({
      description: 'Seconds that reminders are overdue, rounded down to 5, 10, 30, ...; absent while on time.',
    }),
    deadLetters: z.int().optional().meta({ description: 'Messages in the dead-letter topic.' }),
    consumerGroup: z
      .object({
        id: z.string().meta({ description: 'Name of the group.' }),
        clusterId: z.string().optional().meta({ description: 'Id of the broker cluster that the group is on.' }),
        created: z.boolean().meta({
          description:
            'True if workers of this resource created the group and nobody else has been seen in it: then it is ' +
            'deleted with the resource. A group that existed before, or that others use, is never deleted.',
        }),
      })
      .optional()
      .meta({ description: 'The consumer group, once it exists.' }),
    groupState: z.string().optional().meta({ description: 'State of the group in Kafka: Stable, Empty, ...' }),
    webhook: webhookStatus.optional(),
  })
  .meta({ description: 'Observed state.' });

export type ReminderConsumer = Resource<z.infer<typeof spec>, z.infer<typeof status>>;

export const reminderConsumer = {
  apiVersion,
  kind: 'ReminderConsumer',
  plural: 'reminderconsumers',
  shortName: 'rcon',
  description: 'Workers that read task events and publish reminders when they are due.',
  spec,
  status,
  rules: [
    {
      rule: 'size(self.metadata.name) <= 50',
      message: 'the name may have at most 50 characters: names of pods are made from it',
    },
    {
      rule: `${wasSeen} || has(self.spec.deadLetterTopic) || !((self.metadata.name + '-dead-letters') in self.spec.topics)`,
      message: 'topics cannot have the topic for dead letters, which is <name>-dead-letters: set deadLetterTopic',
      fieldPath: '.spec.topics',
    },
    {
      rule: `${wasSeen} || !has(self.spec.webhook) || has(self.spec.webhook.deadLetterTopic) || self.spec.remindersTopic != self.metadata.name + '-webhook-dead-letters'`,
      message:
        'remindersTopic cannot be the topic for dead letters of the webhook, which is <name>-webhook-dead-letters: set webhook.deadLetterTopic',
      fieldPath: '.spec.remindersTopic',
    },
  ],
  printerColumns: printerColumns(
    [
      { name: 'Replicas', type: 'integer', jsonPath: '.status.readyReplicas', description: 'Workers that are ready.' },
      { name: 'Lag', type: 'integer', jsonPath: '.status.lag.total', description: 'Messages not yet processed.' },
      {
        name: 'Dead',
        type: 'integer',
        jsonPath: '.status.deadLetters',
        description: 'Messages in the dead-letter topic.',
      },
    ],
    [
      { name: 'Cluster', type: 'string', jsonPath: '.spec.clusterRef.name', description: 'Its EventCluster.' },
      {
        name: 'Late',
        type: 'integer',
        jsonPath: '.status.latenessSeconds',
        description: 'Seconds that reminders are overdue.',
      },
      { name: 'Group', type: 'string', jsonPath: '.status.groupState', description: 'State of the consumer group.' },
    ],
  ),
  scale: true,
} as const satisfies KindDefinition;
