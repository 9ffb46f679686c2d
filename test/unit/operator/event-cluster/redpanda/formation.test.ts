import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { configMap } from '../../../../../src/operator/event-cluster/config-map.ts';
import { engines } from '../../../../../src/operator/event-cluster/engine.ts';
import { planCluster } from '../../../../../src/operator/event-cluster/plan.ts';
import { statefulSet } from '../../../../../src/operator/event-cluster/stateful-set.ts';
import { makeCertificates, type MadeCertificates } from '../../../../support/certificates.ts';
import { adminThrough } from '../../../../support/redpanda-admin-through.ts';
import { RedpandaStandIn, startOf } from '../../../../support/redpanda-stand-in.ts';
import { anEventCluster } from '../../../../support/resources.ts';

const clusterName = { name: 'events', namespace: 'tasks' };
let standIn: RedpandaStandIn;
let certificates: MadeCertificates;

beforeAll(async () => {
  certificates = await makeCertificates(clusterName);
});
beforeEach(() => {
  standIn = new RedpandaStandIn();
});
afterEach(() => standIn.close());

interface Rendered {
  readonly brokers?: number;
  readonly resources?: object;
  readonly config?: object;
  readonly externalAccess?: object;
  /** What clients need; brokers are open where it is left out. */
  readonly needs?: { readonly tls: boolean; readonly authentication: boolean };
}

function render({ needs, ...spec }: Rendered = {}) {
  const cluster = anEventCluster({ ...spec, engine: 'Redpanda' });
  const nothing = { statefulSet: undefined, firstClaim: undefined };
  const security = needs && { ...needs, certificatesHash: '' };
  const plan = planCluster(cluster, spec.brokers ?? 3, nothing, security);
  return {
    refusal: engines.Redpanda.refuse(cluster.spec),
    files: configMap(plan, engines.Redpanda),
    pods: statefulSet(plan, engines.Redpanda),
  };
}

function start(spec: Parameters<typeof render>[0], index: number) {
  const { files, pods } = render(spec);
  return standIn.start(startOf(files, pods, index, certificates.secrets));
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
      enable_sasl: false,
      kafka_enable_authorization: false,
      partition_autobalancing_mode: 'node_add',
      storage_min_free_bytes: 1073741824,
    });
    expect(bootstrapOf({ brokers: 2 })).not.toHaveProperty('default_topic_replications');
    const config = { partition_autobalancing_mode: 'continuous' };
    expect(bootstrapOf({ config })).toMatchObject(config);
  });

  it.each(['default_topic_replications', 'minimum_topic_replications', 'internal_topic_replication_factor'])(
    'are not made of a %s above the number of brokers',
    (name) => {
      expect(render({ brokers: 5, config: { [name]: 5 } }).refusal).toBeUndefined();
      expect(render({ brokers: 3, config: { [name]: 5 } }).refusal).toEqual({
        reason: 'ConfigRefused',
        message: expect.stringMatching(`^spec.config.${name} is 5, but there are 3 brokers`),
        failed: true,
      });
    },
  );

  it.each(['default_topic_replications', 'minimum_topic_replications', 'internal_topic_replication_factor'])(
    'are not made of an even %s, which Redpanda refuses',
    (name) => {
      expect(render({ config: { [name]: 3 } }).refusal).toBeUndefined();
      expect(render({ config: { [name]: null } }).refusal).toBeUndefined();
      for (const value of [2, '2', 4n])
        expect(render({ config: { [name]: value } }).refusal).toEqual({
          reason: 'ConfigRefused',
          message:
            `spec.config.${name} is ${value}, but Redpanda accepts only odd replication factors. Set it to an odd ` +
            `number, such as 3, or remove it.`,
          failed: true,
        });
    },
  );
});

const tls = { tls: true, authentication: false };
const password = { tls: false, authentication: true };
const all = { tls: true, authentication: true };

interface Listeners {
  readonly redpanda: Record<string, { readonly name: string; readonly require_client_auth: boolean }[]>;
  readonly pandaproxy: object;
}

const listenersOf = (spec: Rendered) => parse(render(spec).files.data!['redpanda.yaml']!) as Listeners;

