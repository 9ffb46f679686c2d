import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chatWith, type Chat } from '../../demo/chat.ts';
import { install, namespace, readToken, topics } from '../../demo/install.ts';
import { connectTo } from '../../demo/kafka-client.ts';
import { localCluster } from '../../demo/local-cluster.ts';
import type { Place, Reach } from '../../demo/place.ts';
import { tellStory } from '../../demo/story.ts';
import { watchTopics, type TopicWatch } from '../../demo/topic-watch.ts';
import { waitUntilReady } from '../../demo/wait.ts';
import { settingsOf } from '../../localcluster/settings.ts';
import { encodeEvent } from '../../src/events/encode.ts';
import type { EncodedEvent } from '../../src/events/message.ts';
import type { KafkaConnection } from '../../src/kafka/connection.ts';
import { createProducer } from '../../src/kafka/producer.ts';
import { createLogger } from '../../src/lib/log.ts';
import { deadLetter } from '../../src/kafka/dead-letter.ts';
import { e2eClusterName } from '../support/e2e-cluster.ts';
import { pasteQuickstart, type Quickstart } from '../support/quickstart.ts';
import { taskCreated } from '../support/task-history.ts';
import { until } from '../support/until.ts';
import { verifiedRequests, webhookPod, webhookTo } from '../support/webhook-pod.ts';

const installMilliseconds = 420_000;
/** How long any one thing may take on a machine that has other things to do: a roll of the brokers takes longest. */
const waitSeconds = 240;
const waitMilliseconds = waitSeconds * 1000;
/** Longer than the waits of any test together: only a wait that fails tells what did not come about. */
const storyMilliseconds = 6 * waitMilliseconds;
/** The cluster comes up before, and a Kafka client joins its group after. */
const setupMilliseconds = installMilliseconds + 2 * waitMilliseconds;
const everything = [
  'eventcluster/events',
  'eventtopic/task-events',
  'eventtopic/task-updates',
  'eventtopic/reminders',
  'chatapi/chat-api',
  'reminderconsumer/reminder-worker',
];

const brokerPods = 'app.kubernetes.io/name=event-cluster';

let place: Place;
let reach: Reach;
let connection: KafkaConnection;
let chat: Chat;
let watch: TopicWatch;
let quickstart: Quickstart;

beforeAll(async () => {
  const settings = settingsOf(e2eClusterName);
  place = await localCluster(settings);
  quickstart = await pasteQuickstart(settings, place.helmValues);
  await quickstart.untilInstalled(installMilliseconds);
  reach = await place.reach(namespace);
  chat = chatWith(reach.api, await readToken(place, 'demo'));
  connection = await connectTo(place, namespace, reach);
  watch = await watchTopics(connection, topics);
}, setupMilliseconds);

afterAll(async () => {
  await watch?.stop();
  await quickstart?.stop();
  await place?.helm(['uninstall', 'kafka-events', '--namespace', namespace, '--wait', `--timeout=${waitSeconds}s`]);
  await place?.kubectl(['delete', 'namespace', namespace, `--timeout=${waitSeconds}s`]);
}, storyMilliseconds);

describe('the system as the chart installs it', () => {
  it(
    'turns chat into events, schedules and reminders, all as promised',
    async () => {
      const times = await tellStory(place, reach, connection);
      expect(times.invalidEvents).toEqual([]);
      expect(times.eventInTopic.slowest).toBeLessThan(1000);
      expect(times.scheduled.slowest).toBeLessThan(2000);
    },
    storyMilliseconds,
  );

  it(
    'does for whoever pastes the quickstart what that says',
    async () => {
      expect(await quickstart.ended).toBe(0);
      await until(() => /sign in with this token: [-\w]{40}\n/.test(quickstart.output()));
      // What the first curl was answered, and what the second one saw.
      expect(quickstart.output()).toMatch(/"title":"Pay rent".*event: reminder\n.*"title":"Pay rent"/s);
    },
    storyMilliseconds,
  );

  it(
    'passes its own test',
    async () => {
      await place.helm(['test', 'kafka-events', '--namespace', namespace, `--timeout=${waitSeconds}s`]);
    },
    storyMilliseconds,
  );

  it(
    'brings its CRDs along when it is upgraded, and changes nothing else, nor when it is rolled back',
    async () => {
      const before = await generations();
      const field = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/llm';
      const removal = JSON.stringify([{ op: 'remove', path: field }]);
      await kubectl('patch', 'crd/chatapis.kafka-events.dev', '--type=json', `--patch=${removal}`);
      expect(await typeOfLlm()).toBe('');
      await install(place);
      expect(await typeOfLlm()).toBe('object');
      expect(await generations()).toBe(before);
      const rollback = ['rollback', 'kafka-events', '1', '--namespace', namespace];
      await place.helm([...rollback, '--wait', `--timeout=${waitSeconds}s`]);
      expect(await generations()).toBe(before);
    },
    storyMilliseconds,
  );

  it('has brokers and topics in the time that the specification allows', () => {
    const ready = (name: string) => quickstart.secondsUntil(`.kafka-events.dev/${name} condition met`);
    expect(ready('events')).toBeLessThan(180);
    expect(Math.max(...topics.map(ready)) - ready('events')).toBeLessThan(30);
  });

  it('has topics as the specification wants them', async () => {
    const columns =
      '{.status.topicName} {.status.partitions} {.status.replicationFactor} {.spec.retentionSeconds}{"\\n"}';
    const lines = await kubectl('get', 'eventtopics', `--output=jsonpath={range .items[*]}${columns}{end}`);
    expect(lines.trim().split('\n')).toEqual(
      expect.arrayContaining(topics.map((topic) => `${topic} 3 2 ${7 * 24 * 60 * 60}`)),
    );
  });
});

