import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { closingGracefully } from '../../lib/graceful-close.ts';
import type { Component } from '../../lib/lifecycle.ts';
import type { RequestEnvironment } from './request-context.ts';

export interface ServerOptions {
  readonly app: Hono<RequestEnvironment>;
  /** 0 takes any free port. */
  readonly port: number;
  /** All addresses when left out. */
  readonly host?: string | undefined;
  /** Called when the program stops, before requests are waited for: ends the live connections. */
  readonly endStreams: () => void;
}

export interface HttpServer extends Component {
  /** The port it listens on, once started. */
  readonly port: number;
}

/** How long a client may take to send its request, in milliseconds. */
const requestMilliseconds = 30_000;

/** Stopping takes no new connections, ends the streams, and waits for the requests that are being answered. */
export function createServer({ app, port, host, endStreams }: ServerOptions): HttpServer {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.requestTimeout = requestMilliseconds;
  const close = closingGracefully(server);
  return {
    name: 'http server',
    get port() {
      return (server.address() as AddressInfo).port;
    },
    start: async () => {
      server.listen(port, host);
      await once(server, 'listening');
    },
    stop: async () => {
      const closed = close();
      endStreams();
      await closed;
    },
  };
}
