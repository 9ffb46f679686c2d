import { clusterOptions } from '../support/cluster-options.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { createRegistry } from '../../src/lib/metrics.ts';
import { AdminClients } from '../../src/operator/brokers/admin-clients.ts';
import { createBrokers, type Brokers } from '../../src/operator/brokers/brokers.ts';
import { createEventClusterController } from '../../src/operator/event-cluster/controller.ts';
import { createEventTopicController } from '../../src/operator/event-topic/controller.ts';
import { managedByLabel } from '../../src/operator/kinds.ts';
import type { Caches } from '../../src/operator/runtime/cache/caches.ts';
import type { Change } from '../../src/operator/runtime/cache/informer.ts';
import { Manager } from '../../src/operator/runtime/manager.ts';
import { RuntimeMetrics } from '../../src/operator/runtime/metrics.ts';
import type { KubernetesObject } from '../../src/operator/runtime/objects.ts';
import { leases } from '../../src/operator/runtime/object-kind.ts';
import { HttpTransport } from '../../src/operator/runtime/transport/http-transport.ts';
import { KubernetesClient } from '../../src/operator/runtime/transport/kubernetes-client.ts';
import type { Kubernetes } from '../support/kubernetes.ts';
import { apiServerThrough } from '../support/through.ts';
import type { Random } from '../support/random.ts';
import { startUnreliableProxy, type UnreliableProxyOptions } from './unreliable-proxy.ts';

export interface FleetOptions extends Omit<UnreliableProxyOptions, 'identity' | 'random'> {
  readonly kubernetes: Kubernetes;
  readonly namespace: string;
  readonly random: Random;
  readonly brokers: (others: Brokers) => Brokers;
}

interface Operator {
  readonly identity: string;
  /** What it holds in its caches; undefined until it has seen anything. */
  caches(): Caches | undefined;
  /** Ends it in the midst of everything: nothing that it does from here on reaches anybody. */
  kill(): Promise<void>;
  /** Ends it as a signal does. */
  stop(): Promise<void>;
}

const operatorCount = 2;
const leaseName = 'lab-operator';
/** Less than what the program takes, so that leaders change while the lab runs. */
const leaseTiming = { lease: 8_000, renewDeadline: 6_000, retry: 700 };

