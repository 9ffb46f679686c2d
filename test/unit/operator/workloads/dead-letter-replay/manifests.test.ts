import { describe, expect, it } from '@jest/globals';
import { clientSettings } from '../../../../../src/operator/workloads/kafka-settings.ts';
import { replayJob } from '../../../../../src/operator/workloads/dead-letter-replay/job.ts';
import { expectGolden } from '../../../../support/golden.ts';
import { aDeadLetterReplay, aReminderConsumer } from '../../../../support/resources.ts';

const kafka = clientSettings({}, 'events.tasks.svc.cluster.local:9092');

const everything = {
  filter: {
    errorCodes: ['SchemaInvalid'],
    keys: ['a'],
    from: '2026-01-01T00:00:00Z',
    offsets: [{ partition: 0, from: 5 }],
  },
  limit: 10,
  dryRun: true,
  throttle: 100,
  paused: true,
  maxReturns: 1,
};

/** A mirror of the images, a taint, a proxy for the program, and a sidecar. */
const consumerOfEverything = {
  topics: ['a', 'b'],
  deadLetterTopic: 'dead',
  image: 'mirror.example.org/kafka-events:1',
  resources: { requests: { cpu: '1' }, limits: { cpu: '2', memory: '1Gi' } },
  podTemplate: {
    metadata: { labels: { team: 'tasks', 'app.kubernetes.io/name': 'mine' }, annotations: { scrape: 'yes' } },
    spec: {
      restartPolicy: 'Always',
      imagePullSecrets: [{ name: 'mirror' }],
      tolerations: [{ key: 'batch', operator: 'Exists' }],
      volumes: [{ name: 'certificates', configMap: { name: 'certificates' } }],
      containers: [
        {
          name: 'reminder-consumer',
          args: ['something else'],
          env: [{ name: 'NODE_EXTRA_CA_CERTS', value: '/certificates/ca.crt' }],
          readinessProbe: { timeoutSeconds: 10 },
          volumeMounts: [{ name: 'certificates', mountPath: '/certificates' }],
        },
        { name: 'sidecar', image: 'sidecar' },
      ],
    },
  },
};

const jobOf = (replay: object, consumer: object) =>
  replayJob({
    replay: aDeadLetterReplay(replay),
    consumer: aReminderConsumer(consumer),
    defaultImage: 'kafka-events:1',
    kafka,
    secretsHash: 'abc',
  });

describe('the Job of a DeadLetterReplay', () => {
  it.each([
    ['dead-letter-replay', {}, {}],
    ['dead-letter-replay-everything', everything, consumerOfEverything],
  ])('is as golden/%s.yaml says', (name, replay, consumer) => {
    expectGolden(import.meta.dirname, name, [jobOf(replay, consumer)]);
  });

  it("runs as the consumer's pods do, with its own program and nothing beside it that would not end", () => {
    const { spec, metadata } = jobOf(everything, consumerOfEverything).spec!.template;
    expect(metadata?.labels).toMatchObject({ team: 'tasks', 'app.kubernetes.io/name': 'dead-letter-replay' });
    expect(spec).toMatchObject({
      restartPolicy: 'Never',
      imagePullSecrets: [{ name: 'mirror' }],
      tolerations: [{ key: 'batch', operator: 'Exists' }],
    });
    expect(spec?.containers).toHaveLength(1);
    expect(spec?.containers[0]).toMatchObject({
      name: 'dead-letter-replay',
      image: 'mirror.example.org/kafka-events:1',
      args: ['/app/dist/bin/dead-letter-replay.js'],
      env: expect.arrayContaining([{ name: 'NODE_EXTRA_CA_CERTS', value: '/certificates/ca.crt' }]) as unknown,
      resources: { limits: { cpu: '2' } },
    });
    expect(spec?.containers[0]).not.toHaveProperty('readinessProbe');
  });
});