describe('a DeadLetterReplay', () => {
  it(
    'sends a dead letter back from a pod, so that its reminder comes after all',
    async () => {
      const taskId = randomUUID();
      const event = taskCreated(taskId, { due_date: new Date().toISOString() });
      await sendDeadLetter(encodeEvent(event, 1), 'task-events');
      const spec = { consumerRef: { name: 'reminder-worker' }, filter: { keys: [taskId] } };
      await create({
        apiVersion: 'kafka-events.dev/v1alpha1',
        kind: 'DeadLetterReplay',
        metadata: { name: 'again' },
        spec,
      });
      await kubectl('wait', '--for=condition=Complete', 'deadletterreplay/again', `--timeout=${waitSeconds}s`);
      const status = await kubectl('get', 'deadletterreplay/again', '--output=jsonpath={.status}');
      expect(JSON.parse(status)).toMatchObject({ matched: 1, replayed: 1, kept: 0, remaining: 0 });
      await watch.find(({ key, topic }) => key === taskId && topic === 'reminders', waitMilliseconds);
      await kubectl('delete', 'deadletterreplay/again', '--wait=false');
    },
    storyMilliseconds,
  );
});

describe('a webhook', () => {
  it(
    'sends a reminder from a pod to a URL, once and signed',
    async () => {
      const signingSecret = `whsec_${randomBytes(32).toString('base64')}`;
      await create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'webhook' },
        stringData: { 'signing-secret': signingSecret },
      });
      const image = await kubectl('get', 'deployment/reminder-worker', '--output=jsonpath={..containers[0].image}');
      await create(webhookPod('receiver', image));
      await kubectl('wait', '--for=condition=Ready', 'pod/receiver', `--timeout=${waitSeconds}s`);
      const podIp = await kubectl('get', 'pod/receiver', '--output=jsonpath={.status.podIP}');
      await patchConsumer({ webhook: webhookTo(podIp, 'webhook') });
      await until(async () => (await consumerStatus('.status.webhook.readyReplicas')) === '1', waitMilliseconds);
      const task = await chat('Ring the bell in 3 seconds');
      const itsRequests = async () =>
        verifiedRequests(await kubectl('logs', 'receiver'), signingSecret).filter(({ body }) =>
          body.includes(task.taskId),
        );
      await until(async () => (await itsRequests()).length > 0, waitMilliseconds);
      const reminder = await watch.find(
        ({ key, topic }) => key === task.taskId && topic === 'reminders',
        waitMilliseconds,
      );
      const [request, ...more] = await itsRequests();
      expect(more).toEqual([]);
      expect(request!.headers['webhook-id']).toBe(reminder.event.event_id);
      expect(JSON.parse(request!.body)).toEqual(reminder.event);
      await patchConsumer({ webhook: null });
      await kubectl('wait', '--for=delete', 'deployment/reminder-worker-webhook', `--timeout=${waitSeconds}s`);
      await kubectl('delete', 'pod/receiver', 'secret/webhook', '--wait=false');
      await ready();
    },
    storyMilliseconds,
  );
});

describe('reminder workers', () => {
  it(
    'become more while a lag grows that one cannot take, and read it all',
    async () => {
      const postgres = '--selector=app.kubernetes.io/name=postgresql';
      await patchConsumer({ replicas: null, scaling: { minReplicas: 1, maxReplicas: 3, targetLag: 100 } });
      // Without their database, they can take nothing: it is gone when its pod is.
      await kubectl('scale', 'statefulset', postgres, '--replicas=0');
      await kubectl('wait', '--for=delete', 'pod', postgres, `--timeout=${waitSeconds}s`);
      await sendEvents(Array.from({ length: 500 }, () => encodeEvent(taskCreated(randomUUID()), 1)));
      await until(async () => Number(await consumerStatus('.status.lag.total')) >= 500, waitMilliseconds);
      await until(async () => (await consumerStatus('.status.replicas')) === '3', waitMilliseconds);
      await kubectl('scale', 'statefulset', postgres, '--replicas=1');
      await until(async () => (await consumerStatus('.status.lag.total')) === '0', waitMilliseconds);
      await until(async () => (await consumerStatus('.status.readyReplicas')) === '3', waitMilliseconds);
      await patchConsumer({ replicas: 1, scaling: null });
      await until(async () => (await consumerStatus('.status.replicas')) === '1', waitMilliseconds);
      await ready();
    },
    storyMilliseconds,
  );
});

