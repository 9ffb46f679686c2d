import type { V1Container, V1EnvVar, V1PodSpec, V1Probe, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { restrictedContainer, restrictedPod } from '../../pods/pod-security.ts';
import { imageOf, type Release } from '../../pods/image.ts';
import { configMapName, dataVolume, hostOfPod, ports, replicationPort, secretNames } from '../names.ts';
import type { ClusterPlan } from '../plan.ts';
import { rackEnvironment } from '../rack.ts';
import { configFolder, dataFolder, redpandaPorts, sourceFolder, tlsFolder } from './layout.ts';
import { clientsCa } from './listeners.ts';
import { defaultResources } from './memory.ts';

/** What runs where the spec names neither an image nor a version. */
export const release: Release = { image: 'docker.redpanda.com/redpandadata/redpanda', version: 'v26.2.1' };

/** The image's own user. */
const user = 101;

export function podSpec(plan: ClusterPlan): V1PodSpec {
  return {
    securityContext: restrictedPod(user),
    terminationGracePeriodSeconds: 90,
    // The chart's privileged container that tunes the node is left out: "restricted" does not allow it.
    initContainers: [{ ...redpandaContainer(plan, 'configure'), command: script('configure.sh') }],
    containers: [brokerContainer(plan)],
    volumes: [
      { name: 'source', configMap: { name: configMapName(plan) } },
      { name: 'config', emptyDir: {} },
      ...(plan.security ? [tlsVolume(plan)] : []),
      { name: 'tmp', emptyDir: {} },
    ],
  };
}

/** The certificates of the brokers, and what their HTTP APIs, which are clients, too, verify brokers with. */
function tlsVolume(plan: ClusterPlan): V1Volume {
  const { brokers, clientsCa: ca } = secretNames(plan);
  return {
    name: 'tls',
    projected: {
      defaultMode: 0o440,
      sources: [
        { secret: { name: brokers.name } },
        { secret: { name: ca.name, items: [{ key: 'ca.crt', path: clientsCa }] } },
      ],
    },
  };
}

function brokerContainer(plan: ClusterPlan): V1Container {
  return {
    ...redpandaContainer(plan, 'redpanda'),
    command: ['rpk', 'redpanda', 'start', `--advertise-rpc-addr=$(RPC_HOST):${redpandaPorts.rpc}`],
    ports: containerPorts(plan),
    lifecycle: {
      postStart: { exec: { command: script('post-start.sh') } },
      preStop: { exec: { command: script('pre-stop.sh') } },
    },
    startupProbe: { ...run('is-started.sh'), periodSeconds: 10, failureThreshold: 120 },
    livenessProbe: { tcpSocket: { port: 'admin' }, periodSeconds: 10, failureThreshold: 3 },
    readinessProbe: { ...run('is-ready.sh'), periodSeconds: 10, failureThreshold: 3 },
  };
}

function containerPorts({ spec, security }: ClusterPlan): NonNullable<V1Container['ports']> {
  const { admin, proxy, registry, rpc } = redpandaPorts;
  const named = {
    kafka: ports.kafka,
    admin,
    proxy,
    registry,
    rpc,
    ...(security && { replication: replicationPort }),
    ...(spec.externalAccess && { external: ports.external }),
  };
  return Object.entries(named).map(([name, containerPort]) => ({ name, containerPort }));
}

const script = (name: string) => ['bash', `${sourceFolder}/${name}`];
const run = (name: string): V1Probe => ({ exec: { command: script(name) }, timeoutSeconds: 10 });

function redpandaContainer(plan: ClusterPlan, name: string): V1Container {
  return {
    name,
    image: imageOf(plan.spec, release),
    env: environment(plan),
    // The chart leaves the root file system writable; a broker writes to its volume, its configuration and /tmp only.
    securityContext: restrictedContainer,
    resources: (plan.spec.resources ?? defaultResources) as NonNullable<V1Container['resources']>,
    volumeMounts: plan.security ? [...mounts, tlsMount] : mounts,
  };
}

function environment(plan: ClusterPlan): V1EnvVar[] {
  return [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'RPC_HOST', value: hostOfPod(plan, '$(POD_NAME)') },
    ...rackEnvironment(plan.spec),
    // Where `rpk` looks for a profile of its user's.
    { name: 'HOME', value: '/tmp' },
  ];
}

const mounts: V1VolumeMount[] = [
  { name: dataVolume, mountPath: dataFolder },
  { name: 'source', mountPath: sourceFolder, readOnly: true },
  { name: 'config', mountPath: configFolder },
  { name: 'tmp', mountPath: '/tmp' },
];

const tlsMount: V1VolumeMount = { name: 'tls', mountPath: tlsFolder, readOnly: true };
