import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { customResourceDefinition } from '../../../src/api/custom-resource-definition.ts';
import { eventTopic } from '../../../src/api/event-topic.ts';
import { applyCrds } from '../../../src/operator/apply-crds.ts';
import { eventTopics } from '../../../src/operator/kinds.ts';
import { namespace, renderChart, titleOf } from '../../support/chart.ts';
import { commandLine, type CommandLine } from '../../support/command-line.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../support/kubernetes.ts';
import { silentLogger } from '../../support/running-manager.ts';
import { serviceAccountKubeconfig } from '../../support/service-account.ts';

let kubernetes: Kubernetes;
let line: CommandLine;

const name = 'eventtopics.kafka-events.dev';
const specSchema = '/spec/versions/0/schema/openAPIV3Schema/properties/spec';
const fields = `${specSchema}/properties`;

beforeAll(async () => {
  kubernetes = await startKubernetes({ fresh: true });
  line = await commandLine(kubernetes.controlPlane.kubeconfigFile);
  await line.kubectl(['create', 'namespace', namespace]);
});
afterAll(() => kubernetes?.stop());

const crd = async () => JSON.parse(await line.kubectl(['get', 'crd', name, '--output=json'])) as LiveCrd;
const patchCrd = (changes: object[]) =>
  line.kubectl(['patch', 'crd', name, '--type=json', `--patch=${JSON.stringify(changes)}`]);

interface LiveCrd {
  readonly metadata: { readonly resourceVersion: string; readonly labels?: object };
  readonly spec: { readonly versions: readonly object[] };
}

/** As an earlier release had it, and Helm left it: one field and the rules less, one that is gone since, and a label of the user's. */
const makeOld = () =>
  patchCrd([
    { op: 'remove', path: `${fields}/replicationFactor` },
    { op: 'remove', path: `${specSchema}/x-kubernetes-validations` },
    { op: 'add', path: `${fields}/replicas`, value: { type: 'integer' } },
    { op: 'add', path: '/metadata/labels', value: { team: 'events' } },
  ]);

const wanted = (customResourceDefinition(eventTopic).spec as LiveCrd['spec']).versions;

describe('applying the CRDs of a release', () => {
  it('brings an old one to it, and keeps what is stored and what others added', async () => {
    await makeOld();
    const metadata = { namespace, name: 'old' };
    const spec = { clusterRef: { name: 'events' }, replicas: 2 };
    await eventually(() => kubernetes.client.create(eventTopics, { metadata, spec } as object));

    await applyCrds({ transport: kubernetes.transport, logger: silentLogger });
    const { spec: now, metadata: crdMetadata } = await crd();
    expect(now.versions).toEqual(wanted);
    expect(crdMetadata.labels).toEqual({ team: 'events' });
    const patch = { spec: { replicationFactor: 1 } };
    await eventually(async () =>
      expect(await kubernetes.client.mergePatch(eventTopics, metadata, patch)).toMatchObject({
        spec: { clusterRef: { name: 'events' }, replicationFactor: 1 },
      }),
    );
  });

  it('changes nothing the second time', async () => {
    const before = await crd();
    await applyCrds({ transport: kubernetes.transport, logger: silentLogger });
    expect((await crd()).metadata.resourceVersion).toBe(before.metadata.resourceVersion);
  });
});

describe("the chart's Job before an upgrade", () => {
  const account = { namespace, name: 'release-apply-crds' };
  let kubeconfig: string;

  beforeAll(async () => {
    const manifests = await renderChart(line);
    const mine = manifests.filter((manifest) => /release-apply-crds(-[0-9a-f]{8})?$/.test(titleOf(manifest)));
    expect(mine.map(({ kind }) => kind).sort()).toEqual(['ClusterRole', 'ClusterRoleBinding', 'Job', 'ServiceAccount']);
    await line.kubectl(['apply', '--filename=-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: mine }));
    kubeconfig = await serviceAccountKubeconfig(kubernetes, account);
  });

  const runProgram = () =>
    execa(process.execPath, ['src/bin/apply-crds.ts'], { env: { KUBECONFIG: kubeconfig }, reject: false });

  it('brings old CRDs to those of the release, and one that is missing', async () => {
    await makeOld();
    await line.kubectl(['delete', 'crd', 'chatapis.kafka-events.dev']);
    const { exitCode, stdout } = await eventually(runProgram);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(name) });
    expect((await crd()).spec.versions).toEqual(wanted);
    await line.kubectl(['get', 'crd', 'chatapis.kafka-events.dev']);
  });

  it('may do nothing else', async () => {
    const own = await commandLine(kubeconfig);
    const can = (...args: string[]) =>
      own.kubectl(['auth', 'can-i', ...args]).then(
        () => true,
        () => false,
      );
    expect(await can('patch', `crd/${name}`)).toBe(true);
    for (const [verb, resource] of [
      ['patch', 'crd/issuers.cert-manager.io'],
      ['delete', `crd/${name}`],
      ['list', 'crd'],
      ['get', 'secrets'],
      ['list', 'eventtopics'],
    ] as const)
      expect({ verb, resource, can: await can(verb, resource) }).toEqual({ verb, resource, can: false });
  });

  it('fails, and says why, where it may not', async () => {
    await line.kubectl(['delete', 'clusterrolebinding', `${namespace}-${account.name}`]);
    const { exitCode, stdout } = await eventually(async () => {
      const result = await runProgram();
      expect(result.exitCode).not.toBe(0);
      return result;
    });
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/forbidden/i) });
  });
});
