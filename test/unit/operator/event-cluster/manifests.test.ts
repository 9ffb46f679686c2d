import { describe, expect, it } from '@jest/globals';
import { configMap } from '../../../../src/operator/event-cluster/config-map.ts';
import { engines } from '../../../../src/operator/event-cluster/engine.ts';
import { networkPolicy } from '../../../../src/operator/event-cluster/network-policy.ts';
import { planCluster, type RunEngine } from '../../../../src/operator/event-cluster/plan.ts';
import { podDisruptionBudget } from '../../../../src/operator/event-cluster/pod-disruption-budget.ts';
import { services } from '../../../../src/operator/event-cluster/services.ts';
import { statefulSet } from '../../../../src/operator/event-cluster/stateful-set.ts';
import { configurationHashAnnotation } from '../../../../src/operator/pods/digest.ts';
import { expectGolden } from '../../../support/golden.ts';
import { anEventCluster } from '../../../support/resources.ts';

const nothing = { statefulSet: undefined, firstClaim: undefined };

interface Rendered {
  readonly engine: RunEngine;
  readonly brokers?: number;
  readonly config?: object;
  readonly podTemplate?: object;
  readonly security?: {
    readonly tls?: { readonly enabled: boolean };
    readonly authentication?: { readonly enabled?: boolean; readonly clientCertificates?: object };
  };
}

function render(spec: Rendered, certificatesHash = 'hash') {
  const cluster = anEventCluster(spec);
  const { tls, authentication } = cluster.spec.security ?? {};
  const security = tls &&
    authentication && {
      ...{ tls: tls.enabled, authentication: authentication.enabled, certificatesHash },
      clientCertificates: authentication.clientCertificates !== undefined,
    };
  const plan = planCluster(cluster, spec.brokers ?? 3, nothing, security);
  const engine = engines[spec.engine];
  const brokers = statefulSet(plan, engine);
  return {
    configMap: configMap(plan, engine),
    services: services(plan),
    podDisruptionBudget: podDisruptionBudget(plan),
    networkPolicies: [networkPolicy(plan, 'kafka-events', brokers.spec!.template)],
    statefulSet: brokers,
  };
}

const hashOf = (spec: Rendered) =>
  render(spec).statefulSet.spec?.template.metadata?.annotations?.[configurationHashAnnotation];

const everything = {
  brokers: 5,
  version: '4.2.0',
  storage: { size: '100Gi', storageClassName: 'fast', reclaimPolicy: 'Delete' },
  resources: { requests: { cpu: '2500m', memory: '8Gi' }, limits: { memory: '8Gi' } },
  externalAccess: { host: 'kafka.example.org', firstPort: 9094, firstNodePort: 30094 },
  rack: { topologyKey: 'topology.kubernetes.io/zone' },
  podTemplate: { metadata: { labels: { team: 'events' } }, spec: { priorityClassName: 'high' } },
};

