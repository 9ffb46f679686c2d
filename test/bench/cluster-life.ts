/**
 * What happens to a producer and a consumer that never stop while their cluster is rolled, grows, shrinks, loses brokers
 * and volumes, changes its certificates and passwords, and while the operator dies in the middle: on real pods of a local
 * cluster of its own, Apache Kafka with TLS and SCRAM, or with ENGINE=redpanda the stand-in for Redpanda. Exit code 1 when a
 * message is lost, or waits longer than 10 seconds. Run: node test/bench/cluster-life.ts
 */
import { randomUUID } from 'node:crypto';
import { connectTo } from '../../demo/kafka-client.ts';
import { localCluster } from '../../demo/local-cluster.ts';
import { readOptions } from '../../demo/options.ts';
import type { Place } from '../../demo/place.ts';
import { waitUntilReady } from '../../demo/wait.ts';
import { down } from '../../localcluster/cluster/down.ts';
import { say } from '../../localcluster/progress.ts';
import { projectFolder, settingsOf } from '../../localcluster/settings.ts';
import { operatorKilled, type Happening } from './support/happening.ts';
import { LivingCluster } from './support/living-cluster.ts';
import { MessageFlow, type FlowFigures } from './support/message-flow.ts';
import { redpandaHappenings } from './support/redpanda-happenings.ts';

const namespace = 'cluster-life';
const topic = 'life';
const longestWaitLimit = 10;
const patienceSeconds = 600;
const settings = settingsOf('kafka-events-life');
const { engine } = readOptions();

/** In this order: each leaves the cluster as the next one needs it, so that any of them can be left out. */
const happenings: readonly Happening[] = [
  ['configuration roll', (cluster) => cluster.change({ config: { 'num.io.threads': threads++ } })],
  ['image roll', (cluster) => cluster.rollImage()],
  ['3 -> 5 brokers, spread', (cluster) => cluster.change({ brokers: 5, rebalance: { replicas: 'Spread' } })],
  ['5 -> 3 brokers', (cluster) => cluster.change({ brokers: 3 })],
  ['killed broker', (cluster) => cluster.killPod('events-1')],
  ['lost volume', (cluster) => cluster.loseVolume('events-2')],
  ['drained node', (cluster) => cluster.drainNodeOf('events-1')],
  ['renewed certificates', (cluster) => cluster.renewCertificates()],
  ['rotated CA', (cluster) => cluster.rotateAuthority()],
  ['rotated password', (cluster) => cluster.rotatePassword()],
];
/** Each of them as it is, and then while the operator is killed in the middle. */
const withDeaths = [...happenings, ...happenings.map(operatorKilled)];
/**
 * Selected by words that are in the name, or after a `!` are not, as `roll,operator` and `roll,!operator`; several selections
 * are one after the other.
 */
const chosen = process.argv.slice(2).map((words) => words.split(','));
const applies = (word: string, name: string) =>
  word.startsWith('!') ? !name.includes(word.slice(1)) : name.includes(word);
const isChosen = (name: string) =>
  chosen.length === 0 || chosen.some((words) => words.every((word) => applies(word, name)));
let threads = 4;

async function install(place: Place): Promise<void> {
  // Redpanda has a majority of the replicas acknowledge in any case.
  const config = engine === 'kafka' ? { 'min.insync.replicas': '2' } : {};
  const life = { partitions: 6, replicationFactor: 3, config };
  await place.helm([
    ...['upgrade', '--install', 'kafka-events', `${projectFolder}/charts/kafka-events`],
    ...['--namespace', namespace, '--create-namespace', ...place.helmValues],
    ...['chatApi', 'reminderConsumer', 'postgresql'].map((part) => `--set=${part}.enabled=false`),
    `--set-json=eventTopics.${topic}=${JSON.stringify(life)}`,
  ]);
  await waitUntilReady(place, namespace, 'EventCluster events is Ready', ['eventcluster/events'], patienceSeconds);
  await waitUntilReady(place, namespace, `EventTopic ${topic} is Ready`, [`eventtopic/${topic}`], patienceSeconds);
}

const headings = ['sent', 'received', 'lost', 'duplicated', 'longest to send (s)', 'longest wait (s)', 'duration (s)'];

function line(name: string, cells: readonly string[]): string {
  const padded = cells.map((cell, index) => cell.padStart(Math.max(10, headings[index]!.length) + 2));
  return `${name.padEnd(40)}${padded.join('')}`;
}

function cellsOf(figures: FlowFigures, seconds: number): string[] {
  const { sent, received, lost, duplicated, longestUnsent, longestWait } = figures;
  const counts = [sent, received, lost, duplicated].map(String);
  return [...counts, longestUnsent.toFixed(1), longestWait.toFixed(1), seconds.toFixed(0)];
}

try {
  const place = await localCluster(settings, engine);
  await install(place);
  const reach = await place.reach(namespace);
  const connection = await connectTo(place, namespace, reach);
  const flow = await MessageFlow.start(connection, topic, `demo-${randomUUID()}`);
  const cluster = new LivingCluster({ settings, place, namespace, reach, flow });
  const lines = [line('', headings)];
  try {
    const all = engine === 'kafka' ? withDeaths : redpandaHappenings({ place, namespace });
    for (const [name, happen] of all.filter(([each]) => isChosen(each))) {
      const since = performance.now();
      let seconds = 0;
      const figures = await flow.during(async () => {
        await happen(cluster);
        seconds = (performance.now() - since) / 1000;
      });
      lines.push(line(name, cellsOf(figures, seconds)));
      say(lines.at(-1)!);
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
