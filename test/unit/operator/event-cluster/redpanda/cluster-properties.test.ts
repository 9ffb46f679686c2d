import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../../../localcluster/redpanda-stand-in/admin-api.ts';
import { RedpandaAdmin } from '../../../../../src/operator/brokers/redpanda-admin.ts';
import { engines } from '../../../../../src/operator/event-cluster/engine.ts';
import { brokerHost } from '../../../../../src/operator/event-cluster/names.ts';
import { planCluster } from '../../../../../src/operator/event-cluster/plan.ts';
import { SentSecrets } from '../../../../../src/operator/event-cluster/secret-config.ts';
import { runningProperties } from '../../../../../src/operator/event-cluster/redpanda/config-map.ts';
import { alignClusterProperties } from '../../../../../src/operator/event-cluster/redpanda/cluster-properties.ts';
import { RedpandaStandIn, type StandInBroker } from '../../../../support/redpanda-stand-in.ts';
import { anEventCluster } from '../../../../support/resources.ts';
import { adminThrough } from '../../../../support/redpanda-admin-through.ts';

let standIn: RedpandaStandIn;
let broker: StandInBroker;
let other: StandInBroker;
let leads: boolean;
let admin: RedpandaAdmin;

beforeEach(async () => {
  leads = true;
  const beforeWrite = () => {
    if (!leads) throw new Error('somebody else leads');
  };
  admin = new RedpandaAdmin({ beforeWrite, timeoutMilliseconds: 1000 });
  standIn = await RedpandaStandIn.of(
    [0, 1, 2].map((index) => brokerHost({ name: 'events', namespace: 'tasks' }, index)),
  );
  [broker, other] = standIn.brokers as [StandInBroker, StandInBroker];
});
afterEach(() => standIn.close());

const align = async (wanted: Record<string, unknown>, ...brokers: StandInBroker[]) => {
  const urls = (brokers.length > 0 ? brokers : [broker]).map(({ url }) => url);
  return (await alignClusterProperties(admin, urls, wanted)).problem;
};

const onRead = (answer: Answer) => (method: string) => (method === 'GET' ? answer : undefined);
const onWrite = (answer: Answer) => (method: string) => (method === 'PUT' ? answer : undefined);

