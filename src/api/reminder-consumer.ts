import { z } from 'zod';
import type { Resource } from '../lib/kubernetes-object.ts';
import { apiVersion, rules, type KindDefinition } from './resource.ts';
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
    minReplicas: z
      .int()
      .min(1)
      .max(1000)
      .default(1)
      .meta({ description: 'Fewest workers; at least one, for reminders come due without any message.' }),
    maxReplicas: z
      .int()
      .min(1)
      .max(1000)
      .meta({ description: 'Most workers; never more run than the topics have partitions.' }),
    targetLag: z.int().min(1).max(1_000_000_000).default(1000).meta({ description: 'Unread messages a worker.' }),
  })
  .meta({
    description: 'Lets the lag of the consumer group decide how many workers run.',
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
      .meta({ description: 'Attempts at a message before it goes to the dead-letter topic.' }),
    initialDelayMilliseconds: delayMilliseconds.default(500).meta({ description: 'Wait after the first failure.' }),
    maxDelayMilliseconds: delayMilliseconds.default(30_000).meta({ description: 'Longest wait between two attempts.' }),
  })
  .default({ maxAttempts: 5, initialDelayMilliseconds: 500, maxDelayMilliseconds: 30_000 })
  .meta({
    description: 'What is done about a message that fails: waits double from the first to the longest.',
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
    remindersTopic: topicName.default('reminders').meta({ description: 'Topic that reminder-due events go to.' }),
    groupId: z
      .string()
      .min(1)
      .max(249)
      .optional()
      .meta({ description: 'Consumer group; `<namespace>.<name>` of this resource when left out.' }),
    databaseSecretRef,
    replicas: z.int().min(0).max(1000).optional().meta({ description: 'How many workers run.' }),
    scaling: scaling.optional(),
    retry,
    deadLetterTopic: topicName
      .optional()
      .meta({ description: 'Topic for messages that cannot be handled; `<name>-dead-letters` when left out.' }),
    leadTimesSeconds: z
      .array(z.int().min(0).max(31_536_000))
      .min(1)
      .max(16)
      .default([0])
      .meta({ description: 'How long before the due time to remind, in seconds; one reminder each.' }),
    deletedTaskDays: z
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .meta({ description: 'Days that deleted tasks are remembered; no fewer than the topics keep their events.' }),
    webhook: webhook.optional(),
    image: image.optional(),
    resources: resources.optional(),
    podTemplate: podTemplate.optional(),
  })
  .meta({
    description: 'The reminder workers that are wanted.',
    ...rules({
      rule: 'has(self.replicas) != has(self.scaling)',
      message: 'set exactly one of replicas (a fixed number) and scaling (by lag)',
      fieldPath: '.replicas',
    }),
  });

const status = z
  .object({
    ...statusBase,
    replicas: z.int().optional().meta({ description: 'Workers that exist.' }),
    readyReplicas: z.int().optional().meta({ description: 'Workers that are ready.' }),
    selector: z.string().optional().meta({ description: 'Label selector of the workers, for autoscalers.' }),
    lag: z
      .object({
        total: z.int().meta({ description: 'Messages not yet handled.' }),
        byTopic: z.record(z.string(), z.int()).meta({ description: 'The same for each topic.' }),
      })
      .optional()
      .meta({ description: 'How far the group is behind.' }),
    latenessSeconds: z
      .int()
      .optional()
      .meta({ description: 'How long reminders have been due, rounded down to 5, 10, 30, ...; none while on time.' }),
    deadLetters: z.int().optional().meta({ description: 'Messages in the dead-letter topic.' }),
    consumerGroup: z
      .object({
        id: z.string().meta({ description: 'Name of the group.' }),
        clusterId: z.string().optional().meta({ description: 'Id of the cluster whose brokers have it.' }),
        created: z.boolean().meta({
          description:
            'True if workers of this resource created the group and nobody else has been seen in it: then it is ' +
            'deleted with the resource. A group that existed before, or that others use, is never deleted.',
        }),
      })
      .optional()
      .meta({ description: 'The consumer group, once it exists.' }),
    groupState: z.string().optional().meta({ description: "Kafka's word for the group: Stable, Empty, ..." }),
    webhook: webhookStatus.optional(),
  })
  .meta({ description: 'What the operator saw last.' });

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
  ],
  printerColumns: printerColumns(
    [
      { name: 'Replicas', type: 'integer', jsonPath: '.status.readyReplicas', description: 'Workers that are ready.' },
      { name: 'Lag', type: 'integer', jsonPath: '.status.lag.total', description: 'Messages not yet handled.' },
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
        description: 'Seconds that due reminders wait.',
      },
      { name: 'Group', type: 'string', jsonPath: '.status.groupState', description: 'State of the consumer group.' },
    ],
  ),
  scale: true,
} as const satisfies KindDefinition;
