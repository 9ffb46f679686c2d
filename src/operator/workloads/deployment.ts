import type { V1Container, V1Deployment, V1EnvVar, V1Volume, V1VolumeMount } from '@kubernetes/client-node';
import { applyOwned } from '../apply-owned.ts';
import { workloadAccess } from '../brokers/client-access.ts';
import { secretsHash } from '../brokers/user-secrets.ts';
import { deployments, networkPolicies } from '../kinds.ts';
import { secretsHashAnnotation } from '../pods/digest.ts';
import { objectLabels, selectorLabels } from '../pods/labels.ts';
import { restrictedContainer, restrictedPod } from '../pods/pod-security.ts';
import { mergePodTemplate, type PodTemplateChanges } from '../pods/pod-template.ts';
import type { Quantities } from '../pods/quantity.ts';
import { controllerOf, keyOf, type Observed } from '../runtime/objects.ts';
import type { Context, Managed } from '../runtime/reconcile/controller.ts';
import { clientSettings, type ClientSettings } from './kafka-settings.ts';
import { networkPolicyOf } from './network-policy.ts';
import { requirementsMet, type Requirements } from './requirements.ts';

/** A program of this project's image, run as a Deployment. */
export interface Workload {
  readonly name: string;
  readonly namespace: string;
  /** The resource that it is for; `name` when left out. */
  readonly instance?: string;
  /** The program's name, and the label that tells its pods from others'. */
  readonly component: 'chat-api' | 'reminder-consumer' | 'reminder-webhook';
  /** Its file in the image. */
  readonly program: string;
  readonly image: string;
  readonly replicas: number;
  readonly environment: readonly V1EnvVar[];
  /** `nodeOptions` when left out. */
  readonly nodeOptions?: string;
  readonly kafka: ClientSettings;
  readonly ports?: Readonly<Record<string, number>>;
  readonly volumes?: readonly V1Volume[];
  readonly volumeMounts?: readonly V1VolumeMount[];
  readonly lifecycle?: V1Container['lifecycle'];
  readonly resources:
    { readonly requests?: Quantities | undefined; readonly limits?: Quantities | undefined } | undefined;
  readonly podTemplate: PodTemplateChanges | undefined;
  /** What the Secrets hold that the pods read, as a fingerprint. */
  readonly secretsHash: string;
}

export const metricsPort = 9090;

/** The image's own user. */
export const imageUser = 65532;

/** A start takes a third of a core for a second; afterwards little is used, and 180 MB are not reached. */
export const defaultResources = { requests: { cpu: '50m', memory: '160Mi' }, limits: { memory: '256Mi' } };

export function deploymentOf(workload: Workload): V1Deployment {
  const selector = selectorLabels(workload.component, instanceOf(workload));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: workload.name,
      namespace: workload.namespace,
      labels: objectLabels(workload.component, instanceOf(workload)),
    },
    spec: {
      replicas: workload.replicas,
      // A new pod proves itself before an old one goes: a broken image or setting never takes the service away.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: selector },
      template: mergePodTemplate(podTemplate(workload), workload.podTemplate, selector),
    },
  };
}

const instanceOf = ({ name, instance = name }: Workload) => instance;

function podTemplate(workload: Workload): NonNullable<V1Deployment['spec']>['template'] {
  return {
    metadata: {
      labels: objectLabels(workload.component, instanceOf(workload)),
      annotations: { [secretsHashAnnotation]: workload.secretsHash },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: restrictedPod(imageUser),
      containers: [container(workload)],
      volumes: [{ name: 'tmp', emptyDir: {} }, ...workload.kafka.volumes, ...(workload.volumes ?? [])],
    },
  };
}

