import { setTimeout as delay } from 'node:timers/promises';
import { foundCluster, type ClusterState, type Newcomer } from './cluster-state.ts';
import type { Properties } from './cluster-properties.ts';
import type { Address } from './redpanda-yaml.ts';

/** What a broker says of itself to whoever asks by RPC. */
export interface Hello {
  readonly broker: Newcomer;
  readonly seeds: readonly string[];
  readonly state: ClusterState | undefined;
  /** Whether it serves its admin API. */
  readonly ready: boolean;
  /** Of its volume, in bytes. */
  readonly disk: { readonly free: number; readonly total: number };
}

export interface Discovery {
  readonly broker: Newcomer;
  readonly seeds: readonly Address[];
  readonly bootstrap: Properties;
  /** @throws {Error} when it does not answer */
  readonly greet: (seed: Address) => Promise<Hello>;
  readonly log: (line: string) => void;
}

const lookMilliseconds = 500;

/**
 * Waits for the cluster, for as long as it takes: one that a seed knows, or one that the seeds found together. A broker is
 * one of them only if its own address is in the list of seeds, letter by letter: a name that means the same does not do.
 */
export async function discoverCluster({ broker, seeds, bootstrap, greet, log }: Discovery): Promise<ClusterState> {
  const isFounder = seeds.some(({ address }) => address === broker.rpcHost);
  if (!isFounder) log(`${broker.rpcHost} is not in seed_servers: waiting for a cluster to join`);
  let waitingFor = '';
  for (; ; await delay(lookMilliseconds)) {
    const hellos = await Promise.all(seeds.map((seed) => greet(seed).catch(() => undefined)));
    const known = hellos.find((hello) => hello?.state)?.state;
    if (known) return known;
    const missing = seeds.filter((seed, index) => hellos[index]?.broker.rpcHost !== seed.address);
    const names = missing.map(({ address }) => address).join(', ');
    if (names !== waitingFor) log(`waiting for ${names}`);
    waitingFor = names;
    const agreed = hellos.every((hello) => hello?.seeds.join() === seeds.map(({ address }) => address).join());
    if (isFounder && missing.length === 0 && agreed) {
      return foundCluster(
        hellos.map((hello) => hello!.broker),
        bootstrap,
      );
    }
  }
}
