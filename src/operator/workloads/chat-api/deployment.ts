import type { V1Deployment, V1EnvVar, V1SecretVolumeSource } from '@kubernetes/client-node';
import type { ChatApi } from '../../../api/chat-api.ts';
import { deploymentOf, fromSecret, variable, type WorkloadInputs } from '../deployment.ts';

export const component = 'chat-api';
export const httpPort = 8080;
const tokensFolder = '/etc/kafka-events/tokens';
const issuerFolder = '/etc/kafka-events/issuer';

/** What the spec does not say. */
export interface DeploymentInput extends WorkloadInputs {
  readonly chatApi: ChatApi;
  readonly defaultImage: string;
}

export function chatApiDeployment({ chatApi, defaultImage, kafka, secretsHash }: DeploymentInput): V1Deployment {
  const { metadata, spec } = chatApi;
  const issuerCa = issuerCaOf(spec);
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
    volumes: [
      { name: 'tokens', secret: { secretName: spec.auth.tokensSecretRef.name, defaultMode: 0o440 } },
      ...(issuerCa ? [{ name: 'issuer', secret: issuerCa }] : []),
    ],
    volumeMounts: [
      { name: 'tokens', mountPath: tokensFolder, readOnly: true },
      ...(issuerCa ? [{ name: 'issuer', mountPath: issuerFolder, readOnly: true }] : []),
    ],
    // Requests still come while word spreads that the pod is going.
    lifecycle: { preStop: { sleep: { seconds: 5 } } },
    resources: spec.resources,
    podTemplate: spec.podTemplate,
    secretsHash,
  });
}

function issuerCaOf({ oidc }: ChatApi['spec']): V1SecretVolumeSource | undefined {
  if (!oidc?.caSecretRef) return undefined;
  const { name, key } = oidc.caSecretRef;
  return { secretName: name, items: [{ key, path: 'ca.crt' }], defaultMode: 0o440 };
}

function environment({ databaseSecretRef, topics, oidc, webPush, llm }: ChatApi['spec']): V1EnvVar[] {
  return [
    variable('HTTP_PORT', httpPort),
    fromSecret('DATABASE_URI', databaseSecretRef),
    variable('EVENTS_TOPIC', topics.events),
    variable('UPDATES_TOPIC', topics.updates),
    variable('REMINDERS_TOPIC', topics.reminders),
    variable('AUTH_TOKENS_DIRECTORY', tokensFolder),
    ...(oidc ? signInEnvironment(oidc) : []),
    ...(webPush ? webPushEnvironment(webPush) : []),
    ...(llm ? [variable('LLM_BASE_URL', llm.baseUrl), variable('LLM_MODEL', llm.model)] : []),
    ...(llm?.apiKeySecretRef ? [fromSecret('LLM_API_KEY', llm.apiKeySecretRef)] : []),
  ];
}

function webPushEnvironment({ keysSecretRef, subject }: NonNullable<ChatApi['spec']['webPush']>): V1EnvVar[] {
  const { name, publicKey, privateKey } = keysSecretRef;
  return [
    fromSecret('WEB_PUSH_PUBLIC_KEY', { name, key: publicKey }),
    fromSecret('WEB_PUSH_PRIVATE_KEY', { name, key: privateKey }),
    variable('WEB_PUSH_SUBJECT', subject),
  ];
}

function signInEnvironment(oidc: NonNullable<ChatApi['spec']['oidc']>): V1EnvVar[] {
  const { issuer, clientId, audience = clientId, userClaim, scopes, caSecretRef } = oidc;
  return [
    variable('OIDC_ISSUER', issuer),
    variable('OIDC_CLIENT_ID', clientId),
    variable('OIDC_AUDIENCE', audience),
    variable('OIDC_USER_CLAIM', userClaim),
    variable('OIDC_SCOPES', scopes.join(',')),
    ...(caSecretRef ? [variable('OIDC_CA_FILE', `${issuerFolder}/ca.crt`)] : []),
  ];
}
