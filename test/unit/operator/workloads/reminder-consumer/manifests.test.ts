import { describe, it } from '@jest/globals';
import { deadLetterEventTopic } from '../../../../../src/operator/workloads/reminder-consumer/dead-letters.ts';
import { workerDeployment } from '../../../../../src/operator/workloads/reminder-consumer/deployment.ts';
import { clientSettings } from '../../../../../src/operator/workloads/kafka-settings.ts';
import { expectGolden } from '../../../../support/golden.ts';
import { aReminderConsumer, anEventCluster } from '../../../../support/resources.ts';

const kafka = clientSettings(anEventCluster().spec, 'events.tasks.svc.cluster.local:9092');
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
