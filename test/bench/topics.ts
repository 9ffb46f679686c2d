/**
 * How long thousands of EventTopics take from the first create to all Ready, and from delete to all gone, on a real API
 * server and three brokers, beside what bounds it, measured in the same run: the same topics by Admin requests alone, as
 * many creates alone, as many status writes alone. Then what the operator does while nothing changes. And once more with
 * the API server putting the finalizer on (finalizerPolicy in the chart). Run: node test/bench/topics.ts 1000 10000
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startKafka } from '../../localcluster/parts/kafka.ts';
import { createTopicAdmin, type TopicAdmin } from '../../src/kafka/topic-admin.ts';
import { lookMilliseconds } from '../../src/operator/event-topic/report.ts';
import { eventTopics } from '../../src/operator/kinds.ts';
import { installFinalizerPolicy, readFinalizerPolicy } from '../support/finalizer-policy.ts';
import { startKubernetes, type Kubernetes } from '../support/kubernetes.ts';
import { createOperatorProcess, type OperatorProcess } from '../support/operator-process.ts';
import { silentLogger } from '../support/running-manager.ts';
import { declareCluster, declareTopic } from '../support/topics.ts';
import { until } from '../support/until.ts';
import { follow, type Arrivals } from './support/arrivals.ts';
import { atOnce, inParallel } from './support/in-parallel.ts';
import { createPodAccess, type PodAccess } from './support/pod-access.ts';
import { memory, processorTime, secondsOf, spent } from './support/process-usage.ts';
import { percentile, reportSeconds, secondsSince, tellProcessorTime } from './support/times.ts';

const counts = process.argv.slice(2).map(Number);
const topic = { partitions: 1, replicationFactor: 1 };
/** Of docs/testing.md, in seconds; what a count without one is measured against is the ratio alone. */
const goals: Readonly<Record<number, number>> = { 1000: 5, 10_000: 60 };
const limitMegabytes = 200;
/** Those of the operator's Deployment. */
const nodeOptions = '--max-semi-space-size=4 --max-old-space-size=192';
const patience = 900_000;
/** Brokers that are to keep thousands of topics. */
const brokerJava = ['-Xmx1g'];
/** As it runs in its pod: the sources, whose types Node has to strip, take more memory. */
const program = join(import.meta.dirname, '../../dist/bin/operator.js');

for (const count of counts.length > 0 ? counts : [1000, 10_000]) await measure(count);

async function measure(count: number): Promise<void> {
  const [kubernetes, kafka] = await Promise.all([
    startKubernetes(),
    startKafka({ brokers: 3, javaOptions: brokerJava }),
  ]);
  const namespace = await kubernetes.createNamespace();
  const pod = await createPodAccess(kubernetes, namespace);
  const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'bench' };
  const admin = createTopicAdmin(connection, { logger: silentLogger });
  const names = Array.from({ length: count }, (_, index) => `topic-${index}`);
  try {
    console.log(`\n${count} topics of 1 partition, replication 1`);
    const limits = [await adminAlone(admin, names), ...(await writesAlone(pod, namespace, names))];
    for (const withPolicy of [false, true]) {
      await operatorDoes({ kubernetes, pod, bootstrapServers: kafka.bootstrapServers, names, limits, withPolicy });
    }
  } finally {
    await admin.close();
    await pod.remove();
    await Promise.all([kubernetes.stop(), kafka.stop()]);
  }
}

/** @returns seconds until brokers serve all of them */
async function adminAlone(admin: TopicAdmin, names: readonly string[]): Promise<number> {
  const since = performance.now();
  await admin.createTopics(names.map((name) => ({ name, ...topic })));
  const acknowledged = secondsSince(since);
  await until(async () => {
    const topics = await admin.describeTopics(names, { configNames: [] });
    return topics.size === names.length && [...topics.values()].every((one) => one.leaderlessPartitions === 0);
  }, patience);
  const served = secondsSince(since);
  await admin.deleteTopics(names.map((name) => ({ name, topicId: undefined })));
  await until(async () => (await admin.describeTopics(names, { configNames: [] })).size === 0, patience);
  reportSeconds('limit: Admin requests alone', served, `acknowledged after ${acknowledged.toFixed(1)} s`);
  return served;
}

