import { parse } from 'yaml';
import type { ApiServer, Credentials } from '../transport/api-server.ts';
import { HttpTransport } from '../transport/http-transport.ts';
import { KubernetesClient } from '../transport/kubernetes-client.ts';

/** A client of the API server that a kubeconfig leads to, to be closed at the end of the tests. */
export interface Connection {
  readonly client: KubernetesClient;
  /** For whatever the client has no method for. */
  readonly transport: HttpTransport;
  readonly close: () => void;
}

/**
 * @param kubeconfig the text of the file, complete in itself: `kubectl config view --raw --flatten --minify` prints one
 * @throws {Error} if its user has neither a certificate nor a token there
 */
export function connect(kubeconfig: string): Connection {
  const transport = new HttpTransport(apiServerFrom(kubeconfig));
  return { client: new KubernetesClient(transport), transport, close: () => transport.close() };
}

interface Kubeconfig {
  readonly 'current-context': string;
  readonly contexts: readonly Named<{ readonly context: { readonly cluster: string; readonly user: string } }>[];
  readonly clusters: readonly Named<{ readonly cluster: { readonly server: string; readonly [caKey]?: string } }>[];
  readonly users: readonly Named<{ readonly user: User }>[];
}
type Named<T> = T & { readonly name: string };

const caKey = 'certificate-authority-data';

interface User {
  readonly 'client-certificate-data'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
}

/**
 * Reads the file itself: the client library, which knows every kind of kubeconfig, takes seconds to load in each test file.
 *
 * @param kubeconfig as for `connect`
 */
export function apiServerFrom(kubeconfig: string): ApiServer {
  const { contexts, clusters, users, ...file } = parse(kubeconfig) as Kubeconfig;
  const { context } = named(contexts, file['current-context']);
  const { cluster } = named(clusters, context.cluster);
  const credentials = credentialsOf(named(users, context.user).user, cluster[caKey]);
  return { url: cluster.server, readCredentials: () => Promise.resolve(credentials) };
}

function named<T>(entries: readonly Named<T>[], name: string): T {
  const found = entries.find((entry) => entry.name === name);
  if (!found) throw new Error(`the kubeconfig has no entry "${name}"`);
  return found;
}

function credentialsOf(user: User, ca: string | undefined): Credentials {
  const { 'client-certificate-data': cert, 'client-key-data': key, token } = user;
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw new Error('the kubeconfig holds neither a certificate nor a token');
  }
  const headers: Record<string, string> = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return { tls: { ca: decode(ca), cert: decode(cert), key: decode(key) }, headers };
}

const decode = (data: string | undefined) => (data === undefined ? undefined : Buffer.from(data, 'base64').toString());