/** The operators that compete for the lease: as many as a Deployment of two keeps, whatever becomes of them. */
export class Fleet {
  started = 0;
  killed = 0;
  /** Those that ended themselves, as a leader does that could not renew its lease. */
  ended = 0;
  /** Lines of their logs that tell of a mistake in the program. */
  readonly mistakes: string[] = [];
  readonly #options: FleetOptions;
  readonly #operators = new Map<string, Operator>();
  readonly #leaving = new Set<Promise<void>>();
  #starting = 0;
  #isClosed = false;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  async fill(): Promise<void> {
    while (!this.#isClosed && this.#operators.size + this.#starting < operatorCount) {
      this.#starting += 1;
      await this.#start().finally(() => (this.#starting -= 1));
    }
  }

  /** Ends the one that leads, or any, and starts another in its place. */
  async replace(which: 'leader' | 'any', how: 'kill' | 'stop', random: Random): Promise<void> {
    const leader = await this.#leader();
    const operator = (which === 'leader' && leader) || random.pick([...this.#operators.values()]);
    if (how === 'kill') this.killed += 1;
    this.#leave(operator, how);
    await this.fill();
  }

  /** What each of them holds. */
  caches(): ReadonlyMap<string, Caches | undefined> {
    return new Map([...this.#operators].map(([identity, operator]) => [identity, operator.caches()]));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const operator of this.#operators.values()) this.#leave(operator, 'stop');
    await Promise.all(this.#leaving);
  }

  #leave(operator: Operator, how: 'kill' | 'stop'): void {
    this.#operators.delete(operator.identity);
    const left = operator[how]().finally(() => this.#leaving.delete(left));
    this.#leaving.add(left);
  }

  async #leader(): Promise<Operator | undefined> {
    const { kubernetes, namespace } = this.#options;
    const lease = await kubernetes.client.get(leases, { namespace, name: leaseName });
    return this.#operators.get(lease?.spec?.holderIdentity ?? '');
  }

  async #start(): Promise<void> {
    const identity = `operator-${this.started++}`;
    const operator = await startOperator(this.#options, identity, {
      onEnd: (error) => {
        if (!this.#operators.has(identity) || this.#isClosed) return;
        this.ended += 1;
        if (!/LeadershipLost|lease/.test(String(error))) this.mistakes.push(`${identity} ended: ${String(error)}`);
        this.#leave(operator, 'kill');
        void this.fill();
      },
      onMistake: (line) => this.#operators.has(identity) && this.mistakes.push(line),
    });
    this.#operators.set(identity, operator);
  }
}

interface Listeners {
  readonly onEnd: (error: Error) => void;
  readonly onMistake: (line: string) => void;
}

/** An operator in this process, wired as src/bin/operator.ts does it, with a way of its own to the API server. */
async function startOperator(options: FleetOptions, identity: string, listeners: Listeners): Promise<Operator> {
  const { kubernetes, namespace, weather } = options;
  const proxy = await startUnreliableProxy({ ...options, identity, random: options.random.of(identity) });
  // Leases are lost here all the time; any other line of this level is of a mistake.
  const isExpected = (line: string) => line.includes('"Lost the lease"');
  const destination = { write: (line: string) => void (isExpected(line) || listeners.onMistake(line)) };
  const logger = createLogger({ name: identity, level: 'error', destination });
  const apiServer = apiServerThrough(kubernetes, proxy.port);
  const transport = new HttpTransport(apiServer);
  const leaseTransport = new HttpTransport(apiServer, { connections: 1, answerMilliseconds: 2_000 });
  let isDead = false;
  const adminClients = new AdminClients({
    clock: systemClock,
    logger,
    beforeChange: () => {
      if (isDead) throw new Error('killed');
      manager.assertLeading();
    },
  });
  // Longer than the longest delay, so that streams end by themselves, too.
  const watchSeconds = Math.max(10, Math.ceil(weather.longestDelayMilliseconds / 1_000));
  const manager = new Manager({
    client: new KubernetesClient(transport, { watchSeconds, graceSeconds: watchSeconds }),
    clock: systemClock,
    logger,
    metrics: new RuntimeMetrics(createRegistry('lab')),
    namespaces: [namespace],
    labels: managedByLabel,
    freezeCaches: true,
    identity,
    leaderElection: { namespace, name: leaseName, timing: leaseTiming, client: new KubernetesClient(leaseTransport) },
  });
  manager
    .add(createEventClusterController(clusterOptions(options.brokers(createBrokers(adminClients)))))
    .add(createEventTopicController(adminClients));
  for (const informer of manager.caches.all()) {
    informer.onChange((change) => {
      if (wentBack(change)) listeners.onMistake(`${identity} went back to an older ${change.object.kind}`);
    });
  }
  manager.start({ signal: new AbortController().signal, fail: listeners.onEnd });

  const leave = async () => {
    await manager.stop();
    await adminClients.stop();
    transport.close();
    leaseTransport.close();
    await proxy.stop();
  };
  return {
    identity,
    caches: () => manager.caches,
    kill: async () => {
      isDead = true;
      await proxy.stop();
      await leave();
    },
    stop: leave,
  };
}

/** Whether an object in a cache was replaced by an older version of itself. */
function wentBack({ object, previous, deleted }: Change<KubernetesObject>): boolean {
  if (deleted || previous?.metadata.uid !== object.metadata.uid) return false;
  return BigInt(object.metadata.resourceVersion) < BigInt(previous.metadata.resourceVersion);
}
