import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chatApis, eventClusters, eventTopics, eventUsers, reminderConsumers } from '../../../src/operator/kinds.ts';
import type { ObjectKind } from '../../../src/operator/runtime/object-kind.ts';
import { reservedSettings } from '../../../src/api/reserved-settings.ts';
import { keyOf, type Key, type KubernetesObject } from '../../../src/operator/runtime/objects.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../support/kubernetes.ts';
import { setStatus } from '../../support/set-status.ts';

let kubernetes: Kubernetes;
let namespace: string;
let count = 0;

beforeAll(async () => {
  kubernetes = await startKubernetes({ fresh: true });
  namespace = await kubernetes.createNamespace();
});
afterAll(() => kubernetes.stop());

const clusterRef = { name: 'events' };
const databaseSecretRef = { name: 'database' };
const webhook = { url: 'https://hooks.example.org/in', signingSecretRef: { name: 'hook' } };
const auth = { tokensSecretRef: { name: 'tokens' } };

function create<T extends KubernetesObject>(kind: ObjectKind<T>, spec: unknown, name?: string): Promise<T> {
  count += 1;
  const manifest = { metadata: { namespace, name: name ?? `example-${count}` }, spec };
  return kubernetes.client.create(kind, manifest);
}

const fromSecret = (name: string) => ({ name, valueFrom: { secretKeyRef: { name: 'values', key: 'value' } } });

type Wrong = [string, ObjectKind, object, RegExp];

