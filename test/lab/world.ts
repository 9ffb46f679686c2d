import { startKafka, type KafkaCluster } from '../../localcluster/parts/kafka.ts';
import type { EventTopic } from '../../src/api/event-topic.ts';
import { createTopicAdmin, type TopicAdmin } from '../../src/kafka/topic-admin.ts';
import type { TopicDescription } from '../../src/kafka/describe-topics.ts';
import { errorCode, toError } from '../../src/lib/errors.ts';
import { configMaps, eventClusters, eventTopics, podDisruptionBudgets, services } from '../../src/operator/kinds.ts';
import type { ObjectKind } from '../../src/operator/runtime/object-kind.ts';
import { startKubernetes, type Kubernetes } from '../support/kubernetes.ts';
import { silentLogger } from '../support/running-manager.ts';
import { brokersOfPods } from './brokers-of-pods.ts';
import { FakeKubelet } from './fake-kubelet.ts';
import {
  clusterOf,
  externalClusters,
  foreignPartitions,
  foreignTopics,
  podClusters,
  strangerTopics,
  topicNames,
  topicOf,
  type Operation,
  type OwnedKind,
} from './operations.ts';
import { Fleet } from './operators.ts';
import type { Random } from '../support/random.ts';
import type { LabSettings } from './settings.ts';
import { TopicModel } from './topic-model.ts';
import { noRequestFigures } from './unreliable-proxy.ts';
import { noWatchFigures } from './watch-relay.ts';
import { Weather } from './weather.ts';
import { WriteLog } from './write-log.ts';

const owned = { services, configMaps, podDisruptionBudgets } satisfies Record<OwnedKind, ObjectKind>;
const ownedName = (cluster: string, kind: OwnedKind) => (kind === 'configMaps' ? `${cluster}-brokers` : cluster);

const lostRaces = ['NotFound', 'Conflict', 'AlreadyExists'];

/** What is asked for, or else what there is: a topic can only grow from there. */
const partitionsOf = ({ spec, status }: EventTopic): number => spec.partitions ?? status?.partitions ?? 1;

/** What was to be changed has gone in this very moment, or come, or grown. */
function orLostRace(error: unknown): false {
  if (lostRaces.includes(errorCode(error)) || /partitions can only grow/.test(toError(error).message)) return false;
  throw error;
}

/** Everything that a run is made of: a real API server and Kafka, and between the first and the operators the proxies. */
export class World {
  readonly kubernetes: Kubernetes;
  readonly namespace: string;
  readonly weather: Weather;
  readonly figures = { watches: noWatchFigures(), requests: noRequestFigures() };
  readonly writes: WriteLog;
  readonly kubelet: FakeKubelet;
  readonly fleet: Fleet;
  readonly model: TopicModel;
  /** Operations by what they do; such as found nothing to do it to, with a `-` behind it. */
  readonly done = new Map<string, number>();
  readonly #kafka: KafkaCluster;
  readonly #admin: TopicAdmin;
  readonly #topics: readonly string[];
  readonly #random: Random;
  readonly #kubeletEnd = new AbortController();
  readonly #kubeletRun: Promise<void>;
  /** Resources that nothing wakes to what happened to their topic: they look every two minutes only. */
  readonly #unaware = new Set<string>();

  private constructor(settings: LabSettings, random: Random, parts: Parts) {
    const { kubernetes, kafka, admin, namespace, foreign } = parts;
    this.kubernetes = kubernetes;
    this.namespace = namespace;
    this.#kafka = kafka;
    this.#admin = admin;
    this.#random = random;
    this.#topics = [...topicNames(settings), ...foreignTopics, ...strangerTopics];
    this.weather = new Weather(settings.longestDelaySeconds * 1_000);
    this.writes = new WriteLog(kubernetes);
    this.model = new TopicModel(foreign);
    this.kubelet = new FakeKubelet(kubernetes, namespace, random.of('kubelet'));
    this.writes.onPodDeletion = this.kubelet.deleted;
    this.#kubeletRun = this.kubelet.run(this.#kubeletEnd.signal);
    const { weather, writes, figures, kubelet } = this;
    this.fleet = new Fleet({
      kubernetes,
      namespace,
      random: random.of('ways'),
      weather,
      writes,
      figures,
      brokers: (others) => brokersOfPods(kubelet, namespace, random.of('brokers'), others),
    });
  }

