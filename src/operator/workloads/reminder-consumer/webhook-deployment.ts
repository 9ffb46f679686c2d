import type { V1Deployment, V1EnvVar } from '@kubernetes/client-node';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { deploymentOf, fromSecret, variable, type WorkloadInputs } from '../deployment.ts';
import { webhookComponent, webhookDeadLetterTopic, webhookGroupId, webhookName } from './names.ts';

export type Webhook = NonNullable<ReminderConsumer['spec']['webhook']>;

export interface WebhookDeploymentInput extends WorkloadInputs {
  readonly consumer: ReminderConsumer;
  readonly webhook: Webhook;
  readonly defaultImage: string;
  /** Reminders that fired before are not sent; a time in RFC 3339. */
  readonly since: string;
}

export function webhookDeployment(input: WebhookDeploymentInput): V1Deployment {
  const { consumer, webhook, defaultImage, kafka, secretsHash } = input;
  const { metadata, spec } = consumer;
  return deploymentOf({
    name: webhookName(consumer),
    instance: metadata.name,
    namespace: metadata.namespace,
    component: webhookComponent,
    program: 'reminder-webhook',
    image: spec.image ?? defaultImage,
    replicas: webhook.replicas,
    kafka,
    environment: environment(input),
    resources: webhook.resources,
    podTemplate: webhook.podTemplate,
    secretsHash,
  });
}

function environment({ consumer, webhook, since }: WebhookDeploymentInput): V1EnvVar[] {
  const { url, allowHttp, allowedCidrs, signingSecretRef, timeoutSeconds, retry, replicas } = webhook;
  /** The limits are those of the receiver, however many pods there are. */
  const share = (limit: number) => Math.max(1, Math.floor(limit / Math.max(1, replicas)));
  return [
    variable('REMINDERS_TOPIC', consumer.spec.remindersTopic),
    variable('DEAD_LETTER_TOPIC', webhookDeadLetterTopic(consumer)),
    variable('GROUP_ID', webhookGroupId(consumer)),
    variable('WEBHOOK_URI', url),
    variable('ALLOW_HTTP', String(allowHttp)),
    ...(allowedCidrs.length > 0 ? [variable('ALLOWED_CIDRS', allowedCidrs.join(','))] : []),
    fromSecret('SIGNING_KEY', signingSecretRef),
    variable(sinceVariable, since),
    variable('TIMEOUT_MILLISECONDS', timeoutSeconds * 1000),
    variable('MAX_IN_FLIGHT', share(webhook.maxInFlight)),
    variable('MAX_PER_SECOND', share(webhook.maxRequestsPerSecond)),
    variable('RETRY_MAX_ATTEMPTS', retry.maxAttempts),
    variable('RETRY_MAX_AGE_SECONDS', retry.maxAgeSeconds),
    variable('RETRY_INITIAL_DELAY_MILLISECONDS', retry.initialDelayMilliseconds),
    variable('RETRY_MAX_DELAY_MILLISECONDS', retry.maxDelayMilliseconds),
  ];
}

const sinceVariable = 'DELIVER_SINCE';

/**
 * Since when the webhook has been wanted, so that one that is new does not send what happened before. It stays for as
 * long as the webhook does: pods may be away for long, and then send what fired meanwhile.
 *
 * @param running the Deployment as it is now
 */
export function webhookSince(
  { status }: ReminderConsumer,
  running: Pick<V1Deployment, 'spec'> | undefined,
  now: Date,
): string {
  const variables = running?.spec?.template.spec?.containers.flatMap(({ env }) => env ?? []) ?? [];
  const kept = variables.find(({ name }) => name === sinceVariable)?.value;
  return status?.webhook?.since ?? kept ?? now.toISOString();
}
