import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import type { KafkaConnection } from '../../../kafka/connection.ts';
import { answerOf, nothingRefused, refusalOf } from '../../brokers/answer.ts';
import { totalLag, type Brokers } from '../../brokers/brokers.ts';
import { secretsExist, type SecretReference } from '../../brokers/user-secrets.ts';
import { deployments, networkPolicies } from '../../kinds.ts';
import { requirePodSecurity, type PodSecurityLevel } from '../../pods/pod-security-standard.ts';
import { manifestWithPodDefaults, type PodDefaults } from '../../pods/pod-defaults.ts';
import { podsOf } from '../../pods/pods.ts';
import { requireResources } from '../../pods/refuse-resources.ts';
import { controllerOf, keyOf } from '../../runtime/objects.ts';
import type { Context } from '../../runtime/reconcile/controller.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import type { ReadPodStatus } from '../pod-status.ts';
import { applyDeployment, noInputs, ownDeployment, type WorkloadInputs } from '../deployment.ts';
import { deploymentAvailable, type SeenDeployment } from '../readiness.ts';
import { keepUser, removeUser, userMade } from '../kafka-user.ts';
import { seeRequirements } from '../requirements.ts';
import { webhookDeadLetterEventTopic } from './dead-letters.ts';
import { keepDeadLetters } from './keep-dead-letters.ts';
import { webhookComponent, webhookDeadLetterTopic, webhookGroupId, webhookName } from './names.ts';
import { webhookUser } from './users.ts';
import { webhookDeployment, webhookSince, type Webhook } from './webhook-deployment.ts';
import { webhookTrouble } from './webhook-trouble.ts';

/** What came of a webhook. */
export interface WebhookOutcome {
  readonly problem: Problem | undefined;
  readonly status: NonNullable<ReminderConsumer['status']>['webhook'];
}

export interface WebhookOptions {
  readonly defaultImage: string;
  readonly podDefaults: PodDefaults | undefined;
  readonly readPodStatus: ReadPodStatus;
  /** The operator's way to the brokers, while there is one. */
  readonly ask: { readonly brokers: Brokers; readonly connection: KafkaConnection } | undefined;
}

export function webhookSecrets({ spec: { webhook } }: ReminderConsumer): SecretReference[] {
  if (!webhook) return [];
  const { name, key } = webhook.signingSecretRef;
  const fix = `Create it with a signing secret under the key ${key}: whsec_ and 24 to 64 random bytes in base64.`;
  return [{ name, keys: [key], field: 'spec.webhook.signingSecretRef', fix }];
}

/** @throws {ExpectedError} PodSecurityViolation, PodTemplateRefused or ResourcesRefused */
export function requireWebhookFits(consumer: ReminderConsumer, level: PodSecurityLevel): void {
  const { webhook } = consumer.spec;
  if (!webhook) return;
  const deployment = webhookDeployment({ consumer, webhook, defaultImage: '', since: '', ...noInputs });
  requirePodSecurity(deployment.spec!.template, level, 'spec.webhook.podTemplate');
  requireResources(webhook.resources, 'spec.webhook.resources');
}

/**
 * Runs the pods that send reminders to a URL, and the topic for what they give up; without a webhook there are none. The
 * topic stays, for what lies in it.
 *
 * @throws {ExpectedError} NameTaken
 */
export async function keepWebhook(
  context: Context<ReminderConsumer>,
  options: WebhookOptions,
): Promise<WebhookOutcome | undefined> {
  const { object, caches, client } = context;
  const { webhook } = object.spec;
  if (webhook) return runWebhook(context, webhook, options);
  const key = { ...keyOf(object), name: webhookName(object) };
  if (ownDeployment(context, key.name)) await client.delete(deployments, key);
  const policy = caches.of(networkPolicies).get(key);
  if (policy && controllerOf(policy)?.uid === object.metadata.uid) await client.delete(networkPolicies, key);
  await removeUser(context, webhookUser(object));
  return undefined;
}

async function runWebhook(
  context: Context<ReminderConsumer>,
  webhook: Webhook,
  { defaultImage, podDefaults, readPodStatus, ask }: WebhookOptions,
): Promise<WebhookOutcome> {
  const { object, caches, clock } = context;
  const name = webhookName(object);
  const user = await keepUser(context, webhookUser(object));
  const requirements = seeRequirements(object, caches, webhookSecrets(object), user);
  if (requirements.seen.cluster) await keepDeadLetters(context, webhookDeadLetterEventTopic(object));
  const since = webhookSince(object, ownDeployment(context, name), clock.now());
  const manifest = (inputs: WorkloadInputs) =>
    manifestWithPodDefaults(
      webhookDeployment({ consumer: object, webhook, defaultImage, since, ...inputs }),
      podDefaults,
    );
  const deployment = await applyDeployment(context, requirements, manifest, name);
  const pods = deployment ? podsOf(caches, webhookComponent, object.metadata, deployment.metadata.uid) : [];
  const { lag, deadLetters, refusals } = ask ? await observe(object, ask) : noAnswers;
  const problem =
    userMade(requirements) ??
    secretsExist(requirements) ??
    (await podsProblem({ deployment, pods, now: clock.now() }, readPodStatus)) ??
    nothingRefused({ refusals });
  return {
    problem: problem && { ...problem, message: `Webhook: ${problem.message}` },
    status: {
      since,
      replicas: deployment?.status?.replicas ?? 0,
      readyReplicas: deployment?.status?.readyReplicas ?? 0,
      ...(lag !== undefined && { lag }),
      ...(deadLetters !== undefined && { deadLetters }),
    },
  };
}

/** Pods that run and deliver nothing say why. */
async function podsProblem(seen: SeenDeployment, readPodStatus: ReadPodStatus): Promise<Problem | undefined> {
  const problem = deploymentAvailable(seen);
  if (!problem || !seen.deployment) return problem;
  const reasons = await webhookTrouble(seen.pods, readPodStatus);
  if (reasons.length === 0) return problem;
  const message = [problem.message, ...reasons.map((reason) => `${reason}.`)].join(' ');
  return { reason: 'DeliveryFailing', message, failed: false, needsPerson: true };
}

const noAnswers = { lag: undefined, deadLetters: undefined, refusals: [] };

async function observe(consumer: ReminderConsumer, { brokers, connection }: NonNullable<WebhookOptions['ask']>) {
  const { remindersTopic } = consumer.spec;
  const [id, dead] = [webhookGroupId(consumer), webhookDeadLetterTopic(consumer)];
  const [lag, deadLetters] = await Promise.all([
    answerOf(brokers.groupLag(connection, id, [remindersTopic])),
    answerOf(brokers.messageCount(connection, dead)),
  ]);
  return {
    lag: lag.value && totalLag(lag.value),
    deadLetters: deadLetters.value,
    refusals: [
      refusalOf(lag, { subject: 'The lag', rights: `Describe on group ${id} and on topic ${remindersTopic}` }),
      refusalOf(deadLetters, { subject: 'The number of dead letters', rights: `Describe on topic ${dead}` }),
    ],
  };
}
