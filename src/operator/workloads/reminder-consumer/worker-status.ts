import type { V1Pod } from '@kubernetes/client-node';
import { z } from 'zod';
import { isPodReady } from '../../pods/pods.ts';
import type { Observed } from '../../runtime/objects.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import type { ReadPodStatus } from '../pod-status.ts';

const tenYearsSeconds = 10 * 365 * 24 * 3600;

/** What a worker says at /status; anybody could have written it. */
const workerStatus = z.object({
  reminders: z.object({
    behindSeconds: z.number().min(0).max(tenYearsSeconds).optional(),
    stuckAt: z.enum(['database', 'brokers', 'other worker']).optional(),
  }),
  stuckPartitions: z
    .array(
      z.object({
        topic: z.string().regex(/^[a-zA-Z0-9._-]{1,249}$/),
        partition: z.int().min(0).max(2_147_483_647),
        offset: z.string().regex(/^\d{1,19}$/),
      }),
    )
    .max(100),
});

type WorkerStatus = z.infer<typeof workerStatus>;

/** How the workers get on, as far as they say. */
export interface WorkersProgress {
  /** For how long reminders have been due and not published, roughly; undefined while they are on time. */
  readonly latenessSeconds: number | undefined;
  readonly stuck: Problem | undefined;
}

/** Those that are not ready come first: a worker that is stuck is not. */
const mostAsked = 20;

/** Asks the workers; those that do not answer, or in other words, are left to their probes. */
export async function readWorkers(pods: readonly Observed<V1Pod>[], read: ReadPodStatus): Promise<WorkersProgress> {
  const running = pods.filter(({ status }) => status?.phase === 'Running' && status.podIP !== undefined);
  const asked = running.toSorted((one, other) => Number(isPodReady(one)) - Number(isPodReady(other)));
  const answers = asked
    .slice(0, mostAsked)
    .map(async (pod) => [pod, workerStatus.parse(await read(podIpOf(pod)))] as const);
  const settled = await Promise.allSettled(answers);
  const told = settled.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  return { latenessSeconds: lateness(told.map(([, status]) => status)), stuck: stuckProblem(told) };
}

const podIpOf = ({ status }: Observed<V1Pod>) => status!.podIP!;

/** What is worth a change of the status: a value that changed all the time would be written all the time. */
const steps = [5, 10, 30, 60, 120, 300, 600, 1800, 3600, 6 * 3600, 24 * 3600];

/** All workers share one schedule: once any of them has published all that was due, nothing is late. */
function lateness(statuses: readonly WorkerStatus[]): number | undefined {
  const seconds = Math.min(...statuses.flatMap(({ reminders }) => reminders.behindSeconds ?? []));
  return Number.isFinite(seconds) ? steps.findLast((step) => step <= seconds) : undefined;
}

/** So many places are named; the others will be the same trouble. */
const mostNamed = 3;

/** Without times, which change with every look. */
function stuckProblem(told: readonly (readonly [Observed<V1Pod>, WorkerStatus])[]): Problem | undefined {
  const reminders = told.flatMap(
    ([
      pod,
      {
        reminders: { stuckAt },
      },
    ]) =>
      stuckAt
        ? [`${pod.metadata.name} could not publish any reminder for 30 seconds or longer: ${obstacles[stuckAt]}.`]
        : [],
  );
  const partitions = told.flatMap(([pod, { stuckPartitions }]) =>
    stuckPartitions.map(
      ({ topic, partition, offset }) =>
        `${pod.metadata.name} has been at offset ${offset} of partition ${partition} of topic ${topic} for 30 seconds ` +
        `or longer; later messages wait.`,
    ),
  );
  const places = [...reminders.toSorted(), ...partitions.toSorted()];
  if (places.length === 0) return undefined;
  const more = places.length > mostNamed ? [`The same applies to ${places.length - mostNamed} more.`] : [];
  const message = [...places.slice(0, mostNamed), ...more, "See the worker's log for the cause."].join(' ');
  return { reason: 'Stuck', message, failed: false, needsPerson: true };
}

const obstacles = {
  database: 'the database does not answer, or rejects them',
  brokers: 'the brokers do not accept them',
  'other worker': 'another worker has locked the due ones',
} as const;