describe('Redpanda that is closed to strangers, on a stand-in', () => {
  it.each([all, tls, password])(
    'forms a cluster whose admin API asks for a certificate of its own: %o',
    async (needs) => {
      for (const index of [0, 1, 2]) await start({ needs }, index);
      expect(standIn.brokers.map(({ nodeId }) => nodeId)).not.toContain(undefined);
      const brokers = `http://${standIn.brokers[1]!.start.rpcHost}:9644/v1/brokers`;
      await expect(adminThrough(() => standIn, certificates.operator).get(brokers)).resolves.toHaveLength(3);
      const strangers = [undefined, { ca: certificates.operator.ca! }, (await makeCertificates(clusterName)).operator];
      for (const stranger of strangers) {
        const asking = adminThrough(() => standIn, stranger).get(brokers);
        await expect(asking).rejects.toMatchObject({ code: 'AdminUnavailable' });
      }
    },
  );

  it('takes no broker in that speaks plain text among brokers', async () => {
    for (const index of [0, 1, 2]) await start({ needs: all }, index);
    expect((await start({ brokers: 4 }, 3)).nodeId).toBeUndefined();
  });

  it.each([
    [all, 'sasl', ['kafka', 'external', 'operator'], 'http_basic'],
    [tls, 'none', ['kafka', 'external', 'operator'], 'none'],
    [password, 'sasl', ['operator'], 'http_basic'],
  ])('asks clients for what it should: %o', (needs, authentication_method, withTls, http) => {
    const externalAccess = { host: 'broker-{broker}.example.org', firstPort: 9094 };
    const { redpanda, pandaproxy } = listenersOf({ needs, externalAccess });
    expect(redpanda['kafka_api']).toMatchObject([
      { name: 'kafka', port: 9092, authentication_method },
      { name: 'external', port: 9094, authentication_method },
      { name: 'operator', port: 9091, authentication_method: 'mtls_identity' },
    ]);
    expect(redpanda['kafka_api_tls']!.map(({ name }) => name)).toEqual(withTls);
    const asking = redpanda['kafka_api_tls']!.filter(({ require_client_auth }) => require_client_auth);
    expect(asking.map(({ name }) => name)).toEqual(['operator']);
    expect(pandaproxy).toMatchObject({ pandaproxy_api: [{ authentication_method: http }] });
    expect('pandaproxy_api_tls' in pandaproxy).toBe(needs.tls);
    const script = render({ needs, externalAccess }).files.data!['configure.sh']!;
    const names = [...script.matchAll(/advertised_kafka_api\[(\d)\]' "\{name: (\w+),/g)].map(([, , name]) => name);
    expect(names).toEqual(['kafka', 'external', 'operator']);
    expect(script).toContain('address: broker-${POD_NAME##*-}.example.org, port: $((9094 + ${POD_NAME##*-}))');
  });

  it('gives all rights to the operator and the brokers, and to nobody else any without an entry', () => {
    const superusers = ['CN=kafka-events-brokers', 'CN=kafka-events-operator'];
    const closed = { enable_sasl: true, kafka_enable_authorization: true, superusers };
    expect(bootstrapOf({ needs: all })).toMatchObject(closed);
    expect(bootstrapOf({ needs: tls })).toMatchObject({ enable_sasl: false, kafka_enable_authorization: false });
  });

  it('is rolled for other certificates and by no further broker', () => {
    const hash = (spec: Rendered) => render(spec).pods.spec?.template.metadata?.annotations;
    expect(hash({ needs: all, brokers: 5 })).toEqual(hash({ needs: all }));
    expect(hash({ needs: all })).not.toEqual(hash({ needs: tls }));
  });
});

describe('the stand-in', () => {
  it('is as strict as Redpanda: one dot too many, and there is no founder', async () => {
    const host = 'events-0.events-brokers.tasks.svc.cluster.local';
    const broker = await standIn.start({ rpcHost: `${host}.`, seeds: [host] });
    expect(broker.nodeId).toBeUndefined();
    expect(broker.server.listening).toBe(false);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['a property that there is none of', (text) => text.replace('kafka_api_tls:', 'kafka_tls:'), /kafka_tls/],
    ['a file that is not mounted', (text) => text.replace('internal.key', 'internal.pem.key'), /no such file/],
    ['TLS for no listener', (text) => text.replace(/name: operator(\s+enabled)/, 'name: op$1'), /listener op,/],
    ['certificates that nobody asks for', (text) => text.replaceAll('auth: true', 'auth: false'), /mtls_identity/],
  ])('is as strict as Redpanda, or stricter: it does not start with %s', (_what, change, message) => {
    const { files, pods } = render({ needs: all });
    const changed = change(files.data!['redpanda.yaml']!);
    expect(changed).not.toBe(files.data!['redpanda.yaml']);
    const wrong = { data: { ...files.data, 'redpanda.yaml': changed } };
    expect(() => startOf(wrong, pods, 0, certificates.secrets)).toThrow(message);
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
