/**
 * What happens to a producer and a consumer that never stop while their cluster is rolled, grows, shrinks, loses brokers
 * and volumes, and while the operator dies in the middle: on real pods of a local cluster of its own, Apache Kafka with
 * TLS and SCRAM. Exit code 1 when a message is lost, or waits longer than 10 seconds. Run: node test/bench/cluster-life.ts
 */
import { randomUUID } from 'node:crypto';
import { connectTo } from '../../demo/kafka-client.ts';
import { localCluster } from '../../demo/local-cluster.ts';
import type { Place } from '../../demo/place.ts';
import { waitUntilReady } from '../../demo/wait.ts';
import { down } from '../../localcluster/cluster/down.ts';
import { say } from '../../localcluster/progress.ts';
import { projectFolder, settingsOf } from '../../localcluster/settings.ts';
import { until } from '../support/until.ts';
import { MessageFlow, type FlowFigures } from './support/message-flow.ts';

const namespace = 'cluster-life';
const topic = 'life';
const longestWaitLimit = 10;
const patienceSeconds = 600;
const settings = settingsOf('kafka-events-life');

const chosen = process.argv.slice(2);
/** In this order: each leaves the cluster as the next one needs it, so that any of them can be left out. */
const happenings: readonly (readonly [name: string, happen: (on: Life) => Promise<void>])[] = [
  ['configuration roll', (life) => life.change({ config: { 'num.io.threads': 4 } })],
  ['3 -> 5 brokers, spread', (life) => life.change({ brokers: 5, rebalance: { replicas: 'Spread' } })],
  ['5 -> 3 brokers', (life) => life.change({ brokers: 3 })],
  ['killed broker', (life) => life.killPod('events-1')],
  ['lost volume', (life) => life.loseVolume('events-2')],
  ['roll, operator killed', (life) => life.changeWithoutOperator({ config: { 'num.io.threads': 5 } })],
];

/** A cluster on the local cluster, and what is done to it. */
class Life {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  kubectl(...args: string[]): Promise<string> {
    return this.#place.kubectl([...args, '--namespace', namespace]);
  }

  ready(): Promise<void> {
    return waitUntilReady(
      this.#place,
      namespace,
      'EventCluster events is Ready',
      ['eventcluster/events'],
      patienceSeconds,
    );
  }

  async patch(spec: object): Promise<void> {
    await this.kubectl('patch', 'eventcluster/events', '--type=merge', `--patch=${JSON.stringify({ spec })}`);
  }

  async change(spec: object): Promise<void> {
    await this.patch(spec);
    await this.ready();
  }

  async killPod(name: string): Promise<void> {
    const before = await this.uidOf(name);
    await this.kubectl('delete', `pod/${name}`, '--grace-period=0', '--force');
    await this.#untilReplaced(name, before);
  }

  async loseVolume(name: string): Promise<void> {
    const before = await this.uidOf(name);
    await this.kubectl('delete', `persistentvolumeclaim/data-${name}`, '--wait=false');
    await this.kubectl('delete', `pod/${name}`, '--grace-period=0', '--force');
    await this.#untilReplaced(name, before);
  }

  /** The operator dies once the first broker is on its way. */
  async changeWithoutOperator(spec: object): Promise<void> {
    const names = ['events-0', 'events-1', 'events-2'];
    const uids = () => Promise.all(names.map((name) => this.uidOf(name)));
    const before = String(await uids());
    await this.patch(spec);
    await until(async () => String(await uids()) !== before, patienceSeconds * 1000);
    const operators = (
      await this.kubectl('get', 'pod', '--selector=app.kubernetes.io/name=kafka-events-operator', '--output=name')
    )
      .trim()
      .split('\n');
    await this.kubectl('delete', ...operators, '--grace-period=0', '--force');
    await this.ready();
  }

  async uidOf(name: string): Promise<string> {
    return this.kubectl('get', `pod/${name}`, '--ignore-not-found', '--output=jsonpath={.metadata.uid}');
  }

  async #untilReplaced(name: string, before: string): Promise<void> {
    await until(async () => !['', before].includes(await this.uidOf(name)), patienceSeconds * 1000);
    await this.kubectl('wait', '--for=condition=Ready', `pod/${name}`, `--timeout=${patienceSeconds}s`);
    await this.ready();
  }
}

async function install(place: Place): Promise<void> {
  const life = { partitions: 6, replicationFactor: 3, config: { 'min.insync.replicas': '2' } };
  await place.helm([
    ...['upgrade', '--install', 'kafka-events', `${projectFolder}/charts/kafka-events`],
    ...['--namespace', namespace, '--create-namespace', ...place.helmValues],
    ...['chatApi', 'reminderConsumer', 'postgresql'].map((part) => `--set=${part}.enabled=false`),
    `--set-json=eventTopics.${topic}=${JSON.stringify(life)}`,
  ]);
  await waitUntilReady(place, namespace, 'EventCluster events is Ready', ['eventcluster/events'], patienceSeconds);
  await waitUntilReady(place, namespace, `EventTopic ${topic} is Ready`, [`eventtopic/${topic}`], patienceSeconds);
}

const headings = ['sent', 'received', 'lost', 'duplicated', 'longest wait (s)', 'duration (s)'];

function line(name: string, cells: readonly string[]): string {
  const padded = cells.map((cell, index) => cell.padStart(Math.max(10, headings[index]!.length) + 2));
  return `${name.padEnd(24)}${padded.join('')}`;
}

function cellsOf({ sent, received, lost, duplicated, longestWait }: FlowFigures, seconds: number): string[] {
  return [...[sent, received, lost, duplicated].map(String), longestWait.toFixed(1), seconds.toFixed(0)];
}

try {
  const place = await localCluster(settings);
  await install(place);
  const reach = await place.reach(namespace);
  const connection = await connectTo(place, namespace, reach);
  const flow = await MessageFlow.start(connection, topic, `demo-${randomUUID()}`);
  const life = new Life(place);
  const lines = [line('', headings)];
  try {
    for (const [name, happen] of happenings) {
      if (chosen.length > 0 && !chosen.some((part) => name.includes(part))) continue;
      const since = performance.now();
      let seconds = 0;
      const figures = await flow.during(async () => {
        await happen(life);
        seconds = (performance.now() - since) / 1000;
      });
      lines.push(line(name, cellsOf(figures, seconds)));
      if (figures.lost > 0 || figures.longestWait > longestWaitLimit) process.exitCode = 1;
    }
  } finally {
    await flow.stop();
    await reach.close();
    say(`\n${lines.join('\n')}`);
  }
} finally {
  await down(settings);
}
