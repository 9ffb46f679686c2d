import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chatWith, type Chat } from '../../demo/chat.ts';
import { install, namespace, readToken, topics } from '../../demo/install.ts';
import { connectTo } from '../../demo/kafka-client.ts';
import { localCluster } from '../../demo/local-cluster.ts';
import type { Place } from '../../demo/place.ts';
import { watchTopics, type TopicWatch } from '../../demo/topic-watch.ts';
import { waitUntilReady } from '../../demo/wait.ts';
import { down } from '../../localcluster/cluster/down.ts';
import { settingsOf } from '../../localcluster/settings.ts';
import { createManifest } from '../support/create-manifest.ts';
import { e2eClusterName } from '../support/e2e-cluster.ts';
import { until } from '../support/until.ts';

/** A cluster of its own, so that it can run beside the other tests of the chart. */
const settings = settingsOf(`${e2eClusterName}-redpanda`);
const installMilliseconds = 420_000;
const changeMilliseconds = 300_000;
const reminderMilliseconds = 60_000;

let place: Place;
let chat: Chat;
let watch: TopicWatch;

beforeAll(async () => {
  place = await localCluster(settings, 'redpanda');
  await install(place);
  const reach = await place.reach(namespace);
  chat = chatWith(reach.api, await readToken(place, 'demo'));
  watch = await watchTopics(await connectTo(place, namespace, reach), topics);
}, installMilliseconds);

afterAll(async () => {
  await watch?.stop().catch(() => {});
  await down(settings);
}, changeMilliseconds);

describe('the default values of the chart, on a stand-in for Redpanda', () => {
  it('run three closed brokers, whose topics have three replicas', async () => {
    const columns = '--output=jsonpath={range .items[*]}{.status.topicName} {.status.replicationFactor}{"\\n"}{end}';
    const lines = (await kubectl('get', 'eventtopics', columns)).trim().split('\n');
    expect(lines).toEqual(expect.arrayContaining(['reminders 3', 'task-events 3', 'task-updates 3']));
    expect(JSON.parse(await eventCluster('.status'))).toMatchObject({
      brokers: { desired: 3, ready: 3 },
      security: { tls: true, authentication: true },
      version: 'v26.2.1',
    });
  });

  it(
    'turn chat into a reminder',
    async () => {
      const task = await chat('Pay rent in 3 seconds');
      await remindedOnce(task.taskId);
    },
    reminderMilliseconds,
  );

  it(
    'restart one broker at a time for a property that needs it, while chat and reminders go on',
    async () => {
      const before = await podIds();
      await patchCluster({ config: { log_segment_size_jitter_percent: 7 } });
      let task: Awaited<ReturnType<Chat>> | undefined;
      let fewestReady = 3;
      await until(async () => {
        const ready = Number(await eventCluster('.status.brokers.ready'));
        fewestReady = Math.min(fewestReady, ready);
        if (ready === 2) task ??= await chat('Water the plants in 5 seconds');
        const now = await podIds();
        return now.length === 3 && now.every((id) => !before.includes(id));
      }, changeMilliseconds);
      await ready();
      expect(fewestReady).toBe(2);
      await remindedOnce(task!.taskId);
    },
    changeMilliseconds,
  );

  it(
    'take a fourth broker in, and empty it before it goes',
    async () => {
      await patchCluster({ brokers: 4 });
      await until(async () => (await eventCluster('.status.brokers.ready')) === '4', changeMilliseconds);
      await createManifest(place, namespace, {
        apiVersion: 'kafka-events.dev/v1alpha1',
        kind: 'EventTopic',
        metadata: { name: 'wide' },
        spec: { clusterRef: { name: 'events' }, partitions: 8, replicationFactor: 3 },
      });
      await waitUntilReady(place, namespace, 'EventTopic wide is Ready', ['eventtopic/wide'], 60);
      await patchCluster({ brokers: 3 });
      await until(async () => (await podIds()).length === 3, changeMilliseconds);
      await ready();
      expect(await kubectl('get', 'persistentvolumeclaims', '--output=name')).not.toContain('data-events-3');
      expect(await eventCluster('.status.underReplicatedPartitions')).toBe('0');
    },
    changeMilliseconds,
  );

  it(
    'lose a broker with its volume, and neither an event nor a reminder',
    async () => {
      const task = await chat('Survive a lost volume in 10 seconds');
      await kubectl('delete', 'persistentvolumeclaim/data-events-1', '--wait=false');
      await kubectl('delete', 'pod/events-1', '--grace-period=0', '--force');
      await remindedOnce(task.taskId);
      // The id that it had before leaves as soon as its replicas are elsewhere.
      await until(async () => {
        const members = await brokersOfCluster();
        return members.length === 3 && members.every(({ is_alive }) => is_alive);
      }, changeMilliseconds);
      await ready();
    },
    changeMilliseconds,
  );
});

function kubectl(...args: string[]): Promise<string> {
  return place.kubectl([...args, '--namespace', namespace]);
}

const eventCluster = (path: string) => kubectl('get', 'eventcluster/events', `--output=jsonpath={${path}}`);

async function patchCluster(spec: object): Promise<void> {
  await kubectl('patch', 'eventcluster/events', '--type=merge', `--patch=${JSON.stringify({ spec })}`);
}

/** As a person asks in the pod of a broker. */
async function brokersOfCluster(): Promise<{ readonly node_id: number; readonly is_alive: boolean }[]> {
  const tls = 'cd /etc/redpanda-tls && curl --silent --cacert trusted.crt --cert internal.crt --key internal.key';
  const script = `${tls} https://127.0.0.1:9644/v1/brokers`;
  const answer = await kubectl('exec', 'events-0', '--container=redpanda', '--', 'bash', '-c', script);
  return JSON.parse(answer) as Awaited<ReturnType<typeof brokersOfCluster>>;
}

async function podIds(): Promise<string[]> {
  const selector = '--selector=app.kubernetes.io/name=event-cluster';
  const answer = await kubectl('get', 'pods', selector, '--output=jsonpath={.items[*].metadata.uid}');
  return answer.split(' ').filter((id) => id !== '');
}

async function remindedOnce(taskId: string): Promise<void> {
  const isIts = ({ key, topic }: { readonly key: string; readonly topic: string }) =>
    key === taskId && topic === 'reminders';
  await watch.find(isIts, reminderMilliseconds);
  expect(new Set(watch.seen.filter(isIts).map(({ event }) => event.event_id)).size).toBe(1);
}

async function ready(): Promise<void> {
  const names = ['eventcluster/events', 'eventtopic/reminders', 'chatapi/chat-api', 'reminderconsumer/reminder-worker'];
  await waitUntilReady(place, namespace, 'Everything is Ready', names, changeMilliseconds / 1000);
}
