import type { V1Deployment, V1EnvVar } from '@kubernetes/client-node';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { deploymentOf, fromSecret, variable, workerNodeOptions, type WorkloadInputs } from '../deployment.ts';
import { leadTimeVariables } from './lead-times.ts';
import { component, deadLetterTopic, groupId } from './names.ts';

/** What the spec does not say. */
export interface DeploymentInput extends WorkloadInputs {
  readonly consumer: ReminderConsumer;
  readonly replicas: number;
  readonly defaultImage: string;
  /** The Deployment as it is now, if there is one. */
  readonly running?: Pick<V1Deployment, 'spec'> | undefined;
}

export function workerDeployment({
  consumer,
  replicas,
  defaultImage,
  running,
  kafka,
  secretsHash,
}: DeploymentInput): V1Deployment {
  const { metadata, spec } = consumer;
  return deploymentOf({
    name: metadata.name,
    namespace: metadata.namespace,
    component,
    program: 'reminder-worker',
    image: spec.image ?? defaultImage,
    replicas,
    kafka,
    environment: environment(consumer, running),
    nodeOptions: workerNodeOptions,
    resources: spec.resources,
    podTemplate: spec.podTemplate,
    secretsHash,
  });
}

function environment(consumer: ReminderConsumer, running: DeploymentInput['running']): V1EnvVar[] {
  const { databaseSecretRef, topics, remindersTopic, retry, deletedTaskDays } = consumer.spec;
  return [
    fromSecret('DATABASE_URI', databaseSecretRef),
    variable('TOPICS', topics.join(',')),
    variable('REMINDERS_TOPIC', remindersTopic),
    variable('DEAD_LETTER_TOPIC', deadLetterTopic(consumer)),
    variable('GROUP_ID', groupId(consumer)),
    ...leadTimeVariables(consumer, running),
    variable('DELETED_TASK_DAYS', deletedTaskDays),
    variable('RETRY_MAX_ATTEMPTS', retry.maxAttempts),
    variable('RETRY_INITIAL_DELAY_MILLISECONDS', retry.initialDelayMilliseconds),
    variable('RETRY_MAX_DELAY_MILLISECONDS', retry.maxDelayMilliseconds),
  ];
}
