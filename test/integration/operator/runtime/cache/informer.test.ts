import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../../../src/lib/clock.ts';
import { userSecrets } from '../../../../../src/operator/brokers/user-secrets.ts';
import { HttpTransport } from '../../../../../src/operator/runtime/transport/http-transport.ts';
import { Informer, type Change } from '../../../../../src/operator/runtime/cache/informer.ts';
import { configMaps, managedByLabel } from '../../../../../src/operator/kinds.ts';
import type { ObjectKind } from '../../../../../src/operator/runtime/object-kind.ts';
import { KubernetesClient } from '../../../../../src/operator/runtime/transport/kubernetes-client.ts';
import { endsInitialEvents, type WatchEvent } from '../../../../../src/operator/runtime/transport/watch.ts';
import type { KubernetesObject } from '../../../../../src/operator/runtime/objects.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';
import { silentLogger } from '../../../../support/running-manager.ts';
import { startSilentProxy } from '../../../../support/silent-proxy.ts';
import { apiServerThrough, portOf } from '../../../../support/through.ts';

let kubernetes: Kubernetes;
let namespace: string;
let stop: (() => Promise<void>) | undefined;

beforeAll(async () => {
  kubernetes = await startKubernetes();
  namespace = await kubernetes.createNamespace();
});
afterAll(() => kubernetes?.stop());
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

/** An informer that runs, and what it tells: `added a`, `changed a`, `deleted a`. */
async function follow(client: KubernetesClient = kubernetes.client, kind: ObjectKind = configMaps) {
  const told: string[] = [];
  const options = { client, namespaces: [namespace], clock: systemClock, logger: silentLogger };
  const informer = new Informer({ ...options, kind });
  informer.onChange((change) => told.push(`${whatHappened(change)} ${change.object.metadata.name}`));
  const stopping = new AbortController();
  const running = informer.run(stopping.signal);
  stop = async () => {
    stopping.abort();
    await running;
  };
  await informer.synced;
  return { informer, told };
}

const whatHappened = ({ previous, deleted }: Change<KubernetesObject>) =>
  deleted ? 'deleted' : previous ? 'changed' : 'added';

const create = (name: string) =>
  kubernetes.client.create(configMaps, { metadata: { namespace, name, labels: managedByLabel } });
const change = (name: string) =>
  kubernetes.client.mergePatch(configMaps, { namespace, name }, { data: { now: String(performance.now()) } });
const remove = (name: string) => kubernetes.client.delete(configMaps, { namespace, name });
const tells = (told: readonly string[], expected: string) => eventually(() => expect(told).toContain(expected));