describe('the manifests of an event cluster', () => {
  it.each([
    ['kafka', { engine: 'Kafka' }],
    ['kafka-one-broker', { engine: 'Kafka', brokers: 1 }],
    ['kafka-everything', { ...everything, engine: 'Kafka', config: { 'min.insync.replicas': 2, 'log.dirs': '/mine' } }],
    ['kafka-security', { engine: 'Kafka', security: {} }],
    [
      'kafka-security-everything',
      { ...everything, engine: 'Kafka', security: { tls: { enabled: false }, authentication: { enabled: true } } },
    ],
    ['kafka-security-tls', { engine: 'Kafka', brokers: 1, security: { authentication: { enabled: false } } }],
    ['redpanda', { engine: 'Redpanda' }],
    ['redpanda-security', { engine: 'Redpanda', security: {} }],
    [
      'redpanda-everything',
      { ...everything, engine: 'Redpanda', config: { auto_create_topics_enabled: 'true', cloud_storage_bucket: null } },
    ],
  ] as const)('are as golden/%s.yaml says', (name, spec) => {
    const rendered = render(spec);
    expectGolden(import.meta.dirname, name, [
      rendered.configMap,
      ...rendered.services,
      rendered.podDisruptionBudget,
      ...rendered.networkPolicies,
      rendered.statefulSet,
    ]);
  });

  it('have a listener of its own for clients with certificates, where that is asked for', () => {
    const authentication = { clientCertificates: { caSecretRef: { name: 'company-ca' } } };
    const rendered = render({ engine: 'Kafka', security: { authentication } });
    expect(rendered.configMap.data?.['server-0.properties']).toMatch(/^listeners=.*CERTIFICATES:\/\/:9097/m);
    expect(rendered.services[0]?.spec?.ports).toContainEqual(expect.objectContaining({ port: 9097, targetPort: 9097 }));
    const containers = rendered.statefulSet.spec?.template.spec?.containers;
    expect(containers?.[0]?.ports).toContainEqual({ name: 'certificates', containerPort: 9097 });
    const [forClients] = rendered.networkPolicies[0]!.spec.ingress;
    expect(forClients?.ports).toContainEqual({ protocol: 'TCP', port: 9097 });
    expect(JSON.stringify(render({ engine: 'Kafka', security: {} }))).not.toContain('9097');
  });

  it.each(['Kafka', 'Redpanda'] as const)('let everybody reach a port that a podTemplate adds to %s', (engine) => {
    const container = engines[engine].container;
    const ports = [{ name: 'metrics', containerPort: 9404 }];
    const sidecar = { name: 'exporter', image: 'exporter:1', ports: [{ containerPort: 53, protocol: 'UDP' }] };
    const podTemplate = { spec: { containers: [{ name: container, ports }, sidecar] } };
    const ingressOf = (spec: Rendered) => render(spec).networkPolicies[0]!.spec.ingress;
    const [forClients, ...others] = ingressOf({ engine, security: {} });
    expect(ingressOf({ engine, security: {}, podTemplate })).toEqual([
      { ports: [...forClients!.ports, { protocol: 'TCP', port: 9404 }, { protocol: 'UDP', port: 53 }] },
      ...others,
    ]);
  });

  it('have values of Secrets in no ConfigMap, and roll Kafka for another value of a Secret, but not Redpanda', () => {
    const valueFrom = { secretKeyRef: { name: 'plugin', key: 'pass' } };
    const withSecret = (engine: RunEngine, hash: string) => {
      const cluster = anEventCluster({ engine, configFrom: [{ name: 'plugin.password', valueFrom }] });
      const values = { 'plugin.password': 's3cret' };
      const plan = planCluster(cluster, 3, nothing, undefined, false, { values, hash });
      return { files: configMap(plan, engines[engine]), statefulSet: statefulSet(plan, engines[engine]) };
    };
    const { files, statefulSet: brokers } = withSecret('Kafka', 'one');
    expect(JSON.stringify([files, brokers, withSecret('Redpanda', 'one')])).not.toContain('s3cret');
    expect(files.data?.['server-2.properties']).toContain(
      'plugin.password=${secrets:/etc/kafka-secrets:plugin.password}\n',
    );
    const { volumes, containers, initContainers } = brokers.spec!.template.spec!;
    expect(volumes).toContainEqual({
      name: 'secrets',
      projected: {
        defaultMode: 0o440,
        sources: [{ secret: { name: 'plugin', items: [{ key: 'pass', path: 'plugin.password' }] } }],
      },
    });
    for (const { volumeMounts } of [...containers, ...initContainers!]) {
      expect(volumeMounts).toContainEqual({ name: 'secrets', mountPath: '/etc/kafka-secrets', readOnly: true });
    }
    const template = (engine: RunEngine, hash: string) => withSecret(engine, hash).statefulSet.spec?.template;
    expect(template('Kafka', 'two')).not.toEqual(template('Kafka', 'one'));
    expect(template('Redpanda', 'two')).toEqual(template('Redpanda', 'one'));
  });

  it('roll brokers for other certificates', () => {
    const security = { engine: 'Kafka', security: {} } as const;
    expect(render(security, 'other').statefulSet.spec?.template).not.toEqual(
      render(security).statefulSet.spec?.template,
    );
    expect(hashOf(security)).not.toBe(hashOf({ engine: 'Kafka' }));
  });

  it('write numbers that JavaScript cannot hold by the same digits', () => {
    const config = { number: 9223372036854775807n };
    expect(render({ engine: 'Kafka', config }).configMap.data?.['server-0.properties']).toContain(
      'number=9223372036854775807\n',
    );
    expect(render({ engine: 'Redpanda', config }).configMap.data?.['bootstrap.yaml']).toContain(
      'number: 9223372036854775807\n',
    );
  });

  it.each(['Kafka', 'Redpanda'] as const)('roll %s brokers for a change, not for further brokers', (engine) => {
    const hash = hashOf({ engine });
    expect(hashOf({ engine, brokers: 5 })).toBe(hash);
    const resources = { limits: { cpu: '3', memory: '6Gi' } };
    const externalAccess = { host: 'kafka.example.org', firstPort: 9094 };
    for (const change of [{ resources }, { externalAccess }]) expect(hashOf({ engine, ...change })).not.toBe(hash);
  });

  it('roll Kafka brokers for a change of a property, and do not roll Redpanda, which takes it as it runs', () => {
    const kafka = { engine: 'Kafka', config: { 'num.io.threads': 4 } } as const;
    const redpanda = { engine: 'Redpanda', config: { log_segment_size: 1_000_000 } } as const;
    expect(hashOf(kafka)).not.toBe(hashOf({ engine: 'Kafka' }));
    expect(hashOf(redpanda)).toBe(hashOf({ engine: 'Redpanda' }));
  });
});
