import type { V1Container, V1EnvVar, V1Job, V1PodTemplateSpec } from '@kubernetes/client-node';
import type { DeadLetterReplay } from '../../../api/dead-letter-replay.ts';
import type { ReminderConsumer } from '../../../api/reminder-consumer.ts';
import { configurationHashAnnotation, digest, secretsHashAnnotation } from '../../pods/digest.ts';
import { objectLabels, selectorLabels } from '../../pods/labels.ts';
import { restrictedContainer, restrictedPod } from '../../pods/pod-security.ts';
import { withPodDefaults, type PodDefaults } from '../../pods/pod-defaults.ts';
import { mergePodTemplate } from '../../pods/pod-template.ts';
import {
  defaultResources,
  environmentOfAll,
  imageUser,
  metricsPort,
  variable,
  type WorkloadInputs,
} from '../deployment.ts';
import { changesOfConsumer } from './consumer-pods.ts';
import { component, replayId } from './names.ts';
import { topicsOf } from './topics.ts';

export interface JobInput extends WorkloadInputs {
  readonly replay: DeadLetterReplay;
  readonly consumer: ReminderConsumer;
  /** The image of the program, where the consumer names none. */
  readonly defaultImage: string;
  readonly podDefaults?: PodDefaults | undefined;
}

/** Pods that die for whatever reason cost nothing but time: each goes on where the one before was. */
const backoffLimit = 100;
/** By which src/bin/dead-letter-replay.ts says that another pod would fail, too. */
const failedExitCode = 3;

export function replayJob(input: JobInput): V1Job {
  const { metadata, spec } = input.replay;
  const template = withPodDefaults(
    mergePodTemplate(podTemplate(input), changesOfConsumer(input.consumer), selectorLabels(component, metadata.name)),
    input.podDefaults,
  );
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      labels: objectLabels(component, metadata.name),
      // The template of a Job cannot be changed: with another one, another Job goes on.
      annotations: { [configurationHashAnnotation]: digest(JSON.stringify(template)) },
    },
    spec: {
      suspend: spec.paused,
      backoffLimit,
      podFailurePolicy: {
        rules: [
          { action: 'FailJob', onExitCodes: { containerName: component, operator: 'In', values: [failedExitCode] } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        ],
      },
      template,
    },
  };
}

function podTemplate({ replay, consumer, defaultImage, kafka, secretsHash }: JobInput): V1PodTemplateSpec {
  return {
    metadata: {
      labels: objectLabels(component, replay.metadata.name),
      annotations: { [secretsHashAnnotation]: secretsHash },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      securityContext: restrictedPod(imageUser),
      containers: [
        {
          name: component,
          image: consumer.spec.image ?? defaultImage,
          args: ['/app/dist/bin/dead-letter-replay.js'],
          env: [...environmentOfAll(), ...kafka.environment, ...environment(replay, consumer)],
          ports: [{ name: 'metrics', containerPort: metricsPort }],
          securityContext: restrictedContainer,
          resources: (consumer.spec.resources ?? defaultResources) as NonNullable<V1Container['resources']>,
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, ...kafka.volumeMounts],
        },
      ],
      volumes: [{ name: 'tmp', emptyDir: {} }, ...kafka.volumes],
    },
  };
}

function environment(replay: DeadLetterReplay, consumer: ReminderConsumer): V1EnvVar[] {
  const { filter, limit, dryRun, throttle, maxReturns } = replay.spec;
  const { deadLetterTopic, topics } = topicsOf(replay, consumer);
  return [
    variable('DEAD_LETTER_TOPIC', deadLetterTopic),
    variable('TOPICS', topics.join(',')),
    variable('REPLAY_ID', replayId(replay)),
    ...(filter ? [variable('FILTER', JSON.stringify(filter))] : []),
    ...(limit === undefined ? [] : [variable('LIMIT', limit)]),
    variable('DRY_RUN', String(dryRun)),
    ...(throttle === undefined ? [] : [variable('THROTTLE', throttle)]),
    variable('MAX_RETURNS', maxReturns),
  ];
}
