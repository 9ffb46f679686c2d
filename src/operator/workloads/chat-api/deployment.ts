import type { V1Deployment, V1EnvVar } from '@kubernetes/client-node';
import type { ChatApi } from '../../../api/chat-api.ts';
import { deploymentOf, fromSecret, variable, type WorkloadInputs } from '../deployment.ts';

export const component = 'chat-api';
export const httpPort = 8080;
const tokensFolder = '/etc/kafka-events/tokens';

/** What the spec does not say. */
export interface DeploymentInput extends WorkloadInputs {
  readonly chatApi: ChatApi;
  readonly defaultImage: string;
}

export function chatApiDeployment({ chatApi, defaultImage, kafka, secretsHash }: DeploymentInput): V1Deployment {
  const { metadata, spec } = chatApi;
  return deploymentOf({
    name: metadata.name,
    namespace: metadata.namespace,
    component,
    program: 'chat-api',
    image: spec.image ?? defaultImage,
    replicas: spec.replicas,
    kafka,
    environment: environment(spec),
    ports: { http: httpPort },
    volumes: [{ name: 'tokens', secret: { secretName: spec.auth.tokensSecretRef.name, defaultMode: 0o440 } }],
    volumeMounts: [{ name: 'tokens', mountPath: tokensFolder, readOnly: true }],
    // Requests still come while word spreads that the pod is going.
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
    resources: spec.resources,
    podTemplate: spec.podTemplate,
    secretsHash,
  });
}

function environment({ databaseSecretRef, topics, llm }: ChatApi['spec']): V1EnvVar[] {
  return [
    variable('HTTP_PORT', httpPort),
    fromSecret('DATABASE_URI', databaseSecretRef),
    variable('EVENTS_TOPIC', topics.events),
    variable('UPDATES_TOPIC', topics.updates),
    variable('REMINDERS_TOPIC', topics.reminders),
    variable('AUTH_TOKENS_DIRECTORY', tokensFolder),
    ...(llm ? [variable('LLM_BASE_URL', llm.baseUrl), variable('LLM_MODEL', llm.model)] : []),
    ...(llm?.apiKeySecretRef ? [fromSecret('LLM_API_KEY', llm.apiKeySecretRef)] : []),
  ];
}