function container(workload: Workload): V1Container {
  const ports = { ...workload.ports, metrics: metricsPort };
  return {
    name: workload.component,
    image: workload.image,
    args: [`/app/dist/bin/${workload.program}.js`],
    env: [...environmentOfAll(workload.nodeOptions), ...workload.kafka.environment, ...workload.environment],
    ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
    startupProbe: { ...answers('/livez'), periodSeconds: 1, failureThreshold: 120 },
    livenessProbe: { ...answers('/livez'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    readinessProbe: { ...answers('/readyz'), periodSeconds: 2, timeoutSeconds: 3 },
    ...(workload.lifecycle && { lifecycle: workload.lifecycle }),
    securityContext: restrictedContainer,
    resources: (workload.resources ?? defaultResources) as NonNullable<V1Container['resources']>,
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      ...workload.kafka.volumeMounts,
      ...(workload.volumeMounts ?? []),
    ],
  };
}

/**
 * A small heap that is cleared often. Measured on test/bench: without these options the chat API takes 307 MB after 3,300
 * messages, the worker 198 MB after a backlog of 10,000 events; with them, the worker stays at 150 MB, and the chat API at
 * 172 MB. Both get through with an old space of 48 MB, so that 128 MB leave them room.
 */
const nodeOptionsOf = (semiSpaceMegabytes: number) =>
  `--max-semi-space-size=${semiSpaceMegabytes} --max-old-space-size=128`;

export const nodeOptions = nodeOptionsOf(4);
/** What the worker has in work at once lives longer than others' garbage: of a smaller young space, much would be promoted. */
export const workerNodeOptions = nodeOptionsOf(6);

export const environmentOfAll = (options = nodeOptions): V1EnvVar[] => [
  { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  { name: 'METRICS_PORT', value: String(metricsPort) },
  { name: 'NODE_OPTIONS', value: options },
];

const answers = (path: string) => ({ httpGet: { path, port: 'metrics' } });

/** A variable whose value the kubelet reads from a Secret: the operator never passes it on. */
export function fromSecret(name: string, secret: { readonly name: string; readonly key: string }): V1EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret.name, key: secret.key } } };
}

/** A variable with this very value: the kubelet would put those of other variables, secrets too, where it says `$(NAME)`. */
export const variable = (name: string, value: string | number): V1EnvVar => ({
  name,
  value: String(value).replaceAll('$', '$$$$'),
});

/** What a Deployment takes from that which its pods need. */
export interface WorkloadInputs {
  readonly kafka: ClientSettings;
  readonly secretsHash: string;
}

/** For a Deployment that is judged before its pods' needs are looked at. */
export const noInputs: WorkloadInputs = {
  kafka: { environment: [], volumes: [], volumeMounts: [] },
  secretsHash: '',
};

/**
 * Applies the Deployment of a workload once all is there that its pods need. Until then one that runs is left alone.
 *
 * @param name of the Deployment, where it is not that of the resource
 * @throws {ExpectedError} NameTaken
 */
export async function applyDeployment(
  context: Context<Managed>,
  requirements: Requirements,
  manifest: (inputs: WorkloadInputs) => V1Deployment,
  name?: string,
): Promise<Observed<V1Deployment> | undefined> {
  const { cluster } = requirements.seen;
  const bootstrapServers = cluster?.status?.bootstrapServers;
  if (!requirementsMet(requirements).ready || !cluster || bootstrapServers === undefined) {
    return ownDeployment(context, name);
  }
  const kafka = clientSettings(workloadAccess(cluster, requirements.user?.key.name), bootstrapServers);
  const wanted = manifest({ kafka, secretsHash: secretsHash(requirements.secrets) });
  await applyOwned(context, networkPolicies, networkPolicyOf(wanted));
  return applyOwned(context, deployments, wanted);
}

/** The Deployment as it is now; one that somebody else made under its name is not it. */
export function ownDeployment(
  { object, caches }: Pick<Context<Managed>, 'object' | 'caches'>,
  name = object.metadata.name,
): Observed<V1Deployment> | undefined {
  const deployment = caches.of(deployments).get({ ...keyOf(object), name });
  return deployment && controllerOf(deployment)?.uid === object.metadata.uid ? deployment : undefined;
}
