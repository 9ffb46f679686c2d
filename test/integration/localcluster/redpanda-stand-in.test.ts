import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import type { Member } from '../../../localcluster/redpanda-stand-in/admin-api.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { createClusterAdmin } from '../../../src/kafka/cluster-admin.ts';
import { startRedpandaProcesses, type RedpandaProcesses } from '../../support/redpanda-processes.ts';
import { until } from '../../support/until.ts';

let redpanda: RedpandaProcesses;
let admin: Admin;

beforeAll(async () => {
  redpanda = await startRedpandaProcesses(3);
  admin = new Kafka({ brokers: [...redpanda.bootstrapServers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
});
afterAll(async () => {
  await admin?.disconnect();
  await redpanda?.stop();
});

interface Answered {
  readonly status: number;
  readonly body: unknown;
}

async function ask(broker: number, path: string, method = 'GET', body?: object): Promise<Answered> {
  const response = await fetch(`${redpanda.adminUrls[broker]}${path}`, {
    method,
    redirect: 'manual',
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

type Listed = Record<'node_id' | 'internal_rpc_address' | 'membership_status', unknown> & {
  readonly is_alive: boolean;
  readonly maintenance_status: { readonly draining: boolean };
};

const members = async (broker = 0) => (await ask(broker, '/v1/brokers')).body as Listed[];
const idOf = async (broker: number) =>
  ((await ask(broker, '/v1/node_config')).body as { readonly node_id: Member['nodeId'] }).node_id;

describe('the stand-in for Redpanda', () => {
  it('is one cluster, with ids of its own, of brokers that answer for all of it', async () => {
    const ids = await Promise.all([0, 1, 2].map(idOf));
    expect(ids).toEqual([3, 2, 1]);
    for (const broker of [0, 1, 2]) {
      await until(async () => (await members(broker)).every((member) => member.is_alive));
      expect((await members(broker)).map(({ node_id }) => node_id)).toEqual(ids);
      expect((await ask(broker, '/v1/brokers/2')).body).not.toHaveProperty('is_alive');
    }
    await until(async () => {
      const { body } = await ask(1, '/v1/cluster/health_overview');
      return (body as { readonly is_healthy: boolean }).is_healthy;
    });
  });

  it('takes odd replication factors only, each topic by itself', async () => {
    const topic = (name: string, replicationFactor: number) => ({ topic: name, numPartitions: 2, replicationFactor });
    const creating = admin.createTopics({ topics: [topic('two', 2), topic('three', 3), topic('one', 1)] });
    await expect(creating).rejects.toMatchObject({
      errors: [{ topic: 'two', type: 'INVALID_REPLICATION_FACTOR' }],
    });
    await until(async () => (await admin.listTopics()).length === 2);
  });

  it('knows no request that Redpanda does not know', async () => {
    const connection = { bootstrapServers: redpanda.bootstrapServers, clientId: 'test' };
    const logger = createLogger({ name: 'test', level: 'silent' });
    const cluster = createClusterAdmin(connection, { logger, clock: systemClock });
    try {
      expect((await cluster.describeAvailability()).quorum).toBeUndefined();
      await expect(cluster.unregisterBroker(7)).rejects.toMatchObject({ code: 'UnsupportedVersion' });
    } finally {
      await cluster.close();
    }
  });

  it('has one broker in maintenance at a time, whichever is asked', async () => {
    const [one, other] = [await idOf(0), await idOf(1)];
    // 503 while the cluster has no controller.
    await until(async () => (await ask(0, `/v1/brokers/${one}/maintenance`, 'PUT')).status === 200);
    expect((await ask(2, `/v1/brokers/${other}/maintenance`, 'PUT')).status).toBe(400);
    await until(async () => {
      const { body } = await ask(1, `/v1/brokers/${one}`);
      return (body as { maintenance_status: { finished: boolean } }).maintenance_status.finished;
    });
    expect((await ask(1, `/v1/brokers/${one}/maintenance`, 'DELETE')).status).toBe(200);
    expect((await ask(1, `/v1/brokers/${one}/maintenance`, 'DELETE')).status).toBe(200);
    expect((await members()).some((member) => member.maintenance_status.draining)).toBe(false);
  });

  it('changes properties where it leads, refers others to there, and names brokers that have to restart', async () => {
    const change = { upsert: { log_segment_size_jitter_percent: 7 }, remove: [] };
    const statuses = await Promise.all([0, 1, 2].map((broker) => ask(broker, '/v1/cluster_config', 'PUT', change)));
    expect(statuses.map(({ status }) => status)).toEqual([307, 307, 200]);
    const refused = await ask(2, '/v1/cluster_config', 'PUT', { upsert: { default_topic_replications: 2 } });
    expect(refused).toEqual({ status: 400, body: { default_topic_replications: 'must be an odd number' } });
    const restarts = async () => {
      const { body } = await ask(0, '/v1/cluster_config/status');
      return (body as { node_id: number; restart: boolean }[]).filter(({ restart }) => restart).length;
    };
    await until(async () => (await restarts()) === 3);
  });

  it('makes users of the Kafka beneath', async () => {
    const user = { username: 'orders', password: 'a-password', algorithm: 'SCRAM-SHA-512' };
    expect((await ask(0, '/v1/security/users', 'POST', user)).status).toBe(200);
    expect(await ask(2, '/v1/security/users')).toEqual({ status: 200, body: ['orders'] });
  });
});
