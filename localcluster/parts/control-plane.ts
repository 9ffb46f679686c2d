import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { kubernetesPrograms } from '../artifacts/go-programs.ts';
import { ensure } from '../cache.ts';
import {
  etcd,
  kubeApiServer,
  kubeControllerManager,
  type ControlPlaneOptions,
  type ProcessSpec,
} from '../control-plane.ts';
import { createCredentials, writeCredentials } from '../credentials.ts';
import { readSettings } from '../settings.ts';
import { compactEtcd } from './compact-etcd.ts';
import { answers, type ClientIdentity } from './https-probe.ts';
import { Part, type Program } from './part.ts';
import { findPlace, startIn, type Place } from './place.ts';

/** What an API server is asked for. */
export interface ControlPlaneRequest {
  /** Whether it writes down each request, as a line of JSON (audit.k8s.io/v1 Event, level Metadata). */
  readonly audit?: boolean;
}

/** A Kubernetes API of a test's own, with no nodes: objects are kept, collected and finalized, and no pod ever runs. */
export interface ControlPlane {
  /** A kubeconfig of a cluster admin: its path and its text. */
  readonly kubeconfigFile: string;
  readonly kubeconfig: string;
  readonly apiServer: Part;
  readonly etcd: Part;
  /** Collects garbage, empties deleted namespaces, makes the service accounts; and runs no workload without nodes. */
  readonly controllerManager: Part;
  /** Where the audit log is written, if one was asked for. */
  readonly auditLogFile: string | undefined;
  /** Has etcd forget all that was before, as it does every few minutes. The API server itself remembers a while longer. */
  forgetHistory(): Promise<void>;
  /** No longer keeps this process from ending by itself, which ends all three. */
  unref(): void;
  /** Ends all three; their data is gone. */
  stop(): Promise<void>;
}

/**
 * Ready means that the API server says so, and that the namespace `default` has its service account.
 *
 * @throws {PartError} when one of the programs does not come up
 */
export async function startControlPlane(request: ControlPlaneRequest = {}): Promise<ControlPlane> {
  const kube = join(await ensure(readSettings(), kubernetesPrograms), 'kube');
  const place = await findPlace('control-plane', 3);
  const options = controlPlaneOptions(place, request.audit ?? false);
  const credentials = await createCredentials({
    clusterName: 'test',
    server: `https://127.0.0.1:${options.ports.apiServer}`,
    hosts: [],
  });
  const parts = createParts(kube, options, credentials);
  await startIn(place, Object.values(parts), async () => {
    await writeCredentials(place.folder, credentials);
    if (options.audit) await writeFile(options.audit.policyFile, auditPolicy);
    await Promise.all([parts.etcd.start(), parts.apiServer.start()]);
    await parts.controllerManager.start();
  });
  return {
    ...parts,
    kubeconfigFile: join(place.folder, 'admin.kubeconfig'),
    kubeconfig: credentials.get('admin.kubeconfig')!,
    auditLogFile: options.audit?.logFile,
    forgetHistory: () => compactEtcd(etcdUrl(options), etcdIdentity(credentials)),
    unref: () => {
      place.unref();
      for (const part of [parts.etcd, parts.apiServer, parts.controllerManager]) part.unref();
    },
    stop: () => place.leave(Object.values(parts)),
  };
}

function controlPlaneOptions({ folder, ports }: Place, audit: boolean): ControlPlaneOptions {
  return {
    folder,
    address: '127.0.0.1',
    ports: { apiServer: ports[0]!, etcdClient: ports[1]!, etcdPeer: ports[2]! },
    serviceCidr: '10.96.0.0/16',
    ...(audit && { audit: { policyFile: join(folder, 'audit-policy.yaml'), logFile: join(folder, 'audit.log') } }),
  };
}

const auditPolicy = stringify({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata' }],
});

interface Parts {
  readonly etcd: Part;
  readonly apiServer: Part;
  readonly controllerManager: Part;
}

/** An API server that is stopped ends its watches, where it would otherwise wait a minute for the clients to do so. */
const apiServerFlags = ['--shutdown-watch-termination-grace-period=2s'];

/** The controllers set themselves up in half a second, where the usual limit of 20 requests a second makes it five. */
const controllerManagerFlags = ['--kube-api-qps=1000', '--kube-api-burst=1000'];

/** With few objects in it, a server would collect garbage all the time, at a third of its processor time. */
const environment = { GOGC: '400' };

function createParts(kube: string, options: ControlPlaneOptions, credentials: ReadonlyMap<string, string>): Parts {
  const part = ({ name, args }: ProcessSpec, flags: readonly string[], isReady: Program['isReady']) =>
    new Part({ name, command: [kube, ...args, ...flags], folder: options.folder, environment, isReady });
  const etcdClient = etcdIdentity(credentials);
  const admin = adminIdentity(credentials);
  const apiUrl = `https://127.0.0.1:${options.ports.apiServer}`;
  return {
    etcd: part(etcd(options), [], () => answers(`${etcdUrl(options)}/health`, etcdClient)),
    apiServer: part(kubeApiServer(options), apiServerFlags, () => answers(`${apiUrl}/readyz`, admin)),
    controllerManager: part(kubeControllerManager(options), controllerManagerFlags, () =>
      answers(`${apiUrl}/api/v1/namespaces/default/serviceaccounts/default`, admin),
    ),
  };
}

const etcdUrl = ({ ports }: ControlPlaneOptions) => `https://127.0.0.1:${ports.etcdClient}`;

function etcdIdentity(credentials: ReadonlyMap<string, string>): ClientIdentity {
  const file = (name: string) => credentials.get(`pki/${name}`)!;
  return { ca: file('etcd-ca.crt'), cert: file('etcd-client.crt'), key: file('etcd-client.key') };
}

interface AdminKubeconfig {
  readonly users: [
    { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } },
  ];
}

function adminIdentity(credentials: ReadonlyMap<string, string>): ClientIdentity {
  const kubeconfig = parse(credentials.get('admin.kubeconfig')!) as AdminKubeconfig;
  const { 'client-certificate-data': certificate, 'client-key-data': key } = kubeconfig.users[0].user;
  const decode = (text: string) => Buffer.from(text, 'base64').toString();
  return { ca: credentials.get('pki/ca.crt')!, cert: decode(certificate), key: decode(key) };
}
