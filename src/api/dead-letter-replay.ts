import { z } from 'zod';
import type { Resource } from '../lib/kubernetes-object.ts';
import { apiVersion, immutable, rules, type KindDefinition } from './resource.ts';
import { objectName, printerColumns, statusBase } from './shared.ts';

const time = z.string().max(64).meta({ format: 'date-time' });
const offset = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const offsetRange = z
  .object({
    partition: z.int().min(0).max(2_147_483_647).meta({ description: 'Partition of the dead-letter topic.' }),
    from: offset.optional().meta({ description: 'First offset to replay; the earliest available if omitted.' }),
    to: offset.optional().meta({ description: 'Offset after the last one to replay; the end if omitted.' }),
  })
  .meta(
    rules({
      rule: '!has(self.from) || !has(self.to) || self.from < self.to',
      message: 'from must be below to, which is not part of the range',
      fieldPath: '.from',
    }),
  );

/** Which letters are meant, as the spec says it and as the program that reads them is told. */
export const deadLetterFilter = z
  .object({
    errorCodes: z.array(z.string().min(1).max(100)).min(1).max(32).optional().meta({
      description: 'Error codes, as in the header `__dlq.errors.code`.',
      'x-kubernetes-list-type': 'set',
    }),
    keys: z
      .array(z.string().min(1).max(512))
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Message keys, such as task ids.', 'x-kubernetes-list-type': 'set' }),
    from: time
      .optional()
      .meta({ description: 'Only dead letters written at this time or later.', format: 'date-time' }),
    to: time.optional().meta({ description: 'Only dead letters written before this time.', format: 'date-time' }),
    offsets: z
      .array(offsetRange)
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Partitions and offsets to replay; other partitions are skipped.' }),
  })
  .meta({
    description: 'Which dead letters to replay: those that match every criterion; all if omitted.',
    ...rules({
      rule: '!has(self.from) || !has(self.to) || self.from < self.to',
      message: 'filter.from must be before filter.to',
      fieldPath: '.from',
    }),
  });

export type DeadLetterFilter = z.infer<typeof deadLetterFilter>;

const fixed = (field: string) => immutable(field, 'make a new DeadLetterReplay');

const spec = z
  .object({
    consumerRef: z
      .object({ name: objectName.meta({ description: 'Name of a ReminderConsumer in the same namespace.' }) })
      .meta({ description: 'ReminderConsumer whose dead letters are sent back.', ...fixed('consumerRef') }),
    source: z
      .enum(['Workers', 'Webhook'])
      .default('Workers')
      .meta({
        description: 'Where the dead letters come from: the workers of the ReminderConsumer, or its webhook.',
        ...fixed('source'),
      }),
    filter: deadLetterFilter.optional(),
    limit: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .meta({ description: 'Maximum number of dead letters to send back; all if omitted.' }),
    dryRun: z
      .boolean()
      .default(false)
      .meta({ description: 'Only count what would be sent back.', ...fixed('dryRun') }),
    throttle: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: 'Maximum dead letters per second; unlimited if omitted. Can be changed at any time.' }),
    paused: z
      .boolean()
      .default(false)
      .meta({ description: 'Pauses the replay while true. Can be changed at any time.' }),
    maxReturns: z
      .int()
      .min(1)
      .max(100)
      .default(3)
      .meta({ description: 'A dead letter that was sent back this many times is kept.', ...fixed('maxReturns') }),
  })
  .meta({
    description: 'Desired replay. Only throttle and paused can be changed.',
    ...rules(
      {
        rule: 'has(self.filter) == has(oldSelf.filter) && (!has(self.filter) || self.filter == oldSelf.filter)',
        message: 'filter cannot be changed: make a new DeadLetterReplay',
        fieldPath: '.filter',
      },
      {
        rule: 'has(self.limit) == has(oldSelf.limit) && (!has(self.limit) || self.limit == oldSelf.limit)',
        message: 'limit cannot be changed: make a new DeadLetterReplay',
        fieldPath: '.limit',
      },
    ),
  });

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What a replay counts. */
export const replayCounts = {
  read: count.optional().meta({ description: 'Dead letters read so far.' }),
  matched: count.optional().meta({ description: 'Dead letters that matched the filter.' }),
  replayed: count.optional().meta({ description: 'Dead letters that were sent back.' }),
  kept: count.optional().meta({
    description:
      'Those of them that stay: they went back too often, were cut, are too large, or come from a topic that the consumer does not read.',
  }),
  remaining: count
    .optional()
    .meta({ description: 'Dead letters that existed at the start and have not been read yet.' }),
};

const status = z.object({ ...statusBase, ...replayCounts }).meta({ description: 'Observed state.' });

export type DeadLetterReplay = Resource<z.infer<typeof spec>, z.infer<typeof status>>;

export const deadLetterReplay = {
  apiVersion,
  kind: 'DeadLetterReplay',
  plural: 'deadletterreplays',
  shortName: 'dlr',
  description: 'Sends dead letters of a ReminderConsumer back to their original topics, once.',
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
      { name: 'Consumer', type: 'string', jsonPath: '.spec.consumerRef.name', description: 'Its ReminderConsumer.' },
      { name: 'Replayed', type: 'integer', jsonPath: '.status.replayed', description: 'Dead letters sent back.' },
      { name: 'Kept', type: 'integer', jsonPath: '.status.kept', description: 'Dead letters kept.' },
      { name: 'Remaining', type: 'integer', jsonPath: '.status.remaining', description: 'Dead letters not read yet.' },
    ],
    [{ name: 'Read', type: 'integer', jsonPath: '.status.read', description: 'Dead letters read so far.' }],
  ),
} as const satisfies KindDefinition;
