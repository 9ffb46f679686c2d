import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { apiServerFrom } from '../../src/operator/runtime/testing/connection.ts';
import { servingCertificate } from '../support/faulty-proxy.ts';
import type { Kubernetes } from '../support/kubernetes.ts';
import { portOf } from '../support/through.ts';
import { Lag } from './lag.ts';
import type { Random } from '../support/random.ts';
import { expiredEvent, relayWatch, type WatchFigures } from './watch-relay.ts';
import type { Weather } from './weather.ts';
import type { WriteLog } from './write-log.ts';

/** What became of requests other than watches, counted. */
export interface RequestFigures {
  requests: number;
  lost: number;
  unanswered: number;
  refused: number;
}

export const noRequestFigures = (): RequestFigures => ({ requests: 0, lost: 0, unanswered: 0, refused: 0 });

export interface UnreliableProxyOptions {
  readonly kubernetes: Kubernetes;
  /** Whose way it is. */
  readonly identity: string;
  readonly random: Random;
  readonly weather: Weather;
  readonly writes: WriteLog;
  readonly figures: { readonly watches: WatchFigures; readonly requests: RequestFigures };
}

/** One operator's way to the API server, on which watches are late and requests are lost. Not the API server itself. */
export interface UnreliableProxy {
  readonly port: number;
  /** Ends it at once: nothing more reaches the API server, as from a process that was killed. */
  stop(): Promise<void>;
}

/** Requests are held up for as long at most, in milliseconds, each way. */
const longestRequestDelay = 100;

export async function startUnreliableProxy(options: UnreliableProxyOptions): Promise<UnreliableProxy> {
  const { kubernetes, identity, random, weather, writes, figures } = options;
  const { tls } = await apiServerFrom(kubernetes.controlPlane.kubeconfig).readCredentials();
  const agent = new Agent({ ...tls, keepAlive: true });
  const onward = { agent, hostname: '127.0.0.1', port: portOf(kubernetes) };
  const kinds = new Map<string, { readonly lag: Lag; readonly random: Random; readonly requests: Random }>();
  let isStopped = false;

  const chanceOf = (kind: string) => {
    const known = kinds.get(kind);
    if (known) return known;
    const own = random.of(kind);
    const lag = new Lag(own.of('lag'), weather.longestDelayMilliseconds);
    const made = { lag, random: own.of('watches'), requests: own.of('requests') };
    kinds.set(kind, made);
    return made;
  };

  const watch = async (incoming: IncomingMessage, outgoing: ServerResponse, kind: string) => {
    const chance = chanceOf(kind);
    if (!weather.isCalm && chance.random.chance(0.05)) {
      figures.watches.expired += 1;
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(`${expiredEvent}\n`);
      return;
    }
    const asked = send(onward, incoming);
    outgoing.on('close', () => asked.destroy());
    asked.end();
    const [upstream] = (await once(asked, 'response')) as [IncomingMessage];
    outgoing.writeHead(upstream.statusCode!, { 'content-type': upstream.headers['content-type'] ?? '' });
    outgoing.flushHeaders();
    await relayWatch(upstream, outgoing, { ...chance, weather, figures: figures.watches });
  };

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse, url: URL, kind: string) => {
    const arrivedAt = performance.now();
    const { requests: chance } = chanceOf(kind);
    const body = await buffer(incoming);
    const method = incoming.method!;
    const fate = weather.isCalm ? 'answered' : chance.weighted({ answered: 94, lost: 2, unanswered: 3, refused: 1 });
    const [before, after] = [chance.between(0, longestRequestDelay), chance.between(0, longestRequestDelay)];
    figures.requests.requests += 1;
    if (fate !== 'answered') figures.requests[fate] += 1;
    await weather.delay(before);
    if (isStopped || fate === 'lost') return outgoing.destroy();
    if (fate === 'refused') return outgoing.writeHead(503, { 'retry-after': '1' }).end('The lab says so.');
    const path = url.pathname;
    const written = method === 'GET' ? undefined : await writes.begin({ identity, method, path, body, arrivedAt });
    if (isStopped) return outgoing.destroy();
    const asked = send(onward, incoming);
    asked.end(body);
    const [upstream] = (await once(asked, 'response')) as [IncomingMessage];
    const answer = await buffer(upstream);
    written?.({ status: upstream.statusCode!, body: answer, isAnswered: fate === 'answered' && !isStopped });
    await weather.delay(after);
    if (isStopped || fate === 'unanswered') return outgoing.destroy();
    outgoing.writeHead(upstream.statusCode!, upstream.headers).end(answer);
  };

  const server = createServer(await servingCertificate(kubernetes), (incoming, outgoing) => {
    const url = new URL(incoming.url!, 'https://localhost');
    const kind = kindOf(url.pathname);
    const handle = async () => {
      await weather.passes();
      await (url.searchParams.get('watch') === 'true'
        ? watch(incoming, outgoing, kind)
        : pass(incoming, outgoing, url, kind));
    };
    // Either side may go away at any time.
    handle().catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      if (isStopped) return;
      isStopped = true;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      agent.destroy();
    },
  };
}

function send(onward: RequestOptions, { method, url: path, headers }: IncomingMessage) {
  // Answers are read, so they must be text.
  const asked = request({ ...onward, method, path, headers: { ...headers, 'accept-encoding': 'identity' } });
  // Whoever waits for the answer is told by `once`; later there may be nobody.
  return asked.on('error', () => {});
}

/** The resource that a path names: `pods` of /api/v1/namespaces/x/pods/y. */
export function kindOf(path: string): string {
  const [, ...parts] = path.split('/');
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  return (rest[0] === 'namespaces' && rest.length > 2 ? rest[2] : rest[0]) ?? '';
}
