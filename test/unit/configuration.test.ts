import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatApiConfiguration } from '../../src/chat-api/configuration.ts';
import { operatorConfiguration } from '../../src/operator/configuration.ts';
import { reminderWebhookConfiguration } from '../../src/reminder-webhook/configuration.ts';
import { reminderWorkerConfiguration } from '../../src/reminder-worker/configuration.ts';

const operator = { POD_NAMESPACE: 'system', POD_NAME: 'operator-1', WORKLOAD_IMAGE: 'kafka-events:1' };
const chatApi = {
  KAFKA_BOOTSTRAP_SERVERS: 'kafka-0:9092, kafka-1:9092',
  DATABASE_URI: 'postgresql://app:s3cret@postgres/app',
  AUTH_TOKENS_DIRECTORY: '/tokens',
};
const worker = {
  KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
  DATABASE_URI: 'postgresql://app:s3cret@postgres/app',
  DEAD_LETTER_TOPIC: 'dead-letters',
  GROUP_ID: 'reminders',
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kafka-events-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('operatorConfiguration', () => {
  it('has defaults for what may be left out', () => {
    expect(operatorConfiguration({ ...operator, WATCH_NAMESPACES: '' })).toEqual({
      podAccess: undefined,
      watchNamespaces: [],
      podNamespace: 'system',
      podName: 'operator-1',
      workloadImage: 'kafka-events:1',
      podSecurity: 'restricted',
      podDefaults: {},
      leaderElection: true,
      logLevel: 'info',
      metricsPort: 9090,
    });
  });

  it('takes namespaces with commas between them', () => {
    const configuration = operatorConfiguration({
      ...operator,
      WATCH_NAMESPACES: 'one, two',
      LEADER_ELECTION: 'false',
    });
    expect(configuration).toMatchObject({ watchNamespaces: ['one', 'two'], leaderElection: false });
  });

  it('finds the API server from within a pod, unless a kubeconfig is named', () => {
    const pod = { ...operator, KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' };
    expect(operatorConfiguration(pod).podAccess).toEqual({
      url: 'https://[fd00::1]:6443',
      serviceAccountDirectory: '/var/run/secrets/kubernetes.io/serviceaccount',
    });
    expect(operatorConfiguration({ ...pod, KUBECONFIG: '/home/me/config' }).podAccess).toBeUndefined();
  });

  it('names every bad variable, its value and what is allowed, in one error', () => {
    const read = () =>
      operatorConfiguration({
        POD_NAMESPACE: '',
        POD_NAME: 'p',
        WORKLOAD_IMAGE: 'i',
        LOG_LEVEL: 'loud',
        METRICS_PORT: '99999',
      });
    expect(read).toThrow(
      expect.objectContaining({
        code: 'InvalidConfiguration',
        message: [
          'Invalid environment variables:',
          '  LOG_LEVEL is "loud"; it must be one of fatal, error, warn, info, debug, trace, silent',
          '  METRICS_PORT is "99999"; it must be a port from 0 to 65535',
          '  POD_NAMESPACE is not set; it must be the namespace that the operator runs in',
        ].join('\n'),
      }),
    );
  });
});

describe('chatApiConfiguration', () => {
  it('has defaults for what may be left out', () => {
    expect(chatApiConfiguration(chatApi)).toEqual({
      kafka: { bootstrapServers: ['kafka-0:9092', 'kafka-1:9092'], clientId: 'chat-api' },
      httpPort: 8080,
      databaseUri: 'postgresql://app:s3cret@postgres/app',
      topics: { events: 'task-events', updates: 'task-updates', reminders: 'reminders' },
      authTokensDirectory: '/tokens',
      llm: undefined,
      podName: 'chat-api',
      logLevel: 'info',
      metricsPort: 9090,
    });
  });

  it('calls itself by its pod towards brokers', () => {
    expect(chatApiConfiguration({ ...chatApi, POD_NAME: 'chat-7d4' }).kafka.clientId).toBe('chat-7d4');
  });

  it('reads the authority and the credentials of a secured cluster', async () => {
    const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const file = join(folder, 'ca.crt');
    await writeFile(file, ca);
    const { kafka } = chatApiConfiguration({
      ...chatApi,
      KAFKA_SECURITY_PROTOCOL: 'SASL_SSL',
      KAFKA_SASL_MECHANISM: 'SCRAM-SHA-512',
      KAFKA_SASL_USERNAME: 'app',
      KAFKA_SASL_PASSWORD: 's3cret',
      KAFKA_CA_FILE: file,
    });
    expect(kafka.tls).toEqual({ ca });
    expect(kafka.sasl).toEqual({ mechanism: 'SCRAM-SHA-512', username: 'app', password: 's3cret' });
  });

  it.each([
    ['KAFKA_BOOTSTRAP_SERVERS', 'kafka', '"kafka"; it must be addresses such as kafka:9092, with commas between them'],
    ['KAFKA_BOOTSTRAP_SERVERS', 'kafka:9092,', 'it must be addresses'],
    ['KAFKA_SECURITY_PROTOCOL', 'TLS', 'one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL'],
    ['KAFKA_SECURITY_PROTOCOL', 'SASL_SSL', 'KAFKA_SASL_USERNAME is not set'],
    ['KAFKA_CA_FILE', '/does/not/exist', '"/does/not/exist"; it must be a PEM file that can be read'],
    ['HTTP_PORT', '80a', '"80a"; it must be a port'],
    ['HTTP_PORT', '-1', '"-1"; it must be a port'],
    ['DATABASE_URI', 'mysql://host/db', '(a secret); it must be a URI such as postgresql:'],
    ['LLM_BASE_URL', 'http://llm/v1', 'LLM_MODEL is not set'],
    ['LLM_BASE_URL', 'llm', '"llm"; it must be a URL'],
    ['OIDC_ISSUER', 'https://id.example.org', 'OIDC_CLIENT_ID is not set'],
    ['OIDC_ISSUER', 'http://id.example.org', 'it must be an https URL'],
    ['WEB_PUSH_PUBLIC_KEY', 'A'.repeat(87), 'WEB_PUSH_PRIVATE_KEY is not set'],
    ['WEB_PUSH_PRIVATE_KEY', 's3cret', '(a secret); it must be a key of 32 bytes in base64url'],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => chatApiConfiguration({ ...chatApi, [name]: value })).toThrow(message);
  });

  it('never repeats a secret', () => {
    expect(() => chatApiConfiguration({ ...chatApi, DATABASE_URI: 's3cret' })).not.toThrow('s3cret');
  });
});

describe('reminderWorkerConfiguration', () => {
  it('has defaults for what may be left out', () => {
    expect(reminderWorkerConfiguration(worker)).toMatchObject({
      topics: ['task-events', 'task-updates'],
      remindersTopic: 'reminders',
      deadLetterTopic: 'dead-letters',
      groupId: 'reminders',
      leadTimesSeconds: [0],
      retry: { maxAttempts: 5, initialDelayMilliseconds: 500, maxDelayMilliseconds: 30_000 },
    });
  });

  it('takes lead times with commas between them', () => {
    const configuration = reminderWorkerConfiguration({ ...worker, LEAD_TIMES_SECONDS: '0, 600,3600' });
    expect(configuration.leadTimesSeconds).toEqual([0, 600, 3600]);
  });

  it.each([
    ['LEAD_TIMES_SECONDS', '0,soon'],
    ['LEAD_TIMES_SECONDS', '1.5'],
    ['RETRY_MAX_ATTEMPTS', '0'],
    ['GROUP_ID', ''],
  ])('refuses %s=%s', (name, value) => {
    expect(() => reminderWorkerConfiguration({ ...worker, [name]: value })).toThrow(name);
  });
});

describe('reminderWebhookConfiguration', () => {
  const secret = `whsec_${Buffer.alloc(32).toString('base64')}`;
  const webhook = {
    KAFKA_BOOTSTRAP_SERVERS: 'kafka:9092',
    DEAD_LETTER_TOPIC: 'webhook-dead-letters',
    GROUP_ID: 'reminders.webhook',
    WEBHOOK_URI: 'https://hooks.example.org/in?token=s3cret',
    SIGNING_KEY: secret,
  };

  it('has defaults for what may be left out', () => {
    expect(reminderWebhookConfiguration(webhook)).toMatchObject({
      remindersTopic: 'reminders',
      signingKeys: [Buffer.alloc(32)],
      allowedCidrs: [],
      since: undefined,
      timeoutMilliseconds: 10_000,
      maxInFlight: 8,
      maxPerSecond: 50,
      retry: { maxAttempts: 10, maxAgeSeconds: 86_400, initialDelayMilliseconds: 1000, maxDelayMilliseconds: 60_000 },
    });
  });

  it('takes plain HTTP where that is allowed', () => {
    const WEBHOOK_URI = 'http://hooks.tasks.svc:8080/';
    const { url } = reminderWebhookConfiguration({ ...webhook, WEBHOOK_URI, ALLOW_HTTP: 'true' });
    expect(url.href).toBe(WEBHOOK_URI);
  });

  it.each([
    ['WEBHOOK_URI', 'http://hooks.example.org/s3cret'],
    ['WEBHOOK_URI', 'https://ada:s3cret@hooks.example.org/'],
    ['WEBHOOK_URI', 'file:///etc/s3cret'],
    ['SIGNING_KEY', 's3cret'],
    ['ALLOWED_CIDRS', '10.0.0.0'],
    ['DELIVER_SINCE', 'yesterday'],
    ['TIMEOUT_MILLISECONDS', '60000'],
  ])('refuses %s=%s, and repeats no secret', (name, value) => {
    const read = () => reminderWebhookConfiguration({ ...webhook, [name]: value });
    expect(read).toThrow(name);
    expect(read).not.toThrow('s3cret');
  });
});
