import type { Clock } from '../../lib/clock.ts';
import { Gauge, type Registry } from '../../lib/metrics.ts';
import { keyText, type Key } from '../runtime/objects.ts';
import type { BrokerView } from './broker-view.ts';

/** What nobody has looked at for this long is told no more: the cluster is gone, or another operator leads. */
const forgetMilliseconds = 120_000;

interface Seen {
  readonly cluster: Key;
  readonly view: BrokerView | undefined;
  readonly at: number;
}

/** Whether nobody is there: brokers that refuse to tell are there, and how many is not known. */
const isSilent = (view: BrokerView | undefined) => view === undefined || (!view.answered && view.error.retryable);

type Answered = Extract<BrokerView, { answered: true }>;

/**
 * What the brokers of each EventCluster said when the operator last looked, by the names that kafka_exporter and Kafka's
 * own JMX metrics have for it. They are sums: how many brokers and topics there are is for strangers to choose.
 */
export class ClusterMetrics {
  readonly #clock: Clock;
  readonly #seen = new Map<string, Seen>();

  constructor(registry: Registry, clock: Clock) {
    this.#clock = clock;
    const seen = () => this.#remembered();
    const register = (name: string, help: string, read: (view: Answered) => number, ofSilence?: number) =>
      new Gauge({
        ...{ name, help, registers: [registry], labelNames: ['resource_namespace', 'name'] as const },
        collect() {
          this.reset();
          for (const { cluster, view } of seen()) {
            const value = view?.answered ? read(view) : isSilent(view) ? ofSilence : undefined;
            if (value !== undefined) this.set({ resource_namespace: cluster.namespace, name: cluster.name }, value);
          }
        },
      });
    register('kafka_brokers', 'Brokers of the cluster that are running.', ({ brokers }) => brokers.length, 0);
    register(
      'kafka_controller_kafkacontroller_activecontrollercount',
      'Whether the cluster has an active controller.',
      ({ controllerId }) => (controllerId === undefined ? 0 : 1),
    );
    register(
      'kafka_controller_kafkacontroller_offlinepartitionscount',
      'Partitions without a leader, which can be neither written nor read.',
      ({ leaderlessPartitions }) => leaderlessPartitions,
    );
    register(
      'kafka_server_replicamanager_underreplicatedpartitions',
      'Partitions with fewer replicas in sync than they have.',
      ({ underReplicatedPartitions }) => underReplicatedPartitions,
    );
    register(
      'kafka_controller_kafkacontroller_globaltopiccount',
      'Topics of the cluster, internal ones too.',
      ({ topics }) => topics,
    );
    register(
      'kafka_controller_kafkacontroller_globalpartitioncount',
      'Partitions of all topics of the cluster.',
      ({ partitions }) => partitions,
    );
  }

  /** @param view undefined while no broker is ready */
  readonly looked = ({ namespace, name }: Key, view: BrokerView | undefined): void => {
    const cluster = { namespace, name };
    this.#seen.set(keyText(cluster), { cluster, view, at: this.#clock.monotonic() });
  };

  #remembered(): Iterable<Seen> {
    const oldest = this.#clock.monotonic() - forgetMilliseconds;
    for (const [key, { at }] of this.#seen) if (at < oldest) this.#seen.delete(key);
    return this.#seen.values();
  }
}