describe('a pod that is killed', () => {
  it.each([
    ['operator', 'app.kubernetes.io/name=kafka-events-operator'],
    ['chat API', 'app.kubernetes.io/name=chat-api'],
    ['reminder worker', 'app.kubernetes.io/name=reminder-consumer'],
    ['PostgreSQL', 'app.kubernetes.io/name=postgresql'],
  ])(
    'costs no event and no reminder: %s',
    async (kind, selector) => {
      const task = await chat(`Survive the ${kind} in 5 seconds`);
      await killAndReplace(selector);
      await remindedOnce(task.taskId);
      await ready();
    },
    storyMilliseconds,
  );

  it(
    'costs no event and no reminder: one broker',
    async () => {
      const task = await chat('Survive a broker in 5 seconds');
      await killAndReplace('statefulset.kubernetes.io/pod-name=events-1');
      await remindedOnce(task.taskId);
      await ready();
    },
    storyMilliseconds,
  );

  it(
    'costs no event and no reminder: all brokers at once, while the API still answers',
    async () => {
      const killed = await kill(brokerPods);
      const task = await chat('Survive all brokers in 5 seconds');
      await replaced(brokerPods, killed);
      await remindedOnce(task.taskId);
      await ready();
    },
    storyMilliseconds,
  );

  it(
    'costs no event and no reminder: a broker whose node is drained, and the password of the chat API',
    async () => {
      const task = await chat('Survive a drain in 10 seconds');
      const before = await passwordOfChatApi();
      await kubectl('delete', 'secret/chat-api.chat-api');
      const node = await kubectl('get', 'pod/events-2', '--output=jsonpath={.spec.nodeName}');
      const ofBroker = '--pod-selector=statefulset.kubernetes.io/pod-name=events-2';
      try {
        await kubectl('drain', node, ofBroker, '--delete-emptydir-data', `--timeout=${waitSeconds}s`);
      } finally {
        await kubectl('uncordon', node);
      }
      await until(async () => !['', before].includes(await passwordOfChatApi()), waitMilliseconds);
      await remindedOnce(task.taskId);
    },
    storyMilliseconds,
  );

  it(
    'costs no event and no reminder: brokers that are rolled for new certificates, and the operator meanwhile',
    async () => {
      const before = await podsOf(brokerPods);
      await kubectl('delete', 'secret/events-brokers-tls');
      await until(async () => {
        const now = await podsOf(brokerPods);
        return [...before.keys()].some((uid) => !now.has(uid));
      }, waitMilliseconds);
      const task = await chat('Survive a roll in 10 seconds');
      await killAndReplace('app.kubernetes.io/name=kafka-events-operator');
      await remindedOnce(task.taskId);
      await replaced(brokerPods, before);
      await ready();
    },
    storyMilliseconds,
  );
});

describe('bad input', () => {
  it('is refused by the API server with the name of the field', async () => {
    const patch = ['patch', 'eventtopic/reminders', '--type=merge'];
    await expect(kubectl(...patch, '--patch={"spec":{"partitions":2}}')).rejects.toThrow(
      /spec\.partitions.*can only grow/,
    );
    await expect(kubectl(...patch, '--patch={"spec":{"partitions":"three"}}')).rejects.toThrow(/spec\.partitions/);
  });

  it(
    'is told in a condition where only the brokers can know',
    async () => {
      await kubectl(
        'patch',
        'eventtopic/reminders',
        '--type=merge',
        '--patch={"spec":{"config":{"segment.bytes":"-5"}}}',
      );
      await until(async () => /segment\.bytes/.test(await readyMessage('eventtopic/reminders')));
      await kubectl('patch', 'eventtopic/reminders', '--type=merge', '--patch={"spec":{"config":null}}');
      await ready();
    },
    storyMilliseconds,
  );
});

function kubectl(...args: string[]): Promise<string> {
  return place.kubectl([...args, '--namespace', namespace]);
}

