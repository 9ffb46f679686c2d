import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What becomes of a request: it does not get there, its answer does not get back, half of its answer does, the answer
 * takes a while, or nothing is heard of it at all.
 */
export type Fate = 'answered' | 'lost' | 'unanswered' | 'cut' | 'late' | 'silent';

/** A way to a server on which requests and answers get lost. */
export interface UnreliableWay {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** Decides for each request; all are answered unless it is set. */
  fateOf: (incoming: IncomingMessage) => Fate;
  /** Whether the server has another release of the page by now: its service worker is another one. */
  hasNewRelease: boolean;
  /** How often each fate came. */
  readonly figures: Record<Fate, number>;
  /** Cuts all connections, also in the middle of an answer. */
  cut(): void;
  stop(): Promise<void>;
}

/** How long a late answer takes, in milliseconds. */
const late = 700;

export async function startUnreliableWay(target: string): Promise<UnreliableWay> {
  const { hostname, port } = new URL(target);
  const figures = { answered: 0, lost: 0, unanswered: 0, cut: 0, late: 0, silent: 0 };
  const timers = new Set<NodeJS.Timeout>();
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const fate = way.fateOf(incoming);
    figures[fate] += 1;
    const body = await buffer(incoming);
    if (fate === 'silent') return undefined;
    if (fate === 'lost') return outgoing.destroy();
    const { method, url: path, headers: asked } = incoming;
    const isNew = way.hasNewRelease && path === '/service-worker.js';
    const headers = isNew ? { accept: '*/*' } : asked;
    const onward = request({ hostname, port, method, path, headers });
    outgoing.on('close', () => onward.destroy());
    onward.end(body);
    const [response] = (await once(onward, 'response')) as [IncomingMessage];
    if (isNew) {
      outgoing.setHeader('content-type', 'text/javascript');
      return outgoing.end((await buffer(response)).toString().replace('"version":"', '"version":"newer-'));
    }
    if (fate === 'answered') {
      outgoing.writeHead(response.statusCode!, response.headers).flushHeaders();
      return response.pipe(outgoing);
    }
    const answer = await buffer(response);
    if (fate === 'unanswered') return outgoing.destroy();
    if (fate === 'late') await new Promise((resolve) => timers.add(setTimeout(resolve, late)));
    outgoing.writeHead(response.statusCode!, response.headers);
    if (fate === 'late') return outgoing.end(answer);
    return outgoing.write(answer.subarray(0, answer.length / 2), () => outgoing.destroy());
  };
  const server = createServer((incoming, outgoing) => {
    // Either side may go away at any time.
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const way: UnreliableWay = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fateOf: () => 'answered',
    hasNewRelease: false,
    figures,
    cut: () => server.closeAllConnections(),
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return way;
}
