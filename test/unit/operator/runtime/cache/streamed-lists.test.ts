import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock, type Clock } from '../../../../../src/lib/clock.ts';
import { configMaps } from '../../../../../src/operator/kinds.ts';
import { Informer } from '../../../../../src/operator/runtime/cache/informer.ts';
import { HttpTransport } from '../../../../../src/operator/runtime/transport/http-transport.ts';
import { KubernetesClient } from '../../../../../src/operator/runtime/transport/kubernetes-client.ts';
import { longestSilence, type WatchEvent } from '../../../../../src/operator/runtime/transport/watch.ts';
import { eventually } from '../../../../support/kubernetes.ts';
import { startRogueServer, type RogueAnswer } from '../../../../support/rogue-server.ts';
import { silentLogger } from '../../../../support/running-manager.ts';
import type { ConfigMap } from '../../../../support/scripted-server.ts';

const impatient: Clock = { ...systemClock, sleep: () => Promise.resolve() };
const options = { kind: configMaps, namespaces: [], clock: impatient, logger: silentLogger };

let cleanUp: () => Promise<void>;
afterEach(() => cleanUp());

const object = (name: string, version: number): ConfigMap => {
  const metadata = { namespace: 'tasks', name, uid: name, resourceVersion: String(version) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...metadata, creationTimestamp: '2026-01-01T00:00:00Z' } };
};
const line = (event: object) => `${JSON.stringify(event)}\n`;
const added = (name: string, version: number) => line({ type: 'ADDED', object: object(name, version) });
const bookmark = (version: string) => line({ type: 'BOOKMARK', object: { metadata: { resourceVersion: version } } });

/** Runs an informer against a server that has one object in its pages, and answers streams as given. */
async function listThrough(stream: (response: RogueAnswer['response']) => unknown) {
  const server = await startRogueServer(({ request, response }) => {
    if (request.url!.includes('sendInitialEvents')) return stream(response);
    // A watch that stays open.
    if (request.url!.includes('watch=true')) return response.write(bookmark('8'));
    return response.end(JSON.stringify({ metadata: { resourceVersion: '7' }, items: [object('paged', 6)] }));
  });
  const transport = new HttpTransport(server.apiServer);
  const informer = new Informer({ ...options, client: new KubernetesClient(transport) });
  const stopping = new AbortController();
  const running = informer.run(stopping.signal);
  cleanUp = async () => {
    stopping.abort();
    await running;
    transport.close();
    await server.stop();
  };
  await informer.synced;
  const streams = server.seen.filter((request) => request.includes('sendInitialEvents')).length;
  return { names: informer.cache.list().map(({ metadata }) => metadata.name), streams };
}

describe('a list that cannot be streamed', () => {
  it.each([
    ['refuses it', 1, (response) => response.writeHead(400).end('{"reason":"BadRequest"}')],
    ['does not know what was asked', 1, (response) => response.write(added('streamed', 5) + bookmark('5'))],
    ['ends before the list does', 1, (response) => response.end(added('streamed', 5))],
    [
      'breaks in its middle again and again',
      3,
      (response) => response.write(added('streamed', 5), () => setImmediate(() => response.destroy())),
    ],
  ] as readonly [string, number, (response: RogueAnswer['response']) => unknown][])(
    'of a server that %s, is read in pages',
    async (_, attempts, stream) => {
      const { names, streams } = await listThrough(stream);
      expect(names).toEqual(['paged']);
      expect(streams).toBe(attempts);
    },
  );
});

describe('a list that streams for long', () => {
  it('counts as heard with each object, and as silent when they no longer come', async () => {
    let now = 0;
    const events: ((event: WatchEvent<never>) => void)[] = [];
    const client = new (class extends KubernetesClient {
      override async *watch(): AsyncGenerator<WatchEvent<never>> {
        for (;;) yield await new Promise<WatchEvent<never>>((resolve) => events.push(resolve));
      }
    })(new HttpTransport({ url: 'https://127.0.0.1', readCredentials: () => Promise.reject(new Error('none')) }));
    const informer = new Informer({ ...options, client, monotonic: () => now });
    const stopping = new AbortController();
    void informer.run(stopping.signal);
    cleanUp = () => Promise.resolve(stopping.abort());
    const half = longestSilence(client.watchTiming) / 2;
    for (let version = 1; version <= 6; version++) {
      await eventually(() => expect(events).toHaveLength(version));
      events.at(-1)!({ type: 'ADDED', object: object(`item-${version}`, version) as never });
      await eventually(() => expect(informer.cache.list()).toHaveLength(version));
      expect([informer.hasSynced, informer.silentSince]).toEqual([false, undefined]);
      now += half;
    }
    now += half + 1;
    expect(informer.silentSince).toBeInstanceOf(Date);
  });
});
