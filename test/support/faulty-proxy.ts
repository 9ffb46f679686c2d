import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { apiServerOf } from '../../src/operator/runtime/transport/kubeconfig.ts';
import { kubeConfigOf, type Kubernetes } from './kubernetes.ts';
import { portOf } from './through.ts';

/** An answer that the API server gives when it is busy, restarts or has forgotten, which a test can hardly make it give. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A way to the API server that refuses some requests in its place, and holds others up. Not the API server itself. */
export interface FaultyProxy {
  readonly port: number;
  /** Every request that came, as `GET /api/v1/configmaps?limit=500`. */
  readonly seen: readonly string[];
  /** The next requests that match are refused: one for each of the refusals. */
  refuse(matching: RegExp, ...refusals: readonly Refusal[]): void;
  /** Requests that match are passed on no sooner than the returned function is called. */
  hold(matching: RegExp): () => void;
  stop(): Promise<void>;
}

export async function startFaultyProxy(kubernetes: Kubernetes): Promise<FaultyProxy> {
  const seen: string[] = [];
  const refusals: { readonly matching: RegExp; readonly refusal: Refusal }[] = [];
  const holds: { readonly matching: RegExp; readonly released: Promise<void> }[] = [];
  const pass = await passingOn(kubernetes);
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const line = `${incoming.method} ${incoming.url}`;
    seen.push(line);
    await Promise.all(holds.filter(({ matching }) => matching.test(line)).map(({ released }) => released));
    const index = refusals.findIndex(({ matching }) => matching.test(line));
    if (index < 0) return pass(incoming, outgoing);
    const { status, headers = {}, body = {} } = refusals.splice(index, 1)[0]!.refusal;
    incoming.resume();
    outgoing.writeHead(status, headers).end(JSON.stringify(body));
  };
  const server = createServer(await servingCertificate(kubernetes), (incoming, outgoing) => {
    // Either side may go away at any time.
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    refuse: (matching, ...all) => refusals.push(...all.map((refusal) => ({ matching, refusal }))),
    hold: (matching) => {
      const { promise: released, resolve } = Promise.withResolvers<void>();
      holds.push({ matching, released });
      return resolve;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The API server's own certificate, so that clients take the proxy for it. */
export async function servingCertificate({ controlPlane }: Kubernetes) {
  const file = (name: string) => readFile(join(dirname(controlPlane.kubeconfigFile), 'pki', name));
  return { cert: await file('kube-apiserver.crt'), key: await file('kube-apiserver.key') };
}

/** As a cluster admin, whoever asks. */
async function passingOn(kubernetes: Kubernetes) {
  const { tls } = await apiServerOf(kubeConfigOf(kubernetes.controlPlane.kubeconfig)).readCredentials();
  const agent = new Agent({ ...tls, keepAlive: false });
  const port = portOf(kubernetes);
  return async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const { method, url: path, headers } = incoming;
    const onward = request({ agent, hostname: '127.0.0.1', port, method, path, headers });
    const answered = once(onward, 'response') as Promise<[IncomingMessage]>;
    await pipeline(incoming, onward);
    const [response] = await answered;
    outgoing.writeHead(response.statusCode!, response.headers);
    await pipeline(response, outgoing);
  };
}
