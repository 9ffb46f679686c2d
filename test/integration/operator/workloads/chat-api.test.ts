import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createChatApiController } from '../../../../src/operator/workloads/chat-api/controller.ts';
import { secretsHashAnnotation } from '../../../../src/operator/pods/digest.ts';
import { userSecrets } from '../../../../src/operator/brokers/user-secrets.ts';
import {
  chatApis,
  deployments,
  eventClusters,
  eventTopics,
  podDisruptionBudgets,
  pods,
  services,
} from '../../../../src/operator/kinds.ts';
import { fakeBrokers, someAnswers, type FakeAnswers } from '../../../support/fake-brokers.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../support/running-manager.ts';
import { available, setStatus } from '../../../support/set-status.ts';
import { declareCluster } from '../../../support/topics.ts';
import { hasCondition, makePodsReady, secretManifest } from '../../../support/workloads.ts';

let kubernetes: Kubernetes;
let namespace: string;
let running: RunningManager;
let answers: FakeAnswers;
let signInTrouble: string | undefined;

beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes.stop());
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
  answers = someAnswers();
  signInTrouble = undefined;
  running = runController(
    kubernetes,
    createChatApiController({
      brokers: fakeBrokers(answers),
      defaultImage: 'kafka-events:1',
      podSecurity: 'restricted',
      readPodStatus: () =>
        Promise.resolve({ outbox: { pending: 3, oldestSeconds: 1.4 }, signIn: { trouble: signInTrouble } }),
    }),
  );
});
afterEach(() => running.stop());

const key = (name = 'chat') => ({ namespace, name });
const chatHas = (condition: object) => hasCondition(kubernetes, chatApis, key(), condition);
const secret = (name: string, values: Record<string, string>) =>
  kubernetes.client.create(userSecrets, secretManifest(key(name), values));

const declare = (spec: object = {}) =>
  kubernetes.client.create(chatApis, {
    metadata: { ...key() },
    spec: {
      clusterRef: { name: 'events' },
      databaseSecretRef: { name: 'database' },
      auth: { tokensSecretRef: { name: 'tokens' } },
      ...spec,
    },
  } as object);

const declareEvents = () => declareCluster(kubernetes, key('events'), 'kafka.example.org:9092');

async function declareAll(): Promise<void> {
  await declareEvents();
  await secret('database', { uri: 'postgres://chat:very-secret@database/chat' });
  await secret('tokens', { ada: 'token-of-ada' });
  await declare();
}

const templateOf = async () => {
  const deployment = await kubernetes.client.get(deployments, key());
  expect(deployment).toBeDefined();
  return deployment!.spec!.template;
};

