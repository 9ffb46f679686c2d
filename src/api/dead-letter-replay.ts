import { z } from 'zod';
import type { Resource } from '../lib/kubernetes-object.ts';
import { apiVersion, immutable, rules, type KindDefinition } from './resource.ts';
import { objectName, printerColumns, statusBase } from './shared.ts';

const time = z.string().max(64).meta({ format: 'date-time' });
const offset = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

const offsetRange = z
  .object({
    partition: z.int().min(0).max(2_147_483_647).meta({ description: 'Partition of the dead-letter topic.' }),
    from: offset.optional().meta({ description: 'First offset; the first that is there when left out.' }),
    to: offset.optional().meta({ description: 'Offset behind the last one; the end when left out.' }),
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
      description: 'Codes of the errors, as in the header `__dlq.errors.code`.',
      'x-kubernetes-list-type': 'set',
    }),
    keys: z
      .array(z.string().min(1).max(512))
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Keys of the messages, such as ids of tasks.', 'x-kubernetes-list-type': 'set' }),
    from: time.optional().meta({ description: 'Letters written at this time or later.', format: 'date-time' }),
    to: time.optional().meta({ description: 'Letters written before this time.', format: 'date-time' }),
    offsets: z
      .array(offsetRange)
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Where the letters are; other partitions are left out.' }),
  })
  .meta({
    description: 'Which letters are meant: those that fit everything it says; all when left out.',
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
      .meta({ description: 'The ReminderConsumer whose dead letters go back.', ...fixed('consumerRef') }),
    source: z
      .enum(['Workers', 'Webhook'])
      .default('Workers')
      .meta({
        description: 'Who gave the letters up: the workers of the ReminderConsumer, or its webhook.',
        ...fixed('source'),
      }),
    filter: deadLetterFilter.optional(),
    limit: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .optional()
      .meta({ description: 'Most letters to send back; all when left out.' }),
    dryRun: z
      .boolean()
      .default(false)
      .meta({ description: 'Only counts what would go back.', ...fixed('dryRun') }),
    throttle: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: 'Most letters a second; as fast as it goes when left out. It can be changed.' }),
    paused: z.boolean().default(false).meta({ description: 'Stops until it is false again. It can be changed.' }),
    maxReturns: z
      .int()
      .min(1)
      .max(100)
      .default(3)
      .meta({ description: 'A letter that has gone back so many times stays.', ...fixed('maxReturns') }),
  })
  .meta({
    description: 'The replay that is wanted. Only throttle and paused can be changed.',
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
  read: count.optional().meta({ description: 'Letters read so far.' }),
  matched: count.optional().meta({ description: 'Those of them that the filter means.' }),
  replayed: count.optional().meta({ description: 'Those of them that went back.' }),
  kept: count.optional().meta({
    description:
      'Those of them that stay: they went back too often, were cut, are too large, or come from a topic that the consumer does not read.',
  }),
  remaining: count.optional().meta({ description: 'Letters of those at the start that are not read yet.' }),
};

const status = z.object({ ...statusBase, ...replayCounts }).meta({ description: 'What the operator saw last.' });

export type DeadLetterReplay = Resource<z.infer<typeof spec>, z.infer<typeof status>>;

export const deadLetterReplay = {
  apiVersion,
  kind: 'DeadLetterReplay',
  plural: 'deadletterreplays',
  shortName: 'dlr',
  description: 'Sends dead letters of a ReminderConsumer back to the topics that they came from, once.',
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
      { name: 'Replayed', type: 'integer', jsonPath: '.status.replayed', description: 'Letters that went back.' },
      { name: 'Kept', type: 'integer', jsonPath: '.status.kept', description: 'Letters that stay.' },
      { name: 'Remaining', type: 'integer', jsonPath: '.status.remaining', description: 'Letters not read yet.' },
    ],
    [{ name: 'Read', type: 'integer', jsonPath: '.status.read', description: 'Letters read so far.' }],
  ),
} as const satisfies KindDefinition;
