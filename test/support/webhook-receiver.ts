import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  /** The header webhook-id. */
  readonly id: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the monotonic clock, in milliseconds. */
  readonly at: number;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is answered to a request; undefined for nothing at all. */
export type Answering = (request: ReceivedRequest) => Answer | undefined | Promise<Answer | undefined>;

/** An HTTP server as somebody has it who receives webhooks. */
export interface WebhookReceiver {
  readonly port: number;
  /** All requests, in the order in which they came. */
  readonly requests: ReceivedRequest[];
  answer: Answering;
  close(): Promise<void>;
}

/** @param tls to be spoken to by HTTPS */
export async function startReceiver(tls?: { readonly cert: string; readonly key: string }): Promise<WebhookReceiver> {
  const receiver = {
    port: 0,
    requests: [] as ReceivedRequest[],
    answer: (() => ({ status: 204 })) as Answering,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse) => void receive(receiver, request, response);
  const server = tls ? createSecureServer(tls, onRequest) : createServer(onRequest);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  receiver.port = (server.address() as AddressInfo).port;
  return receiver;
}

async function receive(receiver: WebhookReceiver, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const received = {
    id: String(request.headers['webhook-id']),
    path: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
    at: performance.now(),
  };
  receiver.requests.push(received);
  const answer = await receiver.answer(received);
  if (answer) response.writeHead(answer.status, { ...answer.headers }).end('thank you');
}
