import { Agent } from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import type { ApiServer, Credentials } from './api-server.ts';

/** The credentials of the moment, and the connections that were opened with them. */
export interface Connections extends Credentials {
  readonly requests: Agent;
  /** Streams hold their connections for minutes and must not take them from requests. */
  readonly streams: Agent;
}

/** As in client-go: a token is replaced well before it ends. */
const freshMilliseconds = 60_000;
/** Go's servers close idle connections after 90 s. Ours go before, so that none is closed as a request is sent. */
const idleMilliseconds = 45_000;

/** Reads the credentials once a minute, and again when the server refuses them; connections stay while TLS does. */
export class FreshConnections {
  readonly #apiServer: ApiServer;
  readonly #maximum: number;
  #connections: Connections | undefined;
  #reading: Promise<Connections> | undefined;
  #readAt = -Infinity;

  constructor(apiServer: ApiServer, maximum: number) {
    this.#apiServer = apiServer;
    this.#maximum = maximum;
  }

  async get(): Promise<Connections> {
    if (this.#connections && performance.now() - this.#readAt < freshMilliseconds) return this.#connections;
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** Of many requests that are refused together only the first makes the next one read again. */
  refused(connections: Connections): void {
    if (this.#connections === connections) this.#readAt = -Infinity;
  }

  close(): void {
    this.#connections?.requests.destroy();
    this.#connections?.streams.destroy();
  }

  async #read(): Promise<Connections> {
    const { tls, headers } = await this.#apiServer.readCredentials();
    const present = this.#connections;
    const kept = present && isDeepStrictEqual(present.tls, tls) ? present : this.#open(tls);
    this.#readAt = performance.now();
    this.#connections = { ...kept, headers };
    return this.#connections;
  }

  /** TLS is given to the pools rather than to each request: to tell pools apart by certificates costs half a request. */
  #open(tls: Credentials['tls']): Pick<Connections, 'tls' | 'requests' | 'streams'> {
    const requests = new Agent({ ...tls, keepAlive: true, maxSockets: this.#maximum, timeout: idleMilliseconds });
    return { tls, requests, streams: new Agent(tls) };
  }
}
