import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  joinCluster,
  type ClusterState,
  type Newcomer,
} from '../../../../localcluster/redpanda-stand-in/cluster-state.ts';
import { discoverCluster, type Hello } from '../../../../localcluster/redpanda-stand-in/discovery.ts';

let ended: boolean;
beforeEach(() => {
  ended = false;
});
afterEach(() => {
  ended = true;
});

const brokerOf = (rpcHost: string): Newcomer => ({ volumeId: `volume of ${rpcHost}`, rpcHost, cores: 1 });

/** Brokers that know these seeds, each by the name that it has itself; those that answer are asked under any of theirs. */
function discover(self: string, seeds: readonly string[], hellos: Readonly<Record<string, Partial<Hello>>>) {
  const said: string[] = [];
  const found = discoverCluster({
    broker: brokerOf(self),
    seeds: seeds.map((address) => ({ address, port: 33145 })),
    bootstrap: { enable_sasl: true },
    greet: ({ address }) => {
      // One that waits for ever would do so beyond its test.
      if (ended) return new Promise(() => {});
      const hello = hellos[address];
      if (!hello) return Promise.reject(new Error('nobody answers'));
      const disk = { free: 0, total: 1 };
      return Promise.resolve({ broker: brokerOf(address), seeds, state: undefined, ready: false, disk, ...hello });
    },
    log: (line) => said.push(line),
  });
  return { found, said };
}

const stillWaiting = (found: Promise<ClusterState>) =>
  Promise.race([found, new Promise((resolve) => setTimeout(() => resolve('waiting'), 50))]);

describe('founders of a cluster', () => {
  it('all found the same one, whose ids are not the numbers of pods', async () => {
    const all = { a: {}, b: {}, c: {} };
    const clusters = await Promise.all(Object.keys(all).map((self) => discover(self, ['a', 'b', 'c'], all).found));
    expect(clusters[0]).toMatchObject({ properties: { enable_sasl: true, retention_bytes: null } });
    expect(clusters[0]!.members.map(({ rpcHost, nodeId }) => [rpcHost, nodeId])).toEqual([
      ['a', 3],
      ['b', 2],
      ['c', 1],
    ]);
    expect(new Set(clusters.map((cluster) => JSON.stringify(cluster))).size).toBe(1);
  });

  it('are those whose address is a seed as text: with one dot too many, there is none, ever', async () => {
    const { found, said } = discover('a.', ['a'], { a: { broker: brokerOf('a.') } });
    expect(await stillWaiting(found)).toBe('waiting');
    expect(said).toEqual(['a. is not in seed_servers: waiting for a cluster to join', 'waiting for a']);
  });

  it('wait for all of them, and for the same list in all of them', async () => {
    expect(await stillWaiting(discover('a', ['a', 'b'], { a: {} }).found)).toBe('waiting');
    expect(await stillWaiting(discover('a', ['a', 'b'], { a: {}, b: { seeds: ['b'] } }).found)).toBe('waiting');
  });

  it('are no longer needed where there is a cluster', async () => {
    const state = await discover('a', ['a'], { a: {} }).found;
    expect(await discover('d', ['a', 'b'], { a: { state } }).found).toBe(state);
  });
});

describe('a broker that joins', () => {
  it('gets an id that nobody had, also with the name of one whose volume was lost', async () => {
    const founded = await discover('a', ['a', 'b'], { a: {}, b: {} }).found;
    const after = joinCluster(founded, { ...brokerOf('a'), volumeId: 'new' });
    expect(after.members.map(({ rpcHost, nodeId }) => [rpcHost, nodeId])).toEqual([
      ['a', 2],
      ['b', 1],
      ['a', 3],
    ]);
  });

  it('has taken up whatever waited for its restart', async () => {
    const founded = await discover('a', ['a'], { a: {} }).found;
    const waiting = { ...founded, members: founded.members.map((member) => ({ ...member, needsRestart: true })) };
    expect(joinCluster(waiting, brokerOf('a')).members).toEqual(founded.members);
  });
});