/** @returns seconds to create as many EventTopics, and then for one status write to each */
async function writesAlone(pod: PodAccess, namespace: string, names: readonly string[]): Promise<[number, number]> {
  const creating = performance.now();
  await inParallel(names, (name) => declareTopic(pod, { namespace, name }, topic));
  const created = secondsSince(creating);
  reportSeconds('limit: creates alone', created, `${atOnce} at once`);
  const writing = performance.now();
  await inParallel(names, (name) =>
    pod.client.apply(eventTopics, { metadata: { namespace, name }, status: exampleStatus(name) } as object, {
      fieldManager: 'event-topic',
      subresource: 'status',
    }),
  );
  const written = secondsSince(writing);
  reportSeconds('limit: status writes alone', written, `${atOnce} at once`);
  await inParallel(names, (name) => pod.client.delete(eventTopics, { namespace, name }));
  return [created, written];
}

interface Trial {
  readonly kubernetes: Kubernetes;
  readonly pod: PodAccess;
  readonly bootstrapServers: string;
  readonly names: readonly string[];
  /** What its parts take alone, in seconds. */
  readonly limits: readonly number[];
  readonly withPolicy: boolean;
}

async function operatorDoes(trial: Trial): Promise<void> {
  const { kubernetes, pod, bootstrapServers, names, limits, withPolicy } = trial;
  console.log(withPolicy ? ' with finalizerPolicy.enabled' : ' as the chart installs it');
  const namespace = await kubernetes.createNamespace();
  if (withPolicy) await installFinalizerPolicy(kubernetes, namespace, await readFinalizerPolicy());
  const environment = { ...pod.environment, NODE_OPTIONS: nodeOptions, LOG_LEVEL: 'warn' };
  const operator = await createOperatorProcess({ namespace, environment, program });
  await operator.process.start();
  const arrivals = await follow(kubernetes, eventTopics, namespace);
  try {
    await declareCluster(kubernetes, { namespace, name: 'events' }, bootstrapServers);
    const [before, sentBefore] = [await processorTime(), await requests(operator)];
    const since = performance.now();
    await inParallel(names, (name) => declareTopic(pod, { namespace, name }, topic));
    const created = secondsSince(since);
    await until(() => arrivals.ready.size === names.length || hasEnded(operator), patience);
    if (hasEnded(operator)) throw new Error(`The operator ended:\n${await operator.process.readLog()}`);
    const ready = secondsSince(since);
    reportSeconds('created', created, `${atOnce} at once`);
    reportSeconds('all Ready', ready, judged(ready, goals[names.length], limits));
    const waits = names.map((name) => (arrivals.ready.get(name)! - arrivals.created.get(name)!) / 1000);
    console.log(
      `  one to Ready                    p50 ${percentile(waits, 0.5).toFixed(2)} s, p99 ${percentile(waits, 0.99).toFixed(2)} s`,
    );
    tellProcessorTime(spent(before, await processorTime()));
    tellRequests(sentBefore, await requests(operator), names.length);
    if (!withPolicy) await restart(trial, operator, namespace, arrivals);
    if (!withPolicy) await atRest(operator, names.length);
    const deleting = performance.now();
    await inParallel(names, (name) => pod.client.delete(eventTopics, { namespace, name }));
    await until(() => arrivals.gone.size === names.length, patience);
    reportSeconds('all gone', secondsSince(deleting), '');
    const { now, most } = await memory(operator.process.pid!);
    console.log(
      `  memory of the operator          ${now.toFixed(0)} MB, ${most.toFixed(0)} MB at most (limit ${limitMegabytes})`,
    );
  } finally {
    await arrivals.stop();
    await operator.leave();
  }
}

function hasEnded({ process: { pid } }: OperatorProcess): boolean {
  return pid === undefined;
}

/** From one look at all topics to the next, with nothing to do. */
async function atRest(operator: OperatorProcess, count: number): Promise<void> {
  await delay(lookMilliseconds - (Date.now() % lookMilliseconds) + 20_000); // the first look, and what it found to do, is over
  const before = await requests(operator);
  const processor = await secondsOf(operator.process.pid!);
  await delay(lookMilliseconds);
  const after = await requests(operator);
  const share = ((await secondsOf(operator.process.pid!)) - processor) / (lookMilliseconds / 1000);
  const aboutTopics = after.topicReads - before.topicReads;
  console.log(
    `  at rest, from look to look      ${after.apiWrites - before.apiWrites} API writes, ` +
      `${after.kafkaWrites - before.kafkaWrites} Kafka writes, ${((aboutTopics * 1000) / count).toFixed(1)} Kafka requests ` +
      `per 1000 topics (limit 4) and ${after.clusterReads - before.clusterReads} about the EventCluster, ` +
      `${(share * 100).toFixed(2)} % of a core (limit 1)`,
  );
}

