import type { V1Deployment, V1EnvVar } from '@kubernetes/client-node';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { variable } from '../deployment.ts';

const names = { seconds: 'LEAD_TIMES_SECONDS', revision: 'LEAD_TIMES_REVISION' } as const;

/** More changes than one resource ever has in the second that its creation time is good for. */
const generationsPerSecond = 100_000;

/**
 * The lead times, and their revision: workers leave those of a greater revision alone, so that an old pod which restarts
 * in the middle of a rollout does not bring the old ones back. The revision grows with the resource's generation, and
 * from a deleted resource to the next; it stays while the lead times do, since another one would replace all pods.
 *
 * @param running the Deployment as it is now
 */
export function leadTimeVariables(
  { metadata, spec }: ReminderConsumer,
  running: Pick<V1Deployment, 'spec'> | undefined,
): V1EnvVar[] {
  const seconds = spec.leadTimesSeconds.join(',');
  const variables = running?.spec?.template.spec?.containers.flatMap(({ env }) => env ?? []) ?? [];
  const runningValue = (name: string) => variables.find((one) => one.name === name)?.value;
  const kept = runningValue(names.seconds) === seconds ? runningValue(names.revision) : undefined;
  const createdAt = Math.floor(Date.parse(metadata.creationTimestamp ?? '') / 1000) || 0;
  const revision = createdAt * generationsPerSecond + (metadata.generation ?? 0);
  return [variable(names.seconds, seconds), variable(names.revision, kept ?? revision)];
}