/** As a worker does that could not handle a message. */
async function sendDeadLetter({ key, value, headers }: EncodedEvent, topic: string): Promise<void> {
  const producer = createProducer(connection, { logger: createLogger({ name: 'test', level: 'silent' }) });
  const failure = { error: new Error('the database refused it'), attempts: 5, groupId: 'test' };
  const consumed = { topic, partition: 0, offset: '0', key: Buffer.from(key), value: Buffer.from(value), headers };
  await producer.send('reminder-worker-dead-letters', [deadLetter(consumed, failure)]);
  await producer.stop();
}

/** As another producer does. */
async function sendEvents(events: readonly EncodedEvent[]): Promise<void> {
  const producer = createProducer(connection, { logger: createLogger({ name: 'test', level: 'silent' }) });
  await producer.send('task-events', events);
  await producer.stop();
}

async function patchConsumer(spec: object): Promise<void> {
  await kubectl('patch', 'reminderconsumer/reminder-worker', '--type=merge', `--patch=${JSON.stringify({ spec })}`);
}

const consumerStatus = (path: string) =>
  kubectl('get', 'reminderconsumer/reminder-worker', `--output=jsonpath={${path}}`);

async function create(manifest: object): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'manifest-'));
  try {
    const file = join(folder, 'manifest.json');
    await writeFile(file, JSON.stringify(manifest));
    await kubectl('create', '--filename', file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const passwordOfChatApi = () =>
  kubectl('get', 'secret/chat-api.chat-api', '--ignore-not-found', '--output=jsonpath={.data.password}');

/** The UIDs of the pods that have not ended, and which of them are Ready. */
async function podsOf(selector: string): Promise<ReadonlyMap<string, boolean>> {
  const columns = '{.metadata.uid} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}';
  const running = ['--selector', selector, '--field-selector=status.phase!=Succeeded,status.phase!=Failed'];
  const lines = await kubectl('get', 'pod', ...running, `--output=jsonpath={range .items[*]}${columns}{end}`);
  const pods = lines.split('\n').map((line) => line.split(' '));
  return new Map(pods.filter(([uid]) => uid !== '').map(([uid = '', ready]) => [uid, ready === 'True']));
}

/** Without notice. A selector that matches nothing would kill nothing, and prove nothing. */
async function kill(selector: string): Promise<ReadonlyMap<string, boolean>> {
  const killed = await podsOf(selector);
  expect(killed.size).toBeGreaterThan(0);
  await kubectl('delete', 'pod', '--selector', selector, '--grace-period=0', '--force');
  return killed;
}

/** Until as many others are Ready: the conditions of our resources may be those of before the kill for a moment. */
async function replaced(selector: string, killed: ReadonlyMap<string, boolean>): Promise<void> {
  await until(async () => {
    const pods = await podsOf(selector);
    return pods.size >= killed.size && [...pods].every(([uid, isReady]) => isReady && !killed.has(uid));
  }, waitMilliseconds).catch(tellState);
}

async function killAndReplace(selector: string): Promise<void> {
  await replaced(selector, await kill(selector));
}

/** Exactly one reminder: more would have come by the time everything is ready again. */
async function remindedOnce(taskId: string): Promise<void> {
  const isIts = ({ key, topic }: { key: string; topic: string }) => key === taskId && topic === 'reminders';
  await watch.find(isIts, waitMilliseconds).catch(tellState);
  await ready();
  const ids = new Set(watch.seen.filter(isIts).map(({ event }) => event.event_id));
  expect(ids.size).toBe(1);
}

async function ready(): Promise<void> {
  await waitUntilReady(place, namespace, 'Everything is Ready', everything, waitSeconds).catch(tellState);
}

/** What somebody would look at who cannot look any more: the cluster is gone when the failure is read. */
async function tellState(cause: unknown): Promise<never> {
  const kinds = 'eventclusters,chatapis,reminderconsumers,pods';
  const state = await kubectl('get', kinds, '--output=wide', '--no-headers').catch(String);
  const log = await kubectl('logs', '--selector=app.kubernetes.io/name=kafka-events-operator', '--tail=10').catch(
    String,
  );
  throw new Error(`${String(cause)}\n${state}\n${log}`, { cause });
}

/** Counts changes of every object that the operator made: its own status writes do not count. */
async function generations(): Promise<string> {
  const columns = '--output=jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.generation}{"\\n"}{end}';
  return kubectl('get', 'statefulsets,deployments,eventclusters,eventtopics,chatapis,reminderconsumers', columns);
}

/** What the API server takes as the type of a field that an earlier release may have been without. */
async function typeOfLlm(): Promise<string> {
  const path = '.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.llm.type';
  return kubectl('get', 'crd/chatapis.kafka-events.dev', `--output=jsonpath={${path}}`);
}

async function readyMessage(resource: string): Promise<string> {
  return kubectl('get', resource, '--output=jsonpath={.status.conditions[?(@.type=="Ready")].message}');
}
