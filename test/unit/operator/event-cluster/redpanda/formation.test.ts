import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { configMap } from '../../../../../src/operator/event-cluster/config-map.ts';
import { engines } from '../../../../../src/operator/event-cluster/engine.ts';
import { planCluster } from '../../../../../src/operator/event-cluster/plan.ts';
import { statefulSet } from '../../../../../src/operator/event-cluster/stateful-set.ts';
import { RedpandaStandIn, startOf } from '../../../../support/redpanda-stand-in.ts';
import { anEventCluster } from '../../../../support/resources.ts';

let standIn: RedpandaStandIn;

beforeEach(() => {
  standIn = new RedpandaStandIn();
});
afterEach(() => standIn.close());

function render(spec: { brokers?: number; resources?: object; config?: object } = {}) {
  const cluster = anEventCluster({ ...spec, engine: 'Redpanda' });
  const plan = planCluster(cluster, spec.brokers ?? 3, { statefulSet: undefined, firstClaim: undefined });
  return {
    refusal: engines.Redpanda.refuse(cluster.spec),
    files: configMap(plan, engines.Redpanda),
    pods: statefulSet(plan, engines.Redpanda),
  };
}

function start(spec: Parameters<typeof render>[0], index: number) {
  const { files, pods } = render(spec);
  return standIn.start(startOf(files, pods, index));
}

const bootstrapOf = (spec: Parameters<typeof render>[0]) =>
  parse(render(spec).files.data?.['bootstrap.yaml'] ?? '') as Record<string, unknown>;

describe('the manifests of Redpanda, started on a stand-in', () => {
  it.each([1, 2, 3, 5])('make %d brokers one cluster, in whatever order they start', async (brokers) => {
    const order = Array.from({ length: brokers }, (_, index) => (index + 1) % brokers);
    for (const index of order) {
      expect(standIn.brokers.filter(({ nodeId }) => nodeId !== undefined)).toEqual([]);
      await start({ brokers }, index);
    }
    expect(standIn.brokers.map(({ nodeId }) => nodeId)).not.toContain(undefined);
  });

  it('let a further broker join those that are there', async () => {
    await start({ brokers: 1 }, 0);
    expect((await start({ brokers: 2 }, 1)).nodeId).toBeDefined();
  });

  it.each([
    [{ limits: { cpu: '500m', memory: '1.5Gi' } }],
    [{ limits: { cpu: '1', memory: '1280Mi' } }],
    [{ limits: { cpu: '3', memory: '6Gi' } }],
    [{ requests: { cpu: '100m', memory: '1.25Gi' } }],
  ])('start with %o', async (resources) => {
    expect(render({ resources }).refusal).toBeUndefined();
    expect((await start({ brokers: 1, resources }, 0)).nodeId).toBeDefined();
  });

  it.each([
    [{ limits: { cpu: '1', memory: '1279Mi' } }],
    [{ limits: { cpu: '2', memory: '2.4Gi' } }],
    [{ limits: { cpu: '4' } }],
    [{ requests: { memory: '1Gi' } }],
  ])('would not start with %o, which is refused', async (resources) => {
    expect(render({ resources }).refusal).toMatchObject({ reason: 'ResourcesTooSmall', failed: true });
    await expect(start({ brokers: 1, resources }, 0)).rejects.toThrow('below 1 GiB a core');
  });

  it('start with the values for minikube', async () => {
    const values = readFileSync('charts/kafka-events/values-minikube.yaml', 'utf8');
    const { eventCluster } = parse(values) as { eventCluster: { spec: object } };
    expect(render({ ...eventCluster.spec, brokers: 1 }).refusal).toBeUndefined();
    expect((await start({ ...eventCluster.spec, brokers: 1 }, 0)).nodeId).toBeDefined();
  });

  it('share a core by the key that rpk has for it, and only below one core', () => {
    const rpkOf = (cpu: string) => {
      const { files } = render({ resources: { limits: { cpu, memory: '4Gi' } } });
      return (parse(files.data!['redpanda.yaml']!) as { rpk: Record<string, unknown> }).rpk;
    };
    expect(rpkOf('999m')).toMatchObject({ overprovisioned: true });
    expect(rpkOf('1')).not.toHaveProperty('overprovisioned');
  });

  it('want no license, keep three replicas where there are three brokers, and keep room on the volume', () => {
    expect(bootstrapOf({})).toEqual({
      auto_create_topics_enabled: false,
      core_balancing_continuous: false,
      default_topic_replications: 3,
      partition_autobalancing_mode: 'node_add',
      storage_min_free_bytes: 1073741824,
    });
    expect(bootstrapOf({ brokers: 2 })).not.toHaveProperty('default_topic_replications');
    const config = { partition_autobalancing_mode: 'continuous' };
    expect(bootstrapOf({ config })).toMatchObject(config);
  });

  it.each(['default_topic_replications', 'minimum_topic_replications', 'internal_topic_replication_factor'])(
    'are not made of an even %s, which Redpanda refuses',
    (name) => {
      expect(render({ config: { [name]: 3 } }).refusal).toBeUndefined();
      expect(render({ config: { [name]: null } }).refusal).toBeUndefined();
      for (const value of [2, '2', 4n])
        expect(render({ config: { [name]: value } }).refusal).toEqual({
          reason: 'ConfigRefused',
          message:
            `spec.config.${name} is ${value}, but Redpanda takes odd replication factors only. Set it to an odd ` +
            `number, such as 3, or leave it out.`,
          failed: true,
        });
    },
  );
});

describe('the stand-in', () => {
  it('is as strict as Redpanda: one dot too many, and there is no founder', async () => {
    const host = 'events-0.events-brokers.tasks.svc.cluster.local';
    const broker = await standIn.start({ rpcHost: `${host}.`, seeds: [host] });
    expect(broker.nodeId).toBeUndefined();
    expect(broker.server.listening).toBe(false);
  });

  it('is as strict as Redpanda: topics have an odd number of replicas, and no more than there are brokers', async () => {
    for (const index of [0, 1, 2]) await start({}, index);
    expect([1, 2, 3, 4, 5].filter((factor) => standIn.createTopic(`t${factor}`, factor) === undefined)).toEqual([1, 3]);
    expect(standIn.createTopic('default', -1)).toBeUndefined();
    expect(standIn.partition('default').replicas).toHaveLength(3);
    standIn.stop(standIn.brokers[0]!);
    expect(standIn.partition('default').isr).toEqual(standIn.partition('default').replicas);
  });

  it('is as strict as Redpanda: after more than five crashes it does not start', async () => {
    for (let crashes = 0; crashes < 6; crashes += 1) standIn.crash(await start({ brokers: 1 }, 0));
    await expect(start({ brokers: 1 }, 0)).rejects.toThrow('Crash loop');
  });
});