describe('cluster properties of running Redpanda brokers', () => {
  it('are set where they differ, and no others', async () => {
    const before = { ...standIn.properties };
    expect(await align({ log_segment_size: 256, auto_create_topics_enabled: false })).toBeUndefined();
    expect(standIn.properties).toEqual({ ...before, log_segment_size: 256 });
    expect(standIn.writes).toEqual(['PUT /v1/cluster_config']);
  });

  it('make a configuration of another version, which brokers have yet to take in', async () => {
    const versionOf = async (size: number) =>
      (await alignClusterProperties(admin, [broker.url], { log_segment_size: size })).version;
    expect([await versionOf(256), await versionOf(256), await versionOf(512)]).toEqual([2, undefined, 3]);
  });

  it('are not written when they are as they should be', async () => {
    await align({ log_segment_size: 134217728 });
    await align({});
    expect(standIn.writes).toEqual([]);
  });

  it('are compared and set exactly, also beyond 2^53', async () => {
    standIn.properties['retention_bytes'] = 9007199254740993n;
    await align({ retention_bytes: 9007199254740993n });
    expect(standIn.writes).toEqual([]);
    await align({ retention_bytes: 9007199254740994n });
    expect(standIn.properties['retention_bytes']).toBe(9007199254740994n);
  });

  it('are not written by an operator that no longer leads', async () => {
    leads = false;
    await expect(align({ log_segment_size: 256 })).rejects.toThrow('somebody else leads');
    expect(standIn.writes).toEqual([]);
  });

  it('are lists where the resource has one in text', async () => {
    const plan = planCluster(anEventCluster({ config: { kafka_nodelete_topics: '[task-events, "a, b"]' } }), 3, {
      statefulSet: undefined,
      firstClaim: undefined,
    });
    const again = () => align(runningProperties(plan));
    expect(await again()).toBeUndefined();
    expect(standIn.properties['kafka_nodelete_topics']).toEqual(['task-events', 'a, b']);
    const { length } = standIn.writes;
    await again();
    expect(standIn.writes).toHaveLength(length);
  });

  describe('with values from Secrets', () => {
    const sent = new SentSecrets();
    const alignSecret = async (value: string, uid = 'one', name = 'cloud_storage_secret_key') => {
      const secrets = sent.of(uid, { values: { [name]: value }, hash: `hash of ${value}` });
      return (await alignClusterProperties(admin, [broker.url], {}, secrets)).problem;
    };

    it('are set once, and again when the Secret changes, also back, since brokers do not show them', async () => {
      for (const [value, writes] of [
        ['a', 1],
        ['a', 1],
        ['b', 2],
        ['b', 2],
        ['a', 3],
      ] as const) {
        expect(await alignSecret(value)).toBeUndefined();
        expect(standIn.properties['cloud_storage_secret_key']).toBe(value);
        expect(standIn.writes).toHaveLength(writes);
      }
    });

    it('are set for each cluster, and after a failure once more', async () => {
      leads = false;
      await expect(alignSecret('a', 'two')).rejects.toThrow('somebody else leads');
      leads = true;
      await alignSecret('a', 'two');
      expect(standIn.writes).toHaveLength(1);
    });

    it('are compared where brokers show them', async () => {
      await alignSecret('[a, b]', 'three', 'kafka_nodelete_topics');
      standIn.properties['kafka_nodelete_topics'] = ['somebody else'];
      await alignSecret('[a, b]', 'three', 'kafka_nodelete_topics');
      expect(standIn.properties['kafka_nodelete_topics']).toEqual(['a', 'b']);
    });

    it('are not repeated where brokers refuse them', async () => {
      const problem = await alignSecret('s3cret "value"', 'four', 'kafka_nodelete_topics');
      expect(problem).toMatchObject({ reason: 'ConfigRefused' });
      expect(problem?.message).toContain('expected type array, not [secret]');
      expect(problem?.message).toContain('kafka_nodelete_topics');
      expect(problem?.message).not.toContain('s3cret');
    });
  });

  it('are reported when the brokers refuse them, with their words', async () => {
    const problem = await align({ log_segment_size: 'big' });
    expect(problem).toMatchObject({ reason: 'ConfigRefused', failed: true });
    expect(problem?.message).toMatch(
      /properties \(log_segment_size\): \{.*expected type integer.*Correct them in spec\.config/,
    );
    expect(await align({ no_such_property: 1 })).toMatchObject({
      message: expect.stringContaining('Unknown property'),
    });
    expect(await align({ default_topic_replications: 2 })).toMatchObject({ message: expect.stringContaining('odd') });
  });

  it('are reported with words up to a bound', async () => {
    broker.ill = onWrite([400, 'no!'.repeat(5000)]);
    expect((await align({ log_segment_size: 1 }))?.message.length).toBeLessThan(1500);
  });

  it('are reported when they cannot even be read', async () => {
    broker.ill = () => [401, 'unauthorized'];
    expect(await align({ log_segment_size: 1 })).toMatchObject({ reason: 'ConfigRefused', failed: true });
  });

  it.each<[string, Answer]>([
    ['is overloaded', [503, 'busy']],
    ['answers with what is no JSON', [200, '<html>']],
    ['answers with what is no configuration', [200, '[1]']],
    ['answers without end', [200, `{"a": "${'x'.repeat(2 * 1024 * 1024)}"}`]],
    ['sends the operator elsewhere', [302, '', { location: 'http://169.254.169.254/' }]],
  ])('are said to be pending while a broker %s, and are tried with the next', async (_, answer) => {
    other.ill = onRead(answer);
    expect(await align({ log_segment_size: 1 }, other)).toMatchObject({ reason: 'ConfigPending', failed: false });
    expect(await align({ log_segment_size: 1 }, other, broker)).toBeUndefined();
    expect(standIn.properties['log_segment_size']).toBe(1);
  });

  it('are said to be pending when a change cannot be made, and are not forgotten', async () => {
    broker.ill = onWrite([500, 'no leader']);
    expect(await align({ log_segment_size: 1 })).toMatchObject({ reason: 'ConfigPending' });
    standIn.stop(broker);
    expect(await align({ log_segment_size: 1 })).toMatchObject({ reason: 'ConfigPending' });
    expect(await align({ log_segment_size: 1 }, broker, other)).toBeUndefined();
  });

  it('are changed by the broker that leads the others, to which they refer', async () => {
    expect(await align({ log_segment_size: 1 }, other)).toMatchObject({ reason: 'ConfigPending' });
    expect(standIn.writes).toEqual([]);
    expect(await align({ log_segment_size: 1 }, other, broker)).toBeUndefined();
    expect(standIn.properties['log_segment_size']).toBe(1);
  });

  it('follow a cluster that grew to three: three replicas, unless the spec says otherwise', async () => {
    const through = adminThrough(() => standIn);
    const grow = async (config: object, ready: readonly number[]) => {
      const cluster = anEventCluster({ engine: 'Redpanda', config });
      const plan = planCluster(cluster, 3, { statefulSet: undefined, firstClaim: undefined });
      await engines.Redpanda.alignProperties(plan, ready, through, undefined);
      return standIn.properties['default_topic_replications'];
    };
    expect(await grow({}, [0, 1])).toBe(1);
    expect(await grow({ default_topic_replications: null }, [0, 1, 2])).toBe(1);
    expect(await grow({ default_topic_replications: 5 }, [0, 1, 2])).toBe(5);
    expect(await grow({}, [0, 1, 2])).toBe(3);
  });
});
