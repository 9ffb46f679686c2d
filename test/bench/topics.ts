import { startKafka } from '../../localcluster/parts/kafka.ts';
import { eventTopics } from '../../src/operator/runtime/kinds.ts';
import { eventually, startKubernetes } from '../support/kubernetes.ts';
import { declareCluster, declareTopic, runTopicOperator } from '../support/topics.ts';

/** EventTopics from their first create to all Ready, and from delete to all gone: real API server, three brokers. */
const count = Number(process.argv[2] ?? 1000);
const partitions = Number(process.argv[3] ?? 1);
/** Strimzi's Topic Operator 0.49.1 with 1,000 topics of one partition, on a machine of this kind. */
const peer = { readySeconds: 28.0, afterLastCreateSeconds: 23.9, deletedSeconds: 18.5 };

const [kubernetes, kafka] = await Promise.all([startKubernetes(), startKafka({ brokers: 3 })]);
const namespace = await kubernetes.createNamespace();
await declareCluster(kubernetes, { namespace, name: 'events' }, kafka.bootstrapServers);
const operator = runTopicOperator(kubernetes);
try {
  const names = Array.from({ length: count }, (_, index) => `topic-${index}`);
  const list = async () => (await kubernetes.client.list(eventTopics, namespace)).items;

  const beginning = performance.now();
  await inParallel(names, (name) =>
    declareTopic(kubernetes, { namespace, name }, { partitions, replicationFactor: 1 }),
  );
  const created = seconds(beginning);
  await eventually(async () => {
    const ready = (await list()).filter(({ status }) => status?.conditions?.[0]?.status === 'True').length;
    if (ready < count) throw new Error(`${ready} of ${count} are ready`);
  }, 600_000);
  const ready = seconds(beginning);
  const memory = process.memoryUsage().rss / 2 ** 20;

  const deletion = performance.now();
  await inParallel(names, (name) => kubernetes.client.delete(eventTopics, { namespace, name }));
  await eventually(async () => {
    const left = (await list()).length;
    if (left > 0) throw new Error(`${left} are left`);
  }, 600_000);
  const deleted = seconds(deletion);

  console.log(`${count} topics of ${partitions} partitions: created in ${created.toFixed(1)} s`);
  compare('all Ready', ready, peer.readySeconds);
  compare('all Ready, from the last create', ready - created, peer.afterLastCreateSeconds);
  compare('all gone', deleted, peer.deletedSeconds);
  console.log(`memory of operator and benchmark together: ${memory.toFixed(0)} MB`);
} finally {
  await operator.stop();
  await Promise.all([kubernetes.stop(), kafka.stop()]);
}

function compare(what: string, ours: number, theirs: number): void {
  console.log(`${what}: ${ours.toFixed(1)} s; the peer's ${theirs} s is ${(theirs / ours).toFixed(1)} times that`);
}

async function inParallel(items: readonly string[], work: (item: string) => Promise<unknown>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}
