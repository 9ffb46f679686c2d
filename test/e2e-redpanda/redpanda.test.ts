import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chatWith, type Chat } from '../../demo/chat.ts';
import { install, namespace, readToken, topics } from '../../demo/install.ts';
import { connectTo } from '../../demo/kafka-client.ts';
import { localCluster } from '../../demo/local-cluster.ts';
import type { Place, Reach } from '../../demo/place.ts';
import { watchTopics, type TopicWatch } from '../../demo/topic-watch.ts';
import { say } from '../../localcluster/progress.ts';
import { settingsOf } from '../../localcluster/settings.ts';
import { LivingCluster } from '../bench/support/living-cluster.ts';
import { redpandaHappenings } from '../bench/support/redpanda-happenings.ts';
import { MessageFlow } from '../bench/support/message-flow.ts';
import { e2eClusterName } from '../support/e2e-cluster.ts';
import { isReplaced, membersBy } from '../support/redpanda-members.ts';
import { until } from '../support/until.ts';

const waitMilliseconds = 240_000;
/** The cluster comes up before, and the waits of demo/install.ts are ten minutes together. */
const setupMilliseconds = 1_080_000;
const testMilliseconds = 6 * waitMilliseconds;
const settings = settingsOf(e2eClusterName);
const life = 'life';
/** By their names in the bench, which also looks at what the brokers do meanwhile. The loss of a founder comes after. */
const changes = ['configuration roll', '3 -> 5 brokers', 'lost volume of a broker that joined', '5 -> 3 brokers'];

let place: Place;
let reach: Reach;
let chat: Chat;
let watch: TopicWatch;
let flow: MessageFlow;

beforeAll(async () => {
  const cluster = await localCluster(settings, 'redpanda');
  const topic = `--set-json=eventTopics.${life}=${JSON.stringify({ partitions: 3 })}`;
  place = { ...cluster, helmValues: [...cluster.helmValues, topic] };
  await install(place);
  reach = await place.reach(namespace);
  chat = chatWith(reach.api, await readToken(place, 'demo'));
  const connection = await connectTo(place, namespace, reach);
  watch = await watchTopics(connection, topics);
  flow = await MessageFlow.start(connection, life, `demo-${randomUUID()}`);
}, setupMilliseconds);

afterAll(async () => {
  await Promise.all([watch?.stop(), flow?.stop()]);
  await reach?.close();
  await place?.helm(['uninstall', 'kafka-events', '--namespace', namespace, '--wait', '--timeout=240s']);
  await place?.kubectl(['delete', 'namespace', namespace, '--timeout=240s']);
}, testMilliseconds);

/** Takes minutes, so `make test` leaves it out. The operator killed meanwhile: make bench-cluster-life ENGINE=redpanda. */
describe("the chart's own engine, run by a stand-in for Redpanda", () => {
  it(
    'turns chat into events and reminders, in topics of three replicas',
    async () => {
      await remindedOnce('Buy milk in 2 seconds');
      const columns = '{.status.topicName} {.status.replicationFactor}{"\\n"}';
      const list = ['get', 'eventtopics', '--namespace', namespace];
      const lines = await place.kubectl([...list, `--output=jsonpath={range .items[*]}${columns}{end}`]);
      expect(lines.trim().split('\n')).toEqual(expect.arrayContaining(topics.map((topic) => `${topic} 3`)));
    },
    testMilliseconds,
  );

  it.each(changes)(
    'loses no message: %s',
    async (name) => {
      const cluster = new LivingCluster({ settings, place, namespace, reach, flow });
      const [, happen] = redpandaHappenings({ place, namespace }).find(([each]) => each === name)!;
      const since = performance.now();
      let seconds = 0;
      const figures = await flow.during(async () => {
        await happen(cluster);
        seconds = (performance.now() - since) / 1000;
      });
      say(`  ${name}: ${seconds.toFixed(0)} s, ${JSON.stringify(figures)}`);
      expect(figures.lost).toBe(0);
    },
    testMilliseconds,
  );

  it(
    'replaces a broker that is lost with its volume by one of another id, and loses no message',
    async () => {
      const members = () => membersBy('events-0', place, namespace);
      const before = await members();
      expect(before.map(({ pod }) => pod).sort()).toEqual(['events-0', 'events-1', 'events-2']);
      const cluster = new LivingCluster({ settings, place, namespace, reach, flow });
      const figures = await flow.during(async () => {
        await cluster.loseVolume('events-2');
        await until(async () => isReplaced('events-2', before, await members()), waitMilliseconds);
      });
      expect(figures.sent).toBeGreaterThan(0);
      expect(figures.lost).toBe(0);
      await remindedOnce('Remember all in 2 seconds');
    },
    testMilliseconds,
  );
});

async function remindedOnce(said: string): Promise<void> {
  const { taskId } = await chat(said);
  const isIts = ({ key, topic }: { readonly key: string; readonly topic: string }) =>
    key === taskId && topic === 'reminders';
  await watch.find(isIts, waitMilliseconds);
  expect(watch.seen.filter(isIts)).toHaveLength(1);
}