  static async start(settings: LabSettings, random: Random): Promise<World> {
    const [kubernetes, kafka] = await Promise.all([startKubernetes({ fresh: true }), startKafka()]);
    const connection = { bootstrapServers: kafka.bootstrapServers.split(','), clientId: 'lab' };
    const admin = createTopicAdmin(connection, { logger: silentLogger });
    const names = [...foreignTopics, ...strangerTopics];
    await admin.createTopics(names.map((name) => ({ name, partitions: foreignPartitions, replicationFactor: 1 })));
    const foreign = await admin.describeTopics(names, { configNames: [] });
    const namespace = await kubernetes.createNamespace();
    const world = new World(settings, random, { kubernetes, kafka, admin, namespace, foreign });
    await world.#furnish().catch(async (error: unknown) => {
      await world.stop();
      throw error;
    });
    return world;
  }

  async #furnish(): Promise<void> {
    await this.fleet.fill();
    const external = { engine: 'External', external: { bootstrapServers: this.#kafka.bootstrapServers } };
    for (const name of externalClusters) await this.#declareCluster(name, external);
    for (const name of podClusters) await this.#declareCluster(name, { engine: 'Kafka', brokers: 3 });
  }

  async perform(operation: Operation): Promise<void> {
    const found = await this.#perform(operation).catch(orLostRace);
    const what = found ? operation.does : `${operation.does}-`;
    this.done.set(what, (this.done.get(what) ?? 0) + 1);
  }

  async eventTopics(): Promise<EventTopic[]> {
    return (await this.kubernetes.client.list(eventTopics, this.namespace)).items;
  }

  topics(): Promise<Map<string, TopicDescription>> {
    return this.#admin.describeTopics(this.#topics, { configNames: ['retention.ms', 'max.message.bytes'] });
  }

  /** Wakes those that would only see at their next look what happened to their topic. */
  async wakeUnaware(alsoObservers: boolean): Promise<void> {
    const metadata = { annotations: { look: String(performance.now()) } };
    for (const {
      metadata: { name },
      spec,
    } of await this.eventTopics()) {
      const observes = spec.managementPolicy === 'Observe';
      if (observes ? alsoObservers : this.#unaware.has(topicOf(name))) {
        await this.kubernetes.client.mergePatch(eventTopics, this.#key(name), { metadata }).catch(orLostRace);
      }
    }
  }

  async stop(): Promise<void> {
    this.weather.calm();
    await this.fleet.close();
    this.#kubeletEnd.abort();
    await this.#kubeletRun;
    await this.#admin.close();
    await Promise.all([this.kubernetes.stop(), this.#kafka.stop()]);
  }

  #key(name: string) {
    return { namespace: this.namespace, name };
  }

  #declareCluster(name: string, spec: object) {
    return this.kubernetes.client.create(eventClusters, { metadata: this.#key(name), spec } as object);
  }

  /** Whether there was something to do it to. */
  async #perform(operation: Operation): Promise<boolean> {
    switch (operation.does) {
      case 'declare':
        return this.#declare(operation.resource, operation.spec);
      case 'configure':
        return this.#change(operation.resource, () => operation.spec);
      case 'grow':
        return this.#change(operation.resource, (present) => ({
          partitions: Math.max(partitionsOf(present), Math.min(12, partitionsOf(present) + operation.by)),
        }));
      case 'remove':
        return this.#remove(operation.resource);
      case 'delete-topic':
        return this.#deleteTopic(operation.topic);
      case 'change-topic':
        this.#unaware.add(operation.topic);
        return this.#changeTopic(operation.topic);
      case 'change-cluster':
        await this.kubernetes.client.mergePatch(eventClusters, this.#key(operation.cluster), { spec: operation.spec });
        return true;
      case 'remove-owned':
        await this.kubernetes.client.delete(
          owned[operation.kind],
          this.#key(ownedName(operation.cluster, operation.kind)),
        );
        return true;
      case 'kill':
      case 'stop':
        await this.fleet.replace(operation.which, operation.does, this.#random.of('fleet'));
        return true;
      case 'pause':
        this.weather.pause(operation.milliseconds);
        return true;
    }
  }

  async #declare(resource: string, spec: object & { readonly partitions?: number }): Promise<boolean> {
    const present = await this.kubernetes.client.get(eventTopics, this.#key(resource));
    if (!present) {
      const topicName = topicOf(resource);
      const manifest = {
        metadata: this.#key(resource),
        spec: { clusterRef: { name: clusterOf(resource) }, topicName },
      };
      const created = { ...manifest, spec: { ...manifest.spec, ...spec } };
      this.model.declared(await this.kubernetes.client.create(eventTopics, created));
      return true;
    }
    return this.#change(resource, (present) => ({
      ...spec,
      partitions: spec.partitions && Math.max(partitionsOf(present), spec.partitions),
    }));
  }

  async #change(resource: string, change: (present: EventTopic) => object): Promise<boolean> {
    const present = await this.kubernetes.client.get(eventTopics, this.#key(resource));
    if (!present || present.metadata.deletionTimestamp !== undefined) return false;
    const { uid } = present.metadata;
    const patch = { metadata: { uid }, spec: change(present) };
    this.model.declared(await this.kubernetes.client.mergePatch(eventTopics, this.#key(resource), patch));
    return true;
  }

  async #remove(resource: string): Promise<boolean> {
    const all = await this.eventTopics();
    const present = all.find(({ metadata }) => metadata.name === resource);
    if (!present || present.metadata.deletionTimestamp !== undefined) return false;
    const { uid } = present.metadata;
    const others = all.filter((one) => one !== present && topicOf(one.metadata.name) === topicOf(resource));
    await this.kubernetes.client.delete(eventTopics, this.#key(resource), { uid });
    const after = await this.kubernetes.client.get(eventTopics, this.#key(resource));
    this.model.removed(present, after?.metadata.uid === uid ? after : undefined, others.length > 0);
    return true;
  }

  async #deleteTopic(topic: string): Promise<boolean> {
    const found = (await this.#admin.describeTopics([topic], { configNames: [] })).get(topic);
    if (!found) return false;
    this.#unaware.add(topic);
    this.model.lost(found);
    return (await this.#admin.deleteTopics([{ name: topic, topicId: found.topicId }])).get(topic) === undefined;
  }

  async #changeTopic(topic: string): Promise<boolean> {
    const results = await this.#admin.alterConfigs([{ topic, configs: { 'retention.ms': '12345678' } }]);
    const refused = results.get(topic);
    if (refused && refused.code !== 'UnknownTopic') throw refused;
    return refused === undefined;
  }
}

interface Parts {
  readonly kubernetes: Kubernetes;
  readonly kafka: KafkaCluster;
  readonly admin: TopicAdmin;
  readonly namespace: string;
  readonly foreign: ReadonlyMap<string, TopicDescription>;
}
