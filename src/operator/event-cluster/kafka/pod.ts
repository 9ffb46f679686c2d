import type { V1Container, V1EnvVar, V1PodSpec, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { mebibyte } from '../../pods/quantity.ts';
import { restrictedContainer, restrictedPod } from '../../pods/pod-security.ts';
import { imageOf, type Release } from '../../pods/image.ts';
import { configMapName, dataVolume, ports, secretNames } from '../names.ts';
import type { ClusterPlan } from '../plan.ts';
import { rackEnvironment, rackVariable } from '../rack.ts';
import { clusterId } from './cluster-id.ts';
import { propertiesFile } from './config-map.ts';
import { defaultResources, heapBytes } from './memory.ts';
import { dataFolder, secretsFolder } from './properties.ts';
import { brokerListeners, controllerListeners, tlsFolder } from './security-properties.ts';

/** What runs where the spec names neither an image nor a version. */
export const release: Release = { image: 'apache/kafka', version: '4.3.1' };

/** The official image's own user, whom it names by name, so that `runAsNonRoot` could not tell that it is none. */
const user = 1000;

const configFolder = '/etc/kafka';

/** A broker, and before it the formatting of its volume. No shell is needed, and the image may have none. */
export function podSpec(plan: ClusterPlan): V1PodSpec {
  return {
    securityContext: restrictedPod(user),
    // To hand over the lead of all partitions takes seconds. When all brokers end together there is nobody to hand over
    // to, and Kafka would wait for minutes.
    terminationGracePeriodSeconds: 45,
    initContainers: [formatContainer(plan)],
    containers: [brokerContainer(plan)],
    volumes: [
      { name: 'config', configMap: { name: configMapName(plan) } },
      ...(plan.security
        ? [{ name: 'tls', secret: { secretName: secretNames(plan).brokers.name, defaultMode: 0o440 } }]
        : []),
      ...(plan.secretConfig ? [secretsVolume(plan.spec)] : []),
      // Kafka unpacks native libraries here.
      { name: 'tmp', emptyDir: {} },
    ],
  };
}

/** Leaves a volume alone that is formatted already; with another cluster's id, it fails and says so. */
function formatContainer(plan: ClusterPlan): V1Container {
  return {
    ...javaContainer(plan, 'format'),
    args: java('256m', 'kafka.tools.StorageTool', [
      'format',
      '--ignore-formatted',
      `--cluster-id=${clusterId(plan)}`,
      `--config=${ownProperties}`,
    ]),
  };
}

function brokerContainer(plan: ClusterPlan): V1Container {
  return {
    ...javaContainer(plan, 'kafka'),
    args: java(`${heapBytes(plan.spec.resources) / mebibyte}m`, 'kafka.Kafka', [
      ownProperties,
      ...(plan.spec.rack ? rackArguments(`$(${rackVariable})`) : []),
    ]),
    ports: containerPorts(plan),
    // Kafka opens its port once it has caught up with the cluster's metadata: ready means a member, not just a process.
    startupProbe: { ...portAnswers, periodSeconds: 2, failureThreshold: 600 },
    readinessProbe: { ...portAnswers, periodSeconds: 5 },
    livenessProbe: { ...portAnswers, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
  };
}

/** Names of ports by the listeners: services and probes find a broker by `kafka`, whichever listener is for clients. */
function containerPorts({ security, spec }: ClusterPlan): NonNullable<V1Container['ports']> {
  const { INTERNAL, MOVED, REPLICATION, CERTIFICATES } = brokerListeners(security);
  const { CONTROLLER, MOVED_CONTROLLER } = controllerListeners(security);
  const named = {
    kafka: INTERNAL ?? MOVED,
    controller: CONTROLLER ?? MOVED_CONTROLLER,
    replication: REPLICATION,
    moved: INTERNAL && MOVED,
    'moved-control': CONTROLLER && MOVED_CONTROLLER,
    certificates: CERTIFICATES,
    external: spec.externalAccess && ports.external,
  };
  return Object.entries(named).flatMap(([name, containerPort]) => (containerPort ? [{ name, containerPort }] : []));
}

const portAnswers = { tcpSocket: { port: 'kafka' } };

function javaContainer(plan: ClusterPlan, name: string): V1Container {
  return {
    name,
    image: imageOf(plan.spec, release),
    command: ['java'],
    env: [podIndex, ...rackEnvironment(plan.spec)],
    securityContext: restrictedContainer,
    resources: (plan.spec.resources ?? defaultResources) as NonNullable<V1Container['resources']>,
    volumeMounts: [...mounts, ...(plan.security ? [tlsMount] : []), ...(plan.secretConfig ? [secretsMount] : [])],
  };
}

const mounts: V1VolumeMount[] = [
  { name: dataVolume, mountPath: dataFolder },
  { name: 'config', mountPath: configFolder, readOnly: true },
  { name: 'tmp', mountPath: '/tmp' },
];

const tlsMount: V1VolumeMount = { name: 'tls', mountPath: tlsFolder, readOnly: true };
const secretsMount: V1VolumeMount = { name: 'secrets', mountPath: secretsFolder, readOnly: true };

/** Only the keys that are named, each as a file that is called as its property. */
function secretsVolume({ configFrom = [] }: ClusterPlan['spec']): V1Volume {
  const sources = configFrom.map(({ name: path, valueFrom }) => {
    const { name, key } = valueFrom.secretKeyRef;
    return { secret: { name, items: [{ key, path }] } };
  });
  return { name: 'secrets', projected: { defaultMode: 0o440, sources } };
}

const podIndex: V1EnvVar = {
  name: 'POD_INDEX',
  valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
};

/** For Kafka, over what its file says, which is written before anybody knows where a pod will run. */
export const rackArguments = (rack: string): string[] => ['--override', `broker.rack=${rack}`];

/** The kubelet puts the number in. */
const ownProperties = `${configFolder}/${propertiesFile('$(POD_INDEX)')}`;

function java(heap: string, mainClass: string, args: readonly string[]): string[] {
  return [
    `-Xmx${heap}`,
    // A broker that is out of memory answers wrongly or not at all: better that it is started anew.
    '-XX:+ExitOnOutOfMemoryError',
    // Java remembers for 10 s that a broker had no address yet, and for 30 s which one it had: too long at a start.
    '-Dsun.net.inetaddr.negative.ttl=1',
    '-Dsun.net.inetaddr.ttl=5',
    '-classpath',
    '/opt/kafka/libs/*',
    `-Dlog4j2.configurationFile=${configFolder}/log4j2.yaml`,
    mainClass,
    ...args,
  ];
}
