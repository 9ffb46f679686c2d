import type { V1Secret } from '@kubernetes/client-node';
import { expect, it, describe } from '@jest/globals';
import type { EventCluster } from '../../../../src/api/event-cluster.ts';
import type { EventTopic } from '../../../../src/api/event-topic.ts';
import { systemClock as clock } from '../../../../src/lib/clock.ts';
import { AdminClients } from '../../../../src/operator/brokers/admin-clients.ts';
import { ConnectionFinder } from '../../../../src/operator/brokers/find-connection.ts';
import { userSecrets } from '../../../../src/operator/brokers/user-secrets.ts';
import { lastOfItsResources } from '../../../../src/operator/event-cluster/finalizer.ts';
import { createFindBrokers as createFindUserBrokers } from '../../../../src/operator/event-user/user-brokers.ts';
import { createFindBrokers } from '../../../../src/operator/event-topic/topic-brokers.ts';
import { eventClusters, eventTopics, eventUsers, reminderConsumers } from '../../../../src/operator/kinds.ts';
import type { Caches } from '../../../../src/operator/runtime/cache/caches.ts';
import { ObjectCache } from '../../../../src/operator/runtime/cache/object-cache.ts';
import type { Observed } from '../../../../src/operator/runtime/objects.ts';
import { silentLogger } from '../../../support/running-manager.ts';
import { anEventCluster } from '../../../support/resources.ts';

const external = {
  engine: 'External',
  external: { bootstrapServers: 'kafka.example.org:9092' },
  authentication: { mechanism: 'PLAIN', credentialsSecretRef: { name: 'credentials' } },
};

class World {
  readonly clusters = new ObjectCache<EventCluster>();
  readonly secrets = new ObjectCache<Observed<V1Secret>>();
  readonly users = new ObjectCache<EventTopic>();
  readonly caches = {
    of: (kind: unknown) =>
      new Map<unknown, unknown>([
        [eventClusters, this.clusters],
        [userSecrets, this.secrets],
        [eventUsers, this.users],
        [eventTopics, new ObjectCache()],
        [reminderConsumers, new ObjectCache()],
      ]).get(kind),
  } as Caches;
  #version = 1;

  cluster(spec: object, metadata: object = {}): EventCluster {
    const cluster = anEventCluster(spec);
    const conditions = [{ type: 'Available', status: 'True', reason: 'BrokersAnswer', message: '' }];
    const status = { bootstrapServers: 'kafka.example.org:9092', conditions } as EventCluster['status'];
    const resourceVersion = String((this.#version += 1));
    const made = { ...cluster, metadata: { ...cluster.metadata, ...metadata, resourceVersion }, status };
    this.clusters.put(made as EventCluster);
    return made as EventCluster;
  }

  resource(metadata: object = {}): EventTopic {
    const { name, namespace } = anEventCluster(external).metadata;
    const own = { name: 'orders', namespace, uid: 'uid-orders', resourceVersion: '1', ...metadata };
    return { metadata: own, spec: { clusterRef: { name } } } as unknown as EventTopic;
  }

  secret(name: string, values: Readonly<Record<string, string>>): void {
    const { namespace } = anEventCluster(external).metadata;
    const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')] as const);
    const metadata = { name, namespace, uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: '' };
    this.secrets.put({ apiVersion: 'v1', kind: 'Secret', metadata, data: Object.fromEntries(data) });
  }
}

const going = { deletionTimestamp: '2026-05-01T12:00:00Z' };

describe('the connection to a cluster', () => {
  it('is kept, when its Secrets are gone, for what is deleted with the cluster, and for nothing else', () => {
    const [world, finder] = [new World(), new ConnectionFinder()];
    world.cluster(external);
    world.secret('credentials', { username: 'operator', password: 'p' });
    const before = finder.find(world.resource(), world.caches);
    expect(before).toMatchObject({ connection: { sasl: { username: 'operator' } } });
    const secret = world.secrets.list()[0]!;
    world.secrets.remove(secret.metadata);

    const missing = { missing: expect.objectContaining({ reason: 'SecretMissing' }) };
    expect(finder.find(world.resource(), world.caches)).toMatchObject(missing);
    expect(finder.find(world.resource(going), world.caches)).toMatchObject(missing);
    world.cluster(external, going);
    expect(finder.find(world.resource(going), world.caches)).toMatchObject({
      connection: { sasl: { username: 'operator', password: 'p' } },
    });
    expect(new ConnectionFinder().find(world.resource(going), world.caches)).toMatchObject(missing);
    // Another cluster that took the name was never connected to.
    world.cluster(external, { ...going, uid: 'uid-of-another' });
    expect(finder.find(world.resource(going), world.caches)).toMatchObject(missing);
  });

  it('stays for users that go with an External cluster', async () => {
    const world = new World();
    const object = world.cluster(external, going);
    const finalize = () =>
      lastOfItsResources.finalize({ object, caches: world.caches, deletedForMilliseconds: 0 } as never);
    expect(await finalize()).toBeUndefined();
    world.users.put(world.resource({ ...going, finalizers: ['kafka-events.dev/event-user'] }));
    expect(await finalize()).toMatchObject({ reason: 'ResourcesFirst' });
  });
});

describe('the brokers of a topic', () => {
  it('are to be as many as run by default, where the spec does not say', async () => {
    const world = new World();
    const clients = new AdminClients({ clock, logger: silentLogger });
    const security = { tls: { enabled: false }, authentication: { enabled: false } };
    world.cluster({ engine: 'Kafka', security });
    const found = createFindBrokers(clients)(world.resource(), world.caches);
    expect(found).toMatchObject({ brokers: { isExternal: false, wanted: 3 } });
    await clients.stop();
  });
});

describe('the brokers of a user', () => {
  it('are not there while nobody knows what its clients have to trust, unless it is deleted', async () => {
    const world = new World();
    const clients = new AdminClients({ clock, logger: silentLogger });
    const find = createFindUserBrokers(clients);
    const { metadata } = world.cluster({ engine: 'Kafka', security: {} });
    world.secret(`${metadata.name}-operator-tls`, { 'tls.crt': 'crt', 'tls.key': 'key', 'ca.crt': 'ca' });
    const missing = { missing: { reason: 'SecretMissing', message: expect.stringContaining(`${metadata.name}-ca`) } };
    expect(find(world.resource() as never, world.caches, 'keep')).toMatchObject(missing);
    expect(find(world.resource(going) as never, world.caches, 'remove')).toHaveProperty('brokers');
    world.secret(`${metadata.name}-ca`, { 'ca.crt': 'ca' });
    expect(find(world.resource() as never, world.caches, 'keep')).toMatchObject({
      brokers: { listener: { tls: { ca: 'ca' } } },
    });
    await clients.stop();
  });
});