/** A new operator finds all topics as they are to be: it writes nothing about them, and a new one does not wait for them. */
async function restart(
  { pod, names }: Trial,
  operator: OperatorProcess,
  namespace: string,
  arrivals: Arrivals,
): Promise<void> {
  await operator.process.stop();
  await operator.process.start();
  await until(
    async () => /leader_election_master_status\{[^}]*\} 1/.test((await operator.get('/metrics')).body),
    patience,
  );
  const name = 'newcomer';
  await declareTopic(pod, { namespace, name }, topic);
  await until(() => arrivals.ready.has(name), patience);
  const waited = (arrivals.ready.get(name)! - arrivals.created.get(name)!) / 1000;
  // The finalizer, the status and the Event of the newcomer.
  const itsOwn = 3;
  await delay(10_000);
  const { apiWrites, kafkaWrites } = await requests(operator);
  console.log(
    `  restart with ${names.length} present      a new one is Ready after ${waited.toFixed(2)} s (limit 1); ` +
      `${Math.max(0, apiWrites - itsOwn)} API writes and ${kafkaWrites - 1} Kafka writes about the others`,
  );
  await pod.client.delete(eventTopics, { namespace, name });
  await until(() => arrivals.gone.has(name), patience);
  arrivals.gone.delete(name);
}

interface Requests {
  readonly apiWrites: number;
  readonly kafkaWrites: number;
  readonly topicReads: number;
  readonly clusterReads: number;
}

/** What the operator has sent so far, by its own metrics. Lease renewals are no writes about topics. */
async function requests(operator: OperatorProcess): Promise<Requests> {
  const { body } = await operator.get('/metrics');
  const sum = (pattern: RegExp) => [...body.matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0);
  const reads = sum(/^kafka_client_requests_total\{[^}]*api="(?:Metadata|Describe|List)[^"]*"[^}]*\} (\d+)/gm);
  // A look at the cluster is this and a Metadata request.
  const clusterReads = 2 * sum(/^kafka_client_requests_total\{[^}]*api="DescribeQuorum"[^}]*\} (\d+)/gm);
  return {
    apiWrites: sum(/^rest_client_requests_total\{[^}]*method="(?:PATCH|POST|DELETE)"[^}]*\} (\d+)/gm),
    kafkaWrites: sum(
      /^kafka_client_requests_total\{[^}]*api="(?:Create|Delete|Alter|Incremental)[^"]*"[^}]*\} (\d+)/gm,
    ),
    topicReads: reads - clusterReads,
    clusterReads,
  };
}

function exampleStatus(topicName: string) {
  const time = '2026-01-01T00:00:00Z';
  const message = '1 partition, replication factor 1.';
  const ready = { type: 'Ready', status: 'True', reason: 'TopicReady', message, lastTransitionTime: time };
  return { topicName, topicId: 'x'.repeat(22), ...topic, observedGeneration: 1, conditions: [ready] };
}

function judged(measured: number, goal: number | undefined, limits: readonly number[]): string {
  const sum = limits.reduce((total, limit) => total + limit, 0);
  const [slowest, together] = [Math.max(...limits), sum].map((limit) => (measured / limit).toFixed(1));
  const ratios = `${slowest} times the slowest limit, ${together} times all three one after another`;
  return goal === undefined ? ratios : `goal ${goal} s; ${ratios}`;
}

function tellRequests(before: Requests, after: Requests, count: number): void {
  const writes = (after.apiWrites - before.apiWrites) / count;
  const [kafkaWrites, topicReads] = [after.kafkaWrites - before.kafkaWrites, after.topicReads - before.topicReads];
  console.log(
    `  sent meanwhile                  ${writes.toFixed(2)} API writes a topic; ` +
      `${kafkaWrites} changes and ${topicReads} looks to Kafka in all`,
  );
}
