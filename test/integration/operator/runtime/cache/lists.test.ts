import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../../../src/lib/clock.ts';
import { HttpTransport } from '../../../../../src/operator/runtime/transport/http-transport.ts';
import { Informer } from '../../../../../src/operator/runtime/cache/informer.ts';
import { configMaps, managedByLabel } from '../../../../../src/operator/kinds.ts';
import { KubernetesClient } from '../../../../../src/operator/runtime/transport/kubernetes-client.ts';
import type { Lister } from '../../../../../src/operator/runtime/cache/object-cache.ts';
import type { KubernetesObject } from '../../../../../src/operator/runtime/objects.ts';
import { startFaultyProxy, type FaultyProxy } from '../../../../support/faulty-proxy.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';
import { silentLogger } from '../../../../support/running-manager.ts';
import { apiServerThrough } from '../../../../support/through.ts';

const count = 3_000;
/** One more than it takes: the certificate that every namespace has is passed over, and counted. */
const pages = count / 500 + 1;

let kubernetes: Kubernetes;
let namespace: string;
let proxy: FaultyProxy;
let transport: HttpTransport;
let client: KubernetesClient;

beforeAll(async () => {
  kubernetes = await startKubernetes();
  namespace = await kubernetes.createNamespace();
  const names = Array.from({ length: count }, (_, index) => `item-${index}`).values();
  const create = async () => {
    for (const name of names) await kubernetes.client.create(configMaps, manifest(name));
  };
  await Promise.all(Array.from({ length: 32 }, create));
});
afterAll(() => kubernetes?.stop());

beforeEach(async () => {
  proxy = await startFaultyProxy(kubernetes);
  // A request that is held waits until the server has started again.
  transport = new HttpTransport(apiServerThrough(kubernetes, proxy.port), { answerMilliseconds: 120_000 });
  client = new KubernetesClient(transport);
});
afterEach(async () => {
  transport.close();
  await proxy.stop();
});

const manifest = (name: string) => ({ metadata: { namespace, name, labels: managedByLabel } });
const forgotten = { status: 410, body: { reason: 'Expired', message: 'The provided continue parameter is too old.' } };
/** As servers answer that do not stream lists: before Kubernetes 1.32, or where it is switched off. */
const noStreams = {
  status: 422,
  body: {
    reason: 'Invalid',
    message: 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
  },
};
const streamRequests = () => proxy.seen.filter((line) => line.includes('sendInitialEvents=true'));
const listRequests = () => proxy.seen.filter((line) => line.includes('limit='));

interface Told {
  readonly cache: Lister<KubernetesObject>;
  /** The names of the objects that were told as new. */
  readonly added: readonly string[];
}

/** An informer that has listed everything. */
async function withInformer(work: (told: Told) => Promise<void> | void): Promise<void> {
  const options = { client, namespaces: [namespace], clock: systemClock, logger: silentLogger };
  const informer = new Informer({ ...options, kind: configMaps });
  const added: string[] = [];
  informer.onChange(({ object, previous }) => void (previous ?? added.push(object.metadata.name)));
  const stopping = new AbortController();
  const running = informer.run(stopping.signal);
  try {
    await informer.synced;
    await work({ cache: informer.cache, added });
  } finally {
    stopping.abort();
    await running;
  }
}

describe(`a list of ${count} objects`, () => {
  it.each([
    ['is streamed, and the watch goes on from where it ended, on the same connection', [], 0],
    ['is read in pages from a server that does not stream, and a watch follows', [noStreams], pages],
  ])('%s', async (_, refusals, pagesRead) => {
    proxy.refuse(/sendInitialEvents/, ...refusals);
    await withInformer(async ({ cache, added }) => {
      expect(cache.list()).toHaveLength(count);
      expect(added).toHaveLength(count);
      expect(streamRequests()).toHaveLength(1);
      expect(listRequests()).toHaveLength(pagesRead);
      await client.create(configMaps, manifest('one-more'));
      await eventually(() => expect(cache.list()).toHaveLength(count + 1));
      await client.delete(configMaps, { namespace, name: 'one-more' });
      await eventually(() => expect(cache.list()).toHaveLength(count));
      expect(proxy.seen.filter((line) => line.includes('watch=true'))).toHaveLength(refusals.length + 1);
    });
  });

  it('keeps no other request waiting, however slow it is', async () => {
    const release = proxy.hold(/continue=/);
    const listing = client.list(configMaps, namespace);
    await eventually(() => expect(listRequests()).toHaveLength(2));
    const others = Array.from({ length: 100 }, (_, index) =>
      client.get(configMaps, { namespace, name: `item-${index}` }),
    );
    expect((await Promise.all(others)).map((object) => object?.metadata.name)).toContain('item-99');
    expect(listRequests()).toHaveLength(2);
    release();
    expect((await listing).items).toHaveLength(count);
  });

  it('begins again when the server has forgotten its version before it ended', async () => {
    proxy.refuse(/continue=/, forgotten);
    const { items } = await client.list(configMaps, namespace);
    expect(new Set(items.map(({ metadata }) => metadata.name)).size).toBe(count);
    expect(items).toHaveLength(count);
    expect(listRequests()).toHaveLength(2 + pages);
  });

  it('begins again when the real server has forgotten it, after etcd was compacted and the server restarted', async () => {
    const { controlPlane } = kubernetes;
    const release = proxy.hold(/continue=/);
    const listing = client.list(configMaps, namespace);
    await eventually(() => expect(listRequests()).toHaveLength(2));
    await kubernetes.client.create(configMaps, manifest('meanwhile'));
    await controlPlane.forgetHistory();
    await controlPlane.apiServer.kill();
    await controlPlane.apiServer.start();
    release();
    const { items } = await listing;
    expect(new Set(items.map(({ metadata }) => metadata.name)).size).toBe(count + 1);
    expect(listRequests()).toHaveLength(2 + pages);
    await client.delete(configMaps, { namespace, name: 'meanwhile' });
  });

  it('begins again in an informer as well, which never tells of an object twice', async () => {
    proxy.refuse(/sendInitialEvents/, noStreams);
    proxy.refuse(/continue=/, forgotten, forgotten, forgotten, forgotten);
    await withInformer(({ cache, added }) => {
      expect(cache.list()).toHaveLength(count);
      expect(added).toHaveLength(count);
      expect(listRequests()).toHaveLength(4 * 2 + pages);
    });
  });

  it('fails when it would begin again for ever', async () => {
    proxy.refuse(/continue=/, ...Array.from({ length: 10 }, () => forgotten));
    await expect(client.list(configMaps, namespace)).rejects.toMatchObject({ code: 'Expired', retryable: true });
    expect(listRequests()).toHaveLength(6);
  });
});
