import { describe, expect, it } from '@jest/globals';
import {
  deadLetterEventTopic,
  webhookDeadLetterEventTopic,
} from '../../../../../src/operator/workloads/reminder-consumer/dead-letters.ts';
import { workerDeployment } from '../../../../../src/operator/workloads/reminder-consumer/deployment.ts';
import {
  webhookDeployment,
  webhookSince,
} from '../../../../../src/operator/workloads/reminder-consumer/webhook-deployment.ts';
import { clientSettings } from '../../../../../src/operator/workloads/kafka-settings.ts';
import { expectGolden } from '../../../../support/golden.ts';
import { aReminderConsumer } from '../../../../support/resources.ts';

const kafka = clientSettings({}, 'events.tasks.svc.cluster.local:9092');
const everything = {
  clusterRef: { name: 'events', namespace: 'brokers' },
  topics: ['a', 'b', 'c'],
  remindersTopic: 'due',
  groupId: 'workers',
  deadLetterTopic: 'dead',
  scaling: { maxReplicas: 4 },
  retry: { maxAttempts: 3, initialDelayMilliseconds: 10, maxDelayMilliseconds: 100 },
  leadTimesSeconds: [0, 3600],
};

describe('the manifests of a ReminderConsumer', () => {
  it.each([
    ['reminder-consumer', {}, 1],
    ['reminder-consumer-everything', everything, 4],
  ])('are as golden/%s.yaml says', (name, spec, replicas) => {
    const consumer = aReminderConsumer(spec);
    const input = { consumer, replicas, defaultImage: 'kafka-events:1', kafka, secretsHash: 'abc' };
    expectGolden(import.meta.dirname, name, [workerDeployment(input), deadLetterEventTopic(consumer)]);
  });
});

const url = 'https://hooks.example.org/reminders';
const signingSecretRef = { name: 'hook' };
const allOfIt = {
  ...{
    url: 'http://hooks.tasks.svc:8080/in?token=$(SIGNING_KEY)',
    allowHttp: true,
    allowedCidrs: ['10.0.0.0/8', 'fd00::/8'],
  },
  ...{ signingSecretRef: { name: 'hook', key: 'secret' }, replicas: 3, maxInFlight: 10, maxRequestsPerSecond: 2 },
  ...{ timeoutSeconds: 5, deadLetterTopic: 'undelivered', resources: { limits: { memory: '300Mi' } } },
  retry: { maxAttempts: 2, maxAgeSeconds: 60, initialDelayMilliseconds: 10, maxDelayMilliseconds: 100 },
  podTemplate: { metadata: { labels: { egress: 'internet' } } },
};

describe('the manifests of a webhook', () => {
  const since = '2026-01-01T00:00:00.000Z';
  const render = (spec: object) => {
    const consumer = aReminderConsumer({ webhook: spec });
    const { webhook } = consumer.spec;
    const input = { consumer, webhook: webhook!, since, defaultImage: 'kafka-events:1', kafka, secretsHash: 'abc' };
    return { consumer, deployment: webhookDeployment(input) };
  };

  it.each([
    ['webhook', { url, signingSecretRef }],
    ['webhook-everything', allOfIt],
  ])('are as golden/%s.yaml says', (name, spec) => {
    const { consumer, deployment } = render(spec);
    expectGolden(import.meta.dirname, name, [deployment, webhookDeadLetterEventTopic(consumer)]);
  });

  it('put no secret into a URL that asks for it', () => {
    const [container] = render(allOfIt).deployment.spec!.template.spec!.containers;
    const variable = container!.env!.find(({ name }) => name === 'WEBHOOK_URI');
    // By which the kubelet writes a single dollar, and no variable.
    expect(variable?.value).toBe('http://hooks.tasks.svc:8080/in?token=$$(SIGNING_KEY)');
  });

  it('keep the time since when there is a webhook', () => {
    const { consumer, deployment } = render({ url, signingSecretRef });
    const now = new Date('2026-02-01T00:00:00Z');
    expect(webhookSince(consumer, undefined, now)).toBe(now.toISOString());
    expect(webhookSince(consumer, deployment, now)).toBe(since);
    expect(webhookSince({ ...consumer, status: { webhook: { since } } }, undefined, now)).toBe(since);
  });
});
