import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ensure } from '../../localcluster/cache.ts';
import { createCertificateAuthority } from '../../localcluster/certificates.ts';
import { startControlPlane, type ControlPlane } from '../../localcluster/parts/control-plane.ts';
import { Part } from '../../localcluster/parts/part.ts';
import { findPlace, startIn, type Place } from '../../localcluster/parts/place.ts';
import { readSettings } from '../../localcluster/settings.ts';
import { commandLine, type CommandLine } from '../support/command-line.ts';
import { eventually } from '../support/kubernetes.ts';
import { cloudNativePg } from './programs.ts';

const namespace = 'kafka-events';
const example = 'examples/10-cloudnative-pg/database.yaml';

let controlPlane: ControlPlane;
let line: CommandLine;
let place: Place;
let operator: Part;

/** The operator itself, on an API server without nodes: it creates everything, and no pod runs. */
beforeAll(async () => {
  const folder = await ensure(readSettings(), cloudNativePg);
  controlPlane = await startControlPlane();
  line = await commandLine(controlPlane.kubeconfigFile);
  place = await findPlace('cloudnative-pg', 2);
  for (const name of [namespace, 'cnpg-system']) await line.kubectl(['create', 'namespace', name]);
  await line.kubectl(['apply', '--server-side', `--filename=${join(folder, 'crds.yaml')}`]);
  await line.kubectl(['wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s']);
  await startIn(place, [], () => startOperator(folder));
}, 1_500_000);
afterAll(async () => {
  await place?.leave(operator ? [operator] : []);
  await controlPlane?.stop();
});

async function startOperator(folder: string): Promise<void> {
  const [webhooks = 0, metrics = 0] = place.ports;
  const authority = await createCertificateAuthority('webhooks');
  const { certificate, privateKey } = await authority.issue({ commonName: 'webhooks', hosts: ['127.0.0.1'] });
  const certificates = join(place.folder, 'certificates');
  await mkdir(certificates);
  await writeFile(join(certificates, 'apiserver.crt'), certificate);
  await writeFile(join(certificates, 'apiserver.key'), privateKey);
  // Where its image has itself for each architecture, to copy into the pods of the database.
  await mkdir(join(place.folder, 'operator'));
  await symlink(join(folder, 'manager'), join(place.folder, 'operator/manager_amd64'));
  operator = new Part({
    name: 'cloudnative-pg',
    command: [
      join(folder, 'manager'),
      'controller',
      `--webhook-port=${webhooks}`,
      `--metrics-bind-address=127.0.0.1:${metrics}`,
    ],
    environment: {
      KUBECONFIG: controlPlane.kubeconfigFile,
      OPERATOR_NAMESPACE: 'cnpg-system',
      OPERATOR_IMAGE_NAME: 'cloudnative-pg',
      WEBHOOK_CERT_DIR: certificates,
    },
    folder: place.folder,
    isReady: async (part) => (await part.readLog()).includes('Serving webhook server'),
  });
  await operator.start();
  const manifests = await readFile(join(folder, 'webhooks.yaml'), 'utf8');
  const configurations = parseAllDocuments(manifests).map((document) => {
    const configuration = document.toJS() as { webhooks: { clientConfig: { service: { path: string } } }[] };
    const here = configuration.webhooks.map(({ clientConfig, ...webhook }) => ({
      ...webhook,
      clientConfig: {
        url: `https://127.0.0.1:${webhooks}${clientConfig.service.path}`,
        caBundle: Buffer.from(authority.certificate).toString('base64'),
      },
    }));
    return JSON.stringify({ ...configuration, webhooks: here });
  });
  await line.kubectl(['apply', '--filename=-'], configurations.join('\n---\n'));
}

it('its webhooks refuse a volume of no size, and take the example, with their defaults', async () => {
  const text = await readFile(example, 'utf8');
  const wrong = text.replace('size: 10Gi', 'size: much');
  expect(wrong).not.toBe(text);
  const apply = (manifest: string) => line.kubectl(['apply', `--namespace=${namespace}`, '--filename=-'], manifest);
  // An API server calls a new webhook after a moment.
  await eventually(() => expect(apply(wrong)).rejects.toThrow(/spec\.storage\.size/));
  await apply(text);
  const cluster = JSON.parse(
    await line.kubectl(['get', 'cluster.postgresql.cnpg.io/tasks', `--namespace=${namespace}`, '--output=json']),
  ) as { spec: object };
  expect(cluster.spec).toMatchObject({
    instances: 3,
    bootstrap: { initdb: { database: 'app', owner: 'app' } },
    imageName: expect.stringContaining('postgresql:'),
  });
});

it('the operator creates the Secrets that docs/backup.md and the example for the workloads name', async () => {
  const uri = await secretValue('tasks-app', 'uri');
  expect(uri).toMatch(/^postgresql:\/\/app:[^@]+@tasks-rw\.kafka-events:5432\/app$/);
  const authority = new X509Certificate(await secretValue('tasks-ca', 'ca.crt'));
  const server = new X509Certificate(await secretValue('tasks-server', 'tls.crt'));
  // What PGSSLMODE=verify-full verifies, with the authority that the pods are given.
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(server.checkHost(new URL(uri).hostname)).toBe(new URL(uri).hostname);
  await line.kubectl(['get', 'service/tasks-rw', `--namespace=${namespace}`]);
});

it('the operator goes on to the first instance', async () => {
  await eventually(() => line.kubectl(['get', 'job/tasks-1-initdb', `--namespace=${namespace}`]));
  const log = await operator.readLog();
  const errors = log.split('\n').filter((text) => text.includes('"level":"error"'));
  expect(errors).toEqual([]);
});

const secretValue = (name: string, key: string) =>
  eventually(async () => {
    const text = await line.kubectl(['get', `secret/${name}`, `--namespace=${namespace}`, '--output=json']);
    const value = (JSON.parse(text) as { data: Record<string, string> }).data[key];
    expect(value).toBeDefined();
    return Buffer.from(value!, 'base64').toString();
  });