describe('an informer', () => {
  it('tells what is there and what happens, of labelled objects only', async () => {
    await create('first');
    await kubernetes.client.create(configMaps, { metadata: { namespace, name: 'unlabelled' } });
    const { informer, told } = await follow();
    expect(told).toEqual(['added first']);
    await change('first');
    await remove('first');
    await tells(told, 'deleted first');
    expect(told).toEqual(['added first', 'changed first', 'deleted first']);
    expect(informer.cache.list()).toEqual([]);
  });

  it('never sees what its kind leaves out, such as the releases that Helm keeps in Secrets', async () => {
    const secret = (name: string, type: string) =>
      kubernetes.client.create(userSecrets, { metadata: { namespace, name }, type } as object);
    await secret('release-1', 'helm.sh/release.v1');
    await secret('password-1', 'Opaque');
    const { informer, told } = await follow(kubernetes.client, userSecrets);
    await secret('release-2', 'helm.sh/release.v1');
    await secret('password-2', 'Opaque');
    await tells(told, 'added password-2');
    expect(told).toEqual(['added password-1', 'added password-2']);
    expect(informer.cache.list()).toHaveLength(2);
  });

  it('goes on after the API server was killed, and misses nothing', async () => {
    await create('survivor');
    const { told } = await follow();
    await kubernetes.controlPlane.apiServer.kill();
    await kubernetes.controlPlane.apiServer.start();
    await change('survivor');
    await create('newcomer');
    await tells(told, 'added newcomer');
    await tells(told, 'changed survivor');
    expect(told.filter((line) => line === 'added survivor')).toHaveLength(1);
  });

  it('lists again when the server no longer knows its version, and tells what it missed', async () => {
    await create('missed');
    const client = new ForgottenVersion(kubernetes.transport);
    client.afterFirstList = () => remove('missed');
    const { told } = await follow(client);
    await tells(told, 'deleted missed');
    expect(told).toContain('added missed');
    expect(client.lists).toBe(2);
  });

  it('finds out that a connection is dead though it stays open', async () => {
    const proxy = await startSilentProxy(portOf(kubernetes));
    const transport = new HttpTransport(apiServerThrough(kubernetes, proxy.port));
    const { told } = await follow(new KubernetesClient(transport, { watchSeconds: 2, graceSeconds: 1 }));
    await create('heard');
    await tells(told, 'added heard');
    proxy.silence();
    await create('unheard');
    await tells(told, 'added unheard');
    await stop?.();
    transport.close();
    await proxy.stop();
  });

  it('tells the others when one handler fails', async () => {
    const { informer, told } = await follow();
    informer.onChange(() => {
      throw new Error('a mistake');
    });
    const later: string[] = [];
    informer.onChange(({ object }) => later.push(object.metadata.name));
    await create('shared');
    await tells(told, 'added shared');
    await tells(later, 'shared');
  });

  it('takes in our own write before the watch brings it, and never one that is older or gone', async () => {
    const created = await create('written');
    const { informer } = await follow();
    const key = { namespace, name: 'written' };
    const changed = await change('written');
    informer.observe(changed);
    expect(informer.cache.get(key)?.metadata.resourceVersion).toBe(changed.metadata.resourceVersion);
    informer.observe(created);
    expect(informer.cache.get(key)?.metadata.resourceVersion).toBe(changed.metadata.resourceVersion);
    await remove('written');
    await eventually(() => expect(informer.cache.get(key)).toBeUndefined());
    informer.observe(changed);
    expect(informer.cache.get(key)).toBeUndefined();
  });

  it('shows an object that we have made at once, and one that we have let go no more', async () => {
    const client = new Deaf(kubernetes.transport);
    const { informer, told } = await follow(client);
    told.splice(0);
    const key = { namespace, name: 'ours' };
    const finalizers = ['kafka-events.dev/test'];
    informer.observe(await kubernetes.client.create(configMaps, { metadata: { ...key, labels: managedByLabel } }));
    expect(informer.cache.get(key)).toBeDefined();
    informer.observe(await kubernetes.client.mergePatch(configMaps, key, { metadata: { finalizers } }));
    expect(informer.cache.get(key)?.metadata.finalizers).toEqual(finalizers);
    await remove('ours');
    informer.observe(await kubernetes.client.mergePatch(configMaps, key, { metadata: { finalizers: [] } }));
    expect(await kubernetes.client.get(configMaps, key)).toBeUndefined();
    expect(informer.cache.get(key)).toBeUndefined();
    client.hear();
    await create('later');
    await tells(told, 'added later');
    expect(told).toEqual(['added ours', 'changed ours', 'deleted ours', 'added later']);
  });

  it('drops an object of ours that its selectors leave out, as soon as the watch has passed it', async () => {
    const { informer, told } = await follow();
    informer.observe(await kubernetes.client.create(configMaps, { metadata: { namespace, name: 'left-out' } }));
    await create('labelled');
    await tells(told, 'deleted left-out');
    expect(informer.cache.get({ namespace, name: 'left-out' })).toBeUndefined();
  });
});

/** Hears of what is there at first, and of nothing that happens until `hear` is called. */
class Deaf extends KubernetesClient {
  readonly #heard = Promise.withResolvers<void>();

  hear(): void {
    this.#heard.resolve();
  }

  override async *watch<T extends KubernetesObject>(
    ...args: Parameters<typeof KubernetesClient.prototype.watch<T>>
  ): AsyncGenerator<WatchEvent<T>> {
    for await (const event of super.watch<T>(...args)) {
      yield event;
      if (endsInitialEvents(event)) await this.#heard.promise;
    }
  }
}

/** Makes the first list end at a version so old that the server refuses to watch from it, as after a long outage. */
class ForgottenVersion extends KubernetesClient {
  lists = 0;
  afterFirstList: () => Promise<unknown> = () => Promise.resolve();

  override async *watch<T extends KubernetesObject>(
    ...args: Parameters<typeof KubernetesClient.prototype.watch<T>>
  ): AsyncGenerator<WatchEvent<T>> {
    const isList = args[2] === undefined;
    if (isList) this.lists += 1;
    for await (const event of super.watch<T>(...args)) {
      const ends = isList && this.lists === 1 && endsInitialEvents(event);
      yield ends
        ? { type: 'BOOKMARK', object: { metadata: { ...event.object.metadata, resourceVersion: '1' } } }
        : event;
      if (!ends) continue;
      await this.afterFirstList();
      return;
    }
  }
}