describe('a ChatApi', () => {
  it('gets no pods that its spec asks for in vain, and says which field does', async () => {
    await declareEvents();
    await secret('database', { uri: 'postgres://database' });
    await secret('tokens', { ada: 'token' });
    const containers = [{ name: 'chat-api', securityContext: { privileged: true } }];
    await declare({ podTemplate: { spec: { containers } } });
    const message = expect.stringMatching(/securityContext\.privileged must be false/);
    await chatHas({ type: 'Stalled', reason: 'PodSecurityViolation', message });
    expect(await kubernetes.client.get(deployments, key())).toBeUndefined();
    await kubernetes.client.mergePatch(chatApis, key(), {
      spec: { podTemplate: { spec: { containers: [{ name: 'chat-api', env: { A: '1' } }] } } },
    });
    const shape = 'spec.podTemplate.spec.containers[0].env: must be a list of objects';
    await chatHas({ type: 'Stalled', reason: 'PodTemplateRefused', message: expect.stringContaining(shape) });
    await kubernetes.client.mergePatch(chatApis, key(), {
      spec: { podTemplate: null, resources: { limits: { memory: '1GB' } } },
    });
    const quantity = expect.stringMatching(/^spec\.resources\.limits\.memory is "1GB"/);
    await chatHas({ type: 'Stalled', reason: 'ResourcesRefused', message: quantity });
    expect(await kubernetes.client.get(deployments, key())).toBeUndefined();
    await kubernetes.client.mergePatch(chatApis, key(), { spec: { resources: null } });
    await eventually(async () => expect(await kubernetes.client.get(deployments, key())).toBeDefined());
  });

  it('tells what is missing, in order, and heals as each of it appears', async () => {
    answers.missing = ['task-updates'];
    await declare();
    await chatHas({ type: 'Ready', reason: 'ClusterMissing', message: expect.stringContaining('EventCluster events') });
    await declareEvents();
    await chatHas({ type: 'Ready', reason: 'SecretMissing', message: expect.stringContaining('Secret database') });
    await secret('database', { url: 'postgres://database' });
    await chatHas({
      type: 'Ready',
      reason: 'SecretKeyMissing',
      message: expect.stringMatching(
        /^spec.databaseSecretRef: Secret database has no key uri, only url\. Create it with/,
      ),
    });
    await kubernetes.client.mergePatch(userSecrets, key('database'), { stringData: { uri: '' } });
    const empty = expect.stringContaining('Secret database has an empty value under the key uri.');
    await chatHas({ type: 'Ready', reason: 'SecretKeyEmpty', message: empty });
    await kubernetes.client.mergePatch(userSecrets, key('database'), { stringData: { uri: 'postgres://database' } });
    await chatHas({
      type: 'Ready',
      reason: 'SecretMissing',
      message: expect.stringContaining('spec.auth.tokensSecretRef'),
    });
    await secret('tokens', { ada: 'token' });
    await chatHas({ type: 'Ready', reason: 'TopicMissing', message: expect.stringContaining('task-updates') });

    await kubernetes.client.create(eventTopics, {
      metadata: { ...key('task-updates') },
      spec: { clusterRef: { name: 'events' } },
    } as object);
    await chatHas({
      type: 'Ready',
      reason: 'TopicNotReady',
      message: expect.stringContaining('Waiting for the operator'),
    });
    await setStatus(kubernetes, eventTopics, key('task-updates'), {
      conditions: [{ ...available('True'), type: 'Ready' }],
    });
    await chatHas({ type: 'Reconciling', reason: 'PodsStarting', message: expect.stringContaining('0 of 1 pods') });

    await eventually(async () => expect((await kubernetes.client.list(pods, namespace)).items).toHaveLength(1));
    await makePodsReady(kubernetes, namespace);
    const { status } = await chatHas({ type: 'Ready', status: 'True', message: '1 pod is ready.' });
    expect(status).toMatchObject({
      url: `http://chat.${namespace}.svc.cluster.local`,
      replicas: 1,
      readyReplicas: 1,
      selector: 'app.kubernetes.io/name=chat-api,app.kubernetes.io/instance=chat',
    });
  });

  it('replaces its pods when a value in a Secret changes, and shows none of them', async () => {
    await declareAll();
    const before = await eventually(templateOf);
    await kubernetes.client.mergePatch(userSecrets, key('tokens'), { metadata: { annotations: { note: 'seen' } } });
    await kubernetes.client.mergePatch(userSecrets, key('tokens'), { stringData: { bob: 'token-of-bob' } });
    await eventually(async () => {
      const { metadata } = await templateOf();
      expect(metadata?.annotations?.[secretsHashAnnotation]).not.toBe(
        before.metadata?.annotations?.[secretsHashAnnotation],
      );
    });
    const written = JSON.stringify([
      await kubernetes.client.get(deployments, key()),
      await kubernetes.client.get(chatApis, key()),
    ]);
    expect(written).not.toMatch(/very-secret|token-of/);
  });

  it('leaves its pods alone when a Secret or the brokers go', async () => {
    await declareAll();
    await eventually(async () => expect((await kubernetes.client.list(pods, namespace)).items).toHaveLength(1));
    await makePodsReady(kubernetes, namespace);
    await chatHas({ type: 'Ready', status: 'True' });
    const before = await templateOf();

    await setStatus(kubernetes, eventClusters, key('events'), {
      bootstrapServers: 'kafka.example.org:9092',
      conditions: [available('False')],
    });
    await chatHas({ type: 'Ready', reason: 'ClusterNotReady', message: expect.stringContaining('Brokers are asleep') });
    await kubernetes.client.delete(userSecrets, key('database'));
    await chatHas({ type: 'Ready', reason: 'SecretMissing' });
    expect(await templateOf()).toEqual(before);
  });

  it('keeps a budget for disruptions while it has several pods', async () => {
    await declareAll();
    await eventually(templateOf);
    expect(await kubernetes.client.get(podDisruptionBudgets, key())).toBeUndefined();
    await kubernetes.client.mergePatch(chatApis, key(), { spec: { replicas: 2 } });
    await eventually(async () => expect(await kubernetes.client.get(podDisruptionBudgets, key())).toBeDefined());
    await kubernetes.client.mergePatch(chatApis, key(), { spec: { replicas: 1 } });
    await eventually(async () => expect(await kubernetes.client.get(podDisruptionBudgets, key())).toBeUndefined());
    expect(await kubernetes.client.get(services, key())).toBeDefined();
  });

  it('has its pods take the tokens of an issuer and the keys for Web Push, and says what is wrong with them', async () => {
    await declareEvents();
    await secret('database', { uri: 'postgres://database' });
    await secret('tokens', { ada: 'token' });
    const oidc = { issuer: 'https://id.example.org/realms/work', clientId: 'page', caSecretRef: { name: 'issuer-ca' } };
    await expect(declare({ oidc: { ...oidc, issuer: 'http://id.example.org' } })).rejects.toThrow(/oidc.issuer/);
    await expect(declare({ oidc: { ...oidc, scopes: ['email'] } })).rejects.toThrow("oidc.scopes must have 'openid'");
    const webPush = { keysSecretRef: { name: 'push-keys' }, subject: 'mailto:admin@example.org' };
    await declare({ oidc, webPush });
    const message = expect.stringMatching(/^spec.oidc.caSecretRef: there is no Secret issuer-ca/);
    await chatHas({ type: 'Ready', reason: 'SecretMissing', message });
    await secret('issuer-ca', { 'ca.crt': 'a certificate' });
    const ofPush = expect.stringMatching(/^spec.webPush.keysSecretRef: there is no Secret push-keys/);
    await chatHas({ type: 'Ready', reason: 'SecretMissing', message: ofPush });
    await secret('push-keys', { 'public-key': 'public', 'private-key': 'private' });
    const { spec } = await eventually(templateOf);
    expect(spec?.containers[0]?.env).toEqual(
      expect.arrayContaining([
        { name: 'OIDC_ISSUER', value: oidc.issuer },
        { name: 'OIDC_CLIENT_ID', value: 'page' },
        { name: 'OIDC_AUDIENCE', value: 'page' },
        { name: 'OIDC_USER_CLAIM', value: 'sub' },
        { name: 'OIDC_SCOPES', value: 'openid' },
        { name: 'OIDC_CA_FILE', value: '/etc/kafka-events/issuer/ca.crt' },
        { name: 'WEB_PUSH_PUBLIC_KEY', valueFrom: { secretKeyRef: { name: 'push-keys', key: 'public-key' } } },
        { name: 'WEB_PUSH_PRIVATE_KEY', valueFrom: { secretKeyRef: { name: 'push-keys', key: 'private-key' } } },
        { name: 'WEB_PUSH_SUBJECT', value: 'mailto:admin@example.org' },
      ]),
    );
    expect(spec?.volumes).toContainEqual(
      expect.objectContaining({
        secret: { secretName: 'issuer-ca', items: [{ key: 'ca.crt', path: 'ca.crt' }], defaultMode: 0o440 },
      }),
    );
    await chatHas({ type: 'SignInAvailable', status: 'Unknown', reason: 'NoPods' });
    signInTrouble = 'https://id.example.org/ cannot be read: it answered 404';
    await eventually(async () => expect((await kubernetes.client.list(pods, namespace)).items).toHaveLength(1));
    await makePodsReady(kubernetes, namespace);
    await chatHas({
      type: 'SignInAvailable',
      status: 'False',
      reason: 'IssuerUnavailable',
      message: `Nobody can sign in: ${signInTrouble}. Correct spec.oidc, or make sure that pods can reach the issuer.`,
    });
    await chatHas({ type: 'Ready', status: 'True' });
    await kubernetes.client.mergePatch(chatApis, key(), { spec: { oidc: null } });
    await eventually(async () => {
      const conditions = (await kubernetes.client.get(chatApis, key()))?.status?.conditions;
      expect(conditions?.map(({ type }) => type)).not.toContain('SignInAvailable');
    });
  });
});