/** What a CRD of an earlier release would have let pass. */
async function withoutRules({ transport }: Kubernetes, { plural }: ObjectKind, work: () => Promise<void>) {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.kafka-events.dev`;
  const replace = (spec: unknown) =>
    transport.send({
      method: 'PATCH',
      path,
      body: { spec },
      contentType: 'application/merge-patch+json',
    });
  const { spec } = (await transport.send({ method: 'GET', path })) as { spec: { versions: object[] } };
  const bare = JSON.parse(
    JSON.stringify(spec, (key, value: unknown) => (key === 'x-kubernetes-validations' ? undefined : value)),
  ) as object;
  await replace(bare);
  try {
    // The API server serves its new schema a moment later.
    await eventually(work);
  } finally {
    await replace(spec);
  }
}

describe('the API server', () => {
  it('fills in the defaults of an EventCluster', async () => {
    const { spec } = await create(eventClusters, {});
    expect(spec).toEqual({ engine: 'Redpanda', storage: { size: '20Gi', reclaimPolicy: 'Retain' } });
  });

  it('closes brokers whose security is asked for without more words', async () => {
    const config = { 'ssl.enabled.protocols': 'TLSv1.3' };
    const { spec } = await create(eventClusters, { engine: 'Kafka', security: {}, config });
    expect(spec.security).toEqual({ tls: { enabled: true }, authentication: { enabled: true } });
  });

  it('fills in the defaults of an EventTopic, and no others', async () => {
    const { spec } = await create(eventTopics, { clusterRef, config: { 'max.message.bytes': 1000, 'flush.ms': null } });
    expect(spec).toEqual({
      clusterRef,
      config: { 'max.message.bytes': 1000, 'flush.ms': null },
      deletionPolicy: 'Delete',
      managementPolicy: 'Manage',
    });
  });

  it('fills in the defaults of a ReminderConsumer', async () => {
    const { spec } = await create(reminderConsumers, { clusterRef, databaseSecretRef, scaling: { maxReplicas: 3 } });
    expect(spec).toEqual({
      clusterRef,
      databaseSecretRef: { name: 'database', key: 'uri' },
      topics: ['task-events', 'task-updates'],
      remindersTopic: 'reminders',
      scaling: { minReplicas: 1, maxReplicas: 3, targetLag: 1000 },
      retry: { maxAttempts: 5, initialDelayMilliseconds: 500, maxDelayMilliseconds: 30_000 },
      leadTimesSeconds: [0],
      deletedTaskDays: 90,
    });
  });

  it('fills in the defaults of a webhook', async () => {
    const webhook = { url: 'https://hooks.example.org/in?a=b', signingSecretRef: { name: 'hook' } };
    const { spec } = await create(reminderConsumers, { clusterRef, databaseSecretRef, replicas: 1, webhook });
    expect(spec.webhook).toEqual({
      ...{ ...webhook, signingSecretRef: { name: 'hook', key: 'signing-secret' }, allowHttp: false, allowedCidrs: [] },
      ...{ replicas: 1, maxInFlight: 8, maxRequestsPerSecond: 50, timeoutSeconds: 10 },
      retry: { maxAttempts: 10, maxAgeSeconds: 86_400, initialDelayMilliseconds: 1000, maxDelayMilliseconds: 60_000 },
    });
  });

  it('fills in the defaults of a ChatApi, and keeps what pods can have', async () => {
    const podTemplate = { spec: { tolerations: [{ key: 'dedicated', operator: 'Exists' }] } };
    const resources = { requests: { cpu: 1, memory: '64Mi' } };
    const { spec } = await create(chatApis, { clusterRef, databaseSecretRef, auth, podTemplate, resources });
    expect(spec).toEqual({
      clusterRef,
      databaseSecretRef: { name: 'database', key: 'uri' },
      replicas: 1,
      topics: { events: 'task-events', updates: 'task-updates', reminders: 'reminders' },
      auth,
      service: { type: 'ClusterIP', port: 80 },
      podTemplate,
      resources,
    });
  });

  const withWebhook = (webhook: object) => ({
    ...{ clusterRef, databaseSecretRef, replicas: 1 },
    webhook: { url: 'https://hooks.example.org', signingSecretRef: { name: 'hook' }, ...webhook },
  });
  const wrong: Wrong[] = [
    [
      'a webhook that everybody on the way can read',
      reminderConsumers,
      withWebhook({ url: 'http://hooks.example.org' }),
      /spec\.webhook\.url.*must begin with https.*allowHttp/s,
    ],
    [
      'a webhook with a password in its URL',
      reminderConsumers,
      withWebhook({ url: 'https://ada:secret@hooks.example.org/' }),
      /spec\.webhook\.url.*should match/s,
    ],
    [
      'a network that is none',
      reminderConsumers,
      withWebhook({ allowedCidrs: ['10.0.0.0/8', '10.0.0.256/8'] }),
      /spec\.webhook\.allowedCidrs\[1\].*should match/s,
    ],
    [
      'waits of a webhook that shrink',
      reminderConsumers,
      withWebhook({ retry: { initialDelayMilliseconds: 10, maxDelayMilliseconds: 9 } }),
      /webhook\.retry\.initialDelayMilliseconds is above/s,
    ],
    ['an unknown engine', eventClusters, { engine: 'NATS' }, /spec\.engine.*supported values.*"Redpanda"/s],
    ['no brokers', eventClusters, { brokers: 0 }, /spec\.brokers.*greater than or equal to 1/s],
    [
      'External without brokers',
      eventClusters,
      { engine: 'External' },
      /spec\.external.*needs external\.bootstrapServers/s,
    ],
    [
      'security for brokers that somebody else runs',
      eventClusters,
      { engine: 'External', external: { bootstrapServers: 'a:1' }, security: {} },
      /spec\.security.*brokers that kafka-events runs/s,
    ],
    [
      'certificates that nobody would see',
      eventClusters,
      { engine: 'Kafka', security: { tls: { enabled: false, certificates: { secretRef: { name: 'tls' } } } } },
      /spec\.security\.tls\.certificates.*of no use/s,
    ],
    ...[{}, { secretRef: { name: 'tls' }, issuerRef: { name: 'company' } }].map((certificates): Wrong => [
      `certificates from ${Object.keys(certificates).join(' and from ') || 'nowhere'}`,
      eventClusters,
      { security: { tls: { certificates } } },
      /spec\.security\.tls\.certificates.*exactly one/s,
    ]),
    ...['super.users', 'ssl.client.auth', 'listener.name.internal.ssl.client.auth', 'sasl.enabled.mechanisms'].map(
      (name): Wrong => [
        `${name} beside security`,
        eventClusters,
        { engine: 'Kafka', config: { [name]: 'x' } },
        /spec\.config.*beside security/s,
      ],
    ),
    [
      'brokers of others for our own engine',
      eventClusters,
      { external: { bootstrapServers: 'a:1' } },
      /spec\.external.*for engine External only/s,
    ],
    [
      'bootstrap servers without a port',
      eventClusters,
      { engine: 'External', external: { bootstrapServers: 'broker' } },
      /spec\.external\.bootstrapServers/,
    ],
    ['a size that is none', eventClusters, { storage: { size: 'big' } }, /spec\.storage\.size/],
    ...['b:0', 'b:99999', 'b:9092,c:65536', '[::1]:0'].map((bootstrapServers): Wrong => [
      `bootstrap servers ${bootstrapServers}`,
      eventClusters,
      { engine: 'External', external: { bootstrapServers } },
      /spec\.external\.bootstrapServers.*from 1 to 65535/s,
    ]),
    ...[{ brokers: 3, first: 65534 }, { first: 65534 }, { brokers: 99, first: 65438 }].flatMap(({ brokers, first }) =>
      [{ firstPort: first }, { firstPort: 9094, firstNodePort: first }].map((ports): Wrong => [
        `ports of ${brokers ?? 'the default number of'} brokers from ${JSON.stringify(ports)}`,
        eventClusters,
        { ...(brokers && { brokers }), externalAccess: { host: 'example.org', ...ports } },
        /spec\.externalAccess\.first(Node)?Port.*brokers - 1.*65535/s,
      ]),
    ),
    [
      'load balancers that are all reached by one name',
      eventClusters,
      { externalAccess: { host: 'example.org', firstPort: 9094, loadBalancer: {} } },
      /spec\.externalAccess\.host.*must have \{broker\} in it/s,
    ],
    [
      'load balancers beside node ports',
      eventClusters,
      { externalAccess: { host: 'b-{broker}.example.org', firstPort: 9094, firstNodePort: 30002, loadBalancer: {} } },
      /spec\.externalAccess\.firstNodePort.*two ways in/s,
    ],
    [
      'clients with certificates on Redpanda',
      eventClusters,
      { security: { authentication: { clientCertificates: { caSecretRef: { name: 'company-ca' } } } } },
      /spec\.security\.authentication\.clientCertificates.*needs engine Kafka/s,
    ],
    [
      'volumes that may not even have the size they have',
      eventClusters,
      { storage: { size: '20Gi', maxSize: '10240Mi' } },
      /spec\.storage\.maxSize.*must not be less/s,
    ],
    ...['{broker}', 'b.{broker}.example.org', '{index}.example.org'].map((host): Wrong => [
      `brokers outside at ${host}`,
      eventClusters,
      { externalAccess: { host, firstPort: 9094 } },
      /spec\.externalAccess\.host/,
    ]),
    ...Object.entries({
      brokers: 3,
      version: '4.3.1',
      image: 'kafka',
      config: { a: 'b' },
      resources: {},
      podTemplate: {},
      rebalance: {},
      configFrom: [fromSecret('a')],
    }).map(([field, value]): Wrong => [
      `${field} of brokers that somebody else runs`,
      eventClusters,
      { engine: 'External', external: { bootstrapServers: 'a:1' }, [field]: value },
      new RegExp(`spec\\.${field}.*engine is External`, 's'),
    ]),
    ...[...reservedSettings.kafka].map((setting): Wrong => [
      `${setting} in the config of Kafka`,
      eventClusters,
      { engine: 'Kafka', config: { [setting]: '7' } },
      new RegExp(`spec\\.config.*${setting}`, 's'),
    ]),
    ...[...reservedSettings.redpanda].map((setting): Wrong => [
      `${setting} in the config of Redpanda`,
      eventClusters,
      { engine: 'Redpanda', config: { [setting]: '7' } },
      new RegExp(`spec\\.config.*${setting}`, 's'),
    ]),
    ...['a\rlisteners=PLAINTEXT://:1', 'a\nb', 'a\tb', 'a\0', '\x7f', 'a\x85b'].flatMap((value): Wrong[] => [
      [
        `${JSON.stringify(value)} in the config of a cluster`,
        eventClusters,
        { config: { key: value } },
        /spec\.config.*control characters/s,
      ],
      [
        `${JSON.stringify(value)} in the config of a topic`,
        eventTopics,
        { clusterRef, config: { key: value } },
        /spec\.config.*control characters/s,
      ],
    ]),
    ...['a b', 'a=b', 'a\rb', 'ä', ''].map((name): Wrong => [
      `a setting called ${JSON.stringify(name)}`,
      eventClusters,
      { config: { [name]: 'x' } },
      /spec\.config.*letters, digits/s,
    ]),
    ...['0', '0Gi', '20', '20M', '63Mi'].map((size): Wrong => [
      `volumes of ${size}`,
      eventClusters,
      { storage: { size } },
      /spec\.storage\.size.*at least 64Mi/s,
    ]),
    ...['Fast SSD', '-fast', 'fast_'].map((storageClassName): Wrong => [
      `the storage class ${storageClassName}`,
      eventClusters,
      { storage: { storageClassName } },
      /spec\.storage\.storageClassName/,
    ]),
    ...['latest ', 'v26.2.1;x', '-1', '4.3.1@sha256:0', ''].map((version): Wrong => [
      `version ${JSON.stringify(version)}`,
      eventClusters,
      { version },
      /spec\.version/,
    ]),
    ...['kafka:4.3.1 ', 'kafka 4', '', '/kafka', 'kafka\n'].map((image): Wrong => [
      `image ${JSON.stringify(image)}`,
      eventClusters,
      { engine: 'Kafka', image },
      /spec\.image/,
    ]),
    ...['example.org:9094', '10.0.0.1:9094', 'a..b', '-a.example.org', 'a-.example.org', `${'x'.repeat(64)}.org`].map(
      (host): Wrong => [
        `brokers outside at ${host}`,
        eventClusters,
        { externalAccess: { host, firstPort: 9094 } },
        /spec\.externalAccess\.host/,
      ],
    ),
    ...[{ operator: 'In' }, { operator: 'NotIn', values: [] }, { operator: 'Exists', values: ['a'] }].map(
      (expression): Wrong => [
        `namespaces selected by ${JSON.stringify(expression)}`,
        eventClusters,
        { allowedNamespaces: { selector: { matchExpressions: [{ key: 'team', ...expression }] } } },
        /spec\.allowedNamespaces\.selector\.matchExpressions\[0\]\.values.*need values/s,
      ],
    ),
    ...[
      '1.2.3',
      '999.1.1.1',
      '1.2.3.4.5',
      '10.0.0.0/8',
      'abc',
      ':',
      '1:2',
      '::1::',
      '1:2:3:4:5:6:7:8:9',
      '01.2.3.4',
    ].flatMap((host): Wrong[] => [
      [
        `access from ${host}`,
        eventUsers,
        { clusterRef, access: [{ topic: 'a', allow: 'Read', host }] },
        /spec\.access\[0\]\.host/,
      ],
      [
        `an ACL entry for ${host}`,
        eventUsers,
        { clusterRef, acls: [{ resource: 'Topic', name: 'a', operations: ['Read'], host }] },
        /spec\.acls\[0\]\.host/,
      ],
    ]),
    ...['orders*', 'a b', 'ä', '**'].map((name): Wrong => [
      `an ACL entry for topic ${name}`,
      eventUsers,
      { clusterRef, acls: [{ resource: 'Topic', name, operations: ['Read'] }] },
      /spec\.acls\[0\]\.name.*alone means all/s,
    ]),
    ...[
      { producerByteRate: 0 },
      { consumerByteRate: 1.5 },
      { requestPercentage: 0 },
      { controllerMutationRate: 0 },
    ].map((quotas): Wrong => [
      `quotas of ${JSON.stringify(quotas)}`,
      eventUsers,
      { clusterRef, quotas },
      new RegExp(`spec\\.quotas\\.${Object.keys(quotas)[0]}`),
    ]),
    ...[4, '4'].map((inSync): Wrong => [
      `${JSON.stringify(inSync)} of 3 replicas in step`,
      eventTopics,
      { clusterRef, replicationFactor: 3, config: { 'min.insync.replicas': inSync } },
      /spec\.config.*above replicationFactor/s,
    ]),
    ...['node.id', 'listeners', 'super.users'].map((name): Wrong => [
      `${name} of Kafka from a Secret`,
      eventClusters,
      { engine: 'Kafka', configFrom: [fromSecret(name)] },
      new RegExp(`spec\\.configFrom.*${name === 'super.users' ? 'beside security' : name}`, 's'),
    ]),
    [
      'superusers of Redpanda from a Secret',
      eventClusters,
      { configFrom: [fromSecret('superusers')] },
      /spec\.configFrom.*superusers/s,
    ],
    [
      'a property that is set twice',
      eventClusters,
      { config: { cloud_storage_bucket: 'a' }, configFrom: [fromSecret('cloud_storage_bucket')] },
      /spec\.configFrom.*both set a property/s,
    ],
    [
      'a property from two Secrets',
      eventClusters,
      { configFrom: [fromSecret('cloud_storage_bucket'), fromSecret('cloud_storage_bucket')] },
      /spec\.configFrom\[1\].*Duplicate value/s,
    ],
    [
      'ways of its own to Secrets beside ours',
      eventClusters,
      { engine: 'Kafka', config: { 'config.providers': 'file' }, configFrom: [fromSecret('plugin.password')] },
      /spec\.configFrom.*config\.providers beside configFrom/s,
    ],
    ...['../x', '.', 'a/b', 'a b', ''].map((name): Wrong => [
      `a property ${JSON.stringify(name)} from a Secret`,
      eventClusters,
      { configFrom: [fromSecret(name)] },
      /spec\.configFrom\[0\]\.name/,
    ]),
    ['a topic without a cluster', eventTopics, {}, /spec\.clusterRef: Required/],
    ['no partitions', eventTopics, { clusterRef, partitions: 0 }, /spec\.partitions/],
    ['a name that Kafka refuses', eventTopics, { clusterRef, topicName: '..' }, /spec\.topicName.*cannot be called/s],
    ['a name with a space', eventTopics, { clusterRef, topicName: 'a b' }, /spec\.topicName/],
    [
      'retention said twice',
      eventTopics,
      { clusterRef, retentionSeconds: 1, config: { 'retention.ms': 5 } },
      /spec\.retentionSeconds.*set one of them/s,
    ],
    [
      'a truth value in config',
      eventTopics,
      { clusterRef, config: { preallocate: true } },
      /spec\.config\.preallocate/,
    ],
    [
      'both replicas and scaling',
      reminderConsumers,
      { clusterRef, databaseSecretRef, replicas: 1, scaling: { maxReplicas: 2 } },
      /spec\.replicas.*exactly one of replicas/s,
    ],
    [
      'neither of them',
      reminderConsumers,
      { clusterRef, databaseSecretRef },
      /spec\.replicas.*exactly one of replicas/s,
    ],
    [
      'bounds the wrong way round',
      reminderConsumers,
      { clusterRef, databaseSecretRef, scaling: { minReplicas: 3, maxReplicas: 2 } },
      /spec\.scaling\.minReplicas.*above/s,
    ],
    [
      'delays the wrong way round',
      reminderConsumers,
      { clusterRef, databaseSecretRef, replicas: 1, retry: { initialDelayMilliseconds: 10, maxDelayMilliseconds: 5 } },
      /spec\.retry\.initialDelayMilliseconds.*above/s,
    ],
    ...(
      [
        ['a group of all groups', { groupId: '*' }, /spec\.groupId.*all groups/s],
        ['a group with a line break', { groupId: 'a\nb' }, /spec\.groupId/],
        [
          'a group whose webhook would have too long a name',
          { groupId: 'g'.repeat(242), webhook },
          /spec\.groupId.*at most 241 characters beside webhook/s,
        ],
        [
          'dead letters that are read again',
          { topics: ['orders', 'lost'], deadLetterTopic: 'lost' },
          /spec\.deadLetterTopic.*cannot be one of topics/s,
        ],
        [
          'dead letters that are sent again',
          { remindersTopic: 'lost', webhook: { ...webhook, deadLetterTopic: 'lost' } },
          /spec\.webhook\.deadLetterTopic.*cannot be remindersTopic/s,
        ],
      ] as const
    ).map(([what, spec, message]): Wrong => [
      what,
      reminderConsumers,
      { clusterRef, databaseSecretRef, replicas: 1, ...spec },
      message,
    ]),
    ['an API for nobody', chatApis, { clusterRef, databaseSecretRef }, /spec\.auth: Required/],
    [
      'a node port without one',
      chatApis,
      { clusterRef, databaseSecretRef, auth, service: { nodePort: 30080 } },
      /spec\.service\.nodePort.*needs service\.type/s,
    ],
    [
      'a model at no address',
      chatApis,
      { clusterRef, databaseSecretRef, auth, llm: { baseUrl: 'here', model: 'm' } },
      /spec\.llm\.baseUrl/,
    ],
  ];
  it.each(wrong)('refuses %s', async (_what, kind, spec, message) => {
    await expect(create(kind, spec)).rejects.toMatchObject({
      code: 'Invalid',
      message: expect.stringMatching(message),
    });
  });

  it.each(
    ['.', 'a.b', '1a', '1'].flatMap((name) => [
      [name, eventClusters, {}] as const,
      [name, chatApis, { clusterRef, databaseSecretRef, auth }] as const,
    ]),
  )('refuses the name %s, which no Service can have', async (name, kind: ObjectKind, spec) => {
    await expect(create(kind, spec, name)).rejects.toThrow(
      name === '.' ? /metadata\.name/ : /begin with a letter.*no dots/s,
    );
  });

  it('takes settings of every kind that brokers know', async () => {
    const config = {
      'log.retention.bytes': -1,
      'listener.name.internal.ssl.truststore.location': '/a b/ü',
      'num.io.threads': null,
      kafka_connection_rate_limit: '',
      quoted: ` "'\\#!:= `,
    };
    await expect(create(eventClusters, { config })).resolves.toMatchObject({ spec: { config } });
    await expect(create(eventTopics, { clusterRef, config })).resolves.toMatchObject({ spec: { config } });
  });

  it('takes as many settings as fit, and bounds their number', async () => {
    const settings = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`setting.${index}`, 'x'.repeat(100)]));
    await expect(create(eventClusters, { config: settings(200) })).resolves.toBeDefined();
    await expect(create(eventClusters, { config: settings(201) })).rejects.toThrow(/spec\.config.*at most 200/s);
  });

  it('takes ports up to the last', async () => {
    const externalAccess = { host: 'example.org', firstPort: 65533, firstNodePort: 65533 };
    await expect(create(eventClusters, { externalAccess })).resolves.toBeDefined();
    const external = { bootstrapServers: 'a:1,b.c:65535,[::1]:9092' };
    await expect(create(eventClusters, { engine: 'External', external })).resolves.toBeDefined();
  });

  it('lets a resource be changed and go that an earlier release took in', async () => {
    // What an earlier release filled in, written past the rules of this one.
    const before = { engine: 'External', external: { bootstrapServers: 'a:1' }, brokers: 3 };
    await withoutRules(kubernetes, eventClusters, async () => {
      await create(eventClusters, before, 'old.cluster');
      await setStatus(kubernetes, eventClusters, { namespace, name: 'old.cluster' }, { observedGeneration: 1 });
    });
    // The rules are back a moment later, too.
    await eventually(() => expect(create(eventClusters, before)).rejects.toThrow(/engine is External/));
    const change = (patch: object) =>
      kubernetes.client.mergePatch(eventClusters, { namespace, name: 'old.cluster' }, patch);
    await expect(change({ metadata: { finalizers: ['example.org/keep'] } })).resolves.toBeDefined();
    await expect(change({ spec: { external: { bootstrapServers: 'b:1' } } })).resolves.toBeDefined();
    await expect(change({ spec: { brokers: 5 } })).rejects.toThrow(/spec\.brokers.*engine is External/s);
    await expect(change({ spec: { brokers: null } })).resolves.toBeDefined();
    await expect(change({ spec: { brokers: 3 } })).rejects.toThrow(/spec\.brokers.*engine is External/s);
    await change({ metadata: { finalizers: null } });
  });

  it.each([
    ['an address of IPv6 outside', eventClusters, { externalAccess: { host: '2001:db8::1', firstPort: 9094 } }],
    [
      'brokers outside by their numbers',
      eventClusters,
      { externalAccess: { host: 'b-{broker}.a.org', firstPort: 9094 } },
    ],
    ['an image by digest', eventClusters, { image: `r.example.org:5000/a/kafka@sha256:${'0'.repeat(64)}` }],
    ['an image at an address of IPv6', eventClusters, { image: '[::1]:5000/kafka:4.3.1' }],
    ['no storage class', eventClusters, { storage: { storageClassName: '' } }],
    [
      'access from IPv6 in full',
      eventUsers,
      { clusterRef, access: [{ topic: 'a', allow: 'Read', host: '2001:DB8:0:0:0:0:0:1' }] },
    ],
    ['access from ::', eventUsers, { clusterRef, access: [{ topic: 'a', allow: 'Read', host: '::' }] }],
    ['access from IPv6', eventUsers, { clusterRef, access: [{ topic: 'a', allow: 'Read', host: 'fe80::1' }] }],
    [
      'an ACL entry for all topics',
      eventUsers,
      { clusterRef, acls: [{ resource: 'Topic', name: '*', operations: ['Read'] }] },
    ],
    [
      'replicas that are all in step',
      eventTopics,
      { clusterRef, replicationFactor: 3, config: { 'min.insync.replicas': 3 } },
    ],
    [
      'what only brokers can judge',
      eventTopics,
      { clusterRef, replicationFactor: 3, config: { 'min.insync.replicas': 'x' } },
    ],
  ] as [string, ObjectKind, object][])('takes %s', async (_what, kind, spec) => {
    await expect(create(kind, spec)).resolves.toMatchObject({ spec });
  });

  it('refuses dead letters that are read or sent again by the names that they have unless told otherwise', async () => {
    const needed = { clusterRef, databaseSecretRef, replicas: 1 };
    const read = create(reminderConsumers, { ...needed, topics: ['one-dead-letters'] }, 'one');
    await expect(read).rejects.toThrow(/spec\.topics.*<name>-dead-letters: set deadLetterTopic/s);
    const sent = { ...needed, webhook, remindersTopic: 'one-webhook-dead-letters' };
    await expect(create(reminderConsumers, sent, 'one')).rejects.toThrow(/spec\.remindersTopic.*set webhook/s);
    const others = { ...needed, topics: ['one-dead-letters'], deadLetterTopic: 'lost' };
    await expect(create(reminderConsumers, others, 'one')).resolves.toBeDefined();
  });

  it('lets nobody rename a topic that was created and that nobody has seen yet', async () => {
    const { metadata } = await create(eventTopics, { clusterRef });
    await setStatus(kubernetes, eventTopics, keyOf({ metadata } as never), { managedTopicId: 'id' });
    const rename = kubernetes.client.mergePatch(eventTopics, metadata, { spec: { topicName: 'other' } });
    await expect(rename).rejects.toThrow(/spec\.topicName.*cannot be changed/s);
    const grow = kubernetes.client.mergePatch(eventTopics, metadata, { spec: { partitions: 2 } });
    await expect(grow).resolves.toMatchObject({ spec: { partitions: 2 } });
  });

  it('lets nobody make another user of one that a certificate has named', async () => {
    const authentication = { type: 'Tls', certificateSecretRef: { name: 'certificate' } };
    const { metadata } = await create(eventUsers, { clusterRef, authentication });
    await setStatus(kubernetes, eventUsers, keyOf({ metadata } as never), { principal: 'User:CN=orders' });
    const change = (subject: string) =>
      kubernetes.client.mergePatch(eventUsers, metadata, {
        spec: { authentication: { subject, certificateSecretRef: null } },
      });
    await expect(change('CN=others')).rejects.toThrow(/spec\.authentication\.subject.*another user/s);
    await expect(change('CN=orders')).resolves.toBeDefined();
  });

  it('refuses a name that is too long for the pods made from it', async () => {
    const creation = create(eventClusters, {}, 'e'.repeat(45));
    await expect(creation).rejects.toThrow(/at most 44 characters/);
  });

  const changes: [string, ObjectKind, object, object, RegExp | undefined][] = [
    [
      'fewer partitions',
      eventTopics,
      { clusterRef, partitions: 3 },
      { partitions: 2 },
      /spec\.partitions.*can only grow/s,
    ],
    ['more partitions', eventTopics, { clusterRef, partitions: 3 }, { partitions: 4 }, undefined],
    ['another topic', eventTopics, { clusterRef }, { topicName: 'other' }, /spec\.topicName.*cannot be changed/s],
    [
      'another cluster',
      eventTopics,
      { clusterRef },
      { clusterRef: { name: 'other' } },
      /spec\.clusterRef.*cannot be changed/s,
    ],
  ];
  it.each(changes)('judges a change to %s, once something was made', async (_what, kind, before, after, message) => {
    const object = await create(kind, before);
    await setStatus(kubernetes, kind, keyOf(object), { partitions: 3 });
    const change = kubernetes.client.mergePatch(kind, object.metadata, { spec: after });
    if (message) await expect(change).rejects.toThrow(message);
    else await expect(change).resolves.toMatchObject({ spec: after });
  });

  it.each(changes)('takes a change to %s as long as nothing was made', async (_what, kind, before, after) => {
    const object = await create(kind, before);
    await expect(kubernetes.client.mergePatch(kind, object.metadata, { spec: after })).resolves.toMatchObject({
      spec: after,
    });
  });

  const made = { bootstrapServers: 'events.tasks.svc.cluster.local:9092' };
  const clusterChanges: [string, object, RegExp | undefined][] = [
    ['another engine', { engine: 'Kafka' }, /spec\.engine.*cannot be changed/s],
    ['security', { engine: 'Kafka', security: {} }, /spec\.security.*cannot be changed/s],
    ['a smaller volume', { storage: { size: '1Gi' } }, /spec\.storage\.size.*can only grow/s],
    ['a larger volume', { storage: { size: '0.5Ti' } }, undefined],
    ['another storage class', { storage: { storageClassName: 'fast' } }, /spec\.storage.*cannot be changed/s],
  ];
  it.each(clusterChanges)('judges a change to %s by what was made', async (_what, spec, message) => {
    const { metadata } = await create(eventClusters, {});
    const change = (key: Key) => kubernetes.client.mergePatch(eventClusters, key, { spec });
    await expect(change(metadata)).resolves.toMatchObject({ spec });
    const other = await create(eventClusters, {});
    await setStatus(kubernetes, eventClusters, keyOf(other), made);
    if (message) await expect(change(keyOf(other))).rejects.toThrow(message);
    else await expect(change(keyOf(other))).resolves.toMatchObject({ spec });
  });

  it('lets open brokers of engine Kafka become closed, and nothing else', async () => {
    const cluster = await create(eventClusters, { engine: 'Kafka' });
    const security = (enabled: boolean) => ({ tls: { enabled }, authentication: { enabled } });
    const change = (wanted: object | null) =>
      kubernetes.client.mergePatch(eventClusters, keyOf(cluster), { spec: { security: wanted } });
    await setStatus(kubernetes, eventClusters, keyOf(cluster), {
      ...made,
      security: { tls: false, authentication: false },
    });
    await expect(change(security(false))).resolves.toBeDefined();
    await expect(change(security(true))).resolves.toBeDefined();
    await setStatus(kubernetes, eventClusters, keyOf(cluster), {
      ...made,
      security: { tls: true, authentication: true, move: 'MoveClients' },
    });
    await expect(change(security(false))).rejects.toThrow(/spec\.security.*cannot be changed/s);
    await expect(change({ tls: { enabled: false } })).rejects.toThrow(/spec\.security.*cannot be changed/s);
    await expect(change(null)).resolves.toBeDefined();
  });

  it('lets the engine of brokers be corrected that never answered', async () => {
    const external = { bootstrapServers: 'a:1' };
    const metadata = keyOf(await create(eventClusters, { engine: 'External', external }));
    const change = (engine: string) =>
      kubernetes.client.mergePatch(eventClusters, metadata, { spec: { engine, external: null } });
    await setStatus(kubernetes, eventClusters, metadata, { ...external, clusterId: 'abc' });
    await expect(change('Kafka')).rejects.toThrow(/spec\.engine.*cannot be changed/s);
    await setStatus(kubernetes, eventClusters, metadata, external);
    await expect(change('Kafka')).resolves.toBeDefined();
  });

  it('takes the name of the resource as the name of the topic', async () => {
    const { metadata } = await create(eventTopics, { clusterRef }, 'named');
    const change = kubernetes.client.mergePatch(eventTopics, metadata, { spec: { topicName: 'named' } });
    await expect(change).resolves.toMatchObject({ spec: { topicName: 'named' } });
  });

  it.each([
    ['reminderconsumers', reminderConsumers, { clusterRef, databaseSecretRef, replicas: 1 }],
    ['chatapis', chatApis, { clusterRef, databaseSecretRef, auth }],
  ])('scales %s', async (plural, kind: ObjectKind, spec) => {
    const { metadata } = await create(kind, spec);
    const path = `/apis/kafka-events.dev/v1alpha1/namespaces/${namespace}/${plural}/${metadata.name}/scale`;
    const body = { spec: { replicas: 4 } };
    await kubernetes.transport.send({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
    expect(await kubernetes.client.get(kind, metadata)).toMatchObject({ spec: { replicas: 4 } });
  });
});
