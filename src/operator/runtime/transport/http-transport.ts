import type { IncomingMessage } from 'node:http';
import type { Agent } from 'node:https';
import { systemClock, type Clock } from '../../../lib/clock.ts';
import { stringifyExactJson } from '../../../lib/exact-json.ts';
import { isExpected } from '../../../lib/errors.ts';
import { drain, largestAnswerBytes, parseAnswer, readAnswer, readRefusal } from './answer.ts';
import type { ApiServer, Credentials } from './api-server.ts';
import { FreshConnections } from './connections.ts';
import { exchange } from './exchange.ts';
import { redirectError, statusError, transportError, type Status } from './kubernetes-error.ts';
import { Patience } from './retry-after.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  /** Called right before anything is sent; what it throws is thrown instead. */
  readonly beforeSending?: () => void;
}

/** Told of each answer: the HTTP status, or `<error>` where none came, and the time until its head was there. */
export type RequestObserver = (method: string, code: string, seconds: number) => void;

export interface HttpTransportOptions {
  readonly onAnswer?: RequestObserver;
  readonly clock?: Clock;
  /** How long an answer may take. */
  readonly answerMilliseconds?: number;
  /** How large an answer may be; streams are not counted, whose readers bound each piece that they keep. */
  readonly answerBytes?: number;
  /** How many requests may be under way at once; further ones wait. Streams are not counted. */
  readonly connections?: number;
}

/**
 * HTTPS to the API server, on connections that stay open; the client library's own HTTP layer (2.0.1) opens one a
 * request. A request that the server refuses for now is sent again when it says; one whose credentials it refuses is
 * sent once more, with credentials read anew. No redirect is followed, and no answer read beyond a limit.
 */
export class HttpTransport {
  readonly #onAnswer: RequestObserver;
  readonly #clock: Clock;
  readonly #answerMilliseconds: number;
  readonly #answerBytes: number;
  readonly #address: { readonly hostname: string; readonly port: string; readonly path: string };
  readonly #connections: FreshConnections;

  constructor(apiServer: ApiServer, options: HttpTransportOptions = {}) {
    const { onAnswer = () => {}, clock = systemClock, answerMilliseconds = 30_000, connections = 32 } = options;
    const { hostname, port, pathname } = new URL(apiServer.url);
    this.#address = { hostname, port, path: pathname.replace(/\/$/, '') };
    this.#connections = new FreshConnections(apiServer, connections);
    this.#onAnswer = onAnswer;
    this.#clock = clock;
    this.#answerMilliseconds = answerMilliseconds;
    this.#answerBytes = options.answerBytes ?? largestAnswerBytes;
  }

  /**
   * @returns the body of the answer, parsed
   * @throws {ExpectedError} with a KubernetesErrorCode, or what `beforeSending` throws
   */
  async send(asked: HttpRequest): Promise<unknown> {
    try {
      const response = await this.#open(asked, 'requests');
      return parseAnswer(await readAnswer(response, this.#answerBytes, describe(asked)), describe(asked));
    } catch (error) {
      throw mapped(error, asked);
    }
  }

  /** The answer's body as it arrives, in pieces of text. The caller's signal ends it; `onOpen` is called at its head. */
  async *stream(asked: HttpRequest, signal: AbortSignal, onOpen?: () => void): AsyncGenerator<string> {
    try {
      const response = await this.#open(asked, 'streams', signal);
      onOpen?.();
      response.setEncoding('utf8');
      for await (const piece of response) yield piece as string;
    } catch (error) {
      throw mapped(error, asked);
    }
  }

  close(): void {
    this.#connections.close();
  }

  /** The answer, after as many attempts as it takes, to be read by the caller. */
  async #open(asked: HttpRequest, pool: Pool, signal?: AbortSignal): Promise<IncomingMessage> {
    const patience = new Patience(this.#clock);
    let response = await this.#attempt(asked, pool, signal);
    if (response.statusCode === 401) response = await this.#attempt(asked, pool, signal, response);
    while (await patience.wait(response, signal)) response = await this.#attempt(asked, pool, signal, response);
    const { statusCode = 500 } = response;
    if (statusCode < 300) return response;
    const request = describe(asked);
    if (statusCode < 400) {
      drain(response);
      throw redirectError(statusCode, request);
    }
    throw statusError(await readStatus(response, statusCode, request), request);
  }

  /** @param refusal the answer to the attempt before: it is read to its end, so that its connection can be used again */
  async #attempt(
    asked: HttpRequest,
    pool: Pool,
    signal = AbortSignal.timeout(this.#answerMilliseconds),
    refusal?: IncomingMessage,
  ): Promise<IncomingMessage> {
    if (refusal) drain(refusal);
    const connections = await this.#connections.get();
    const response = await this.#exchange(asked, connections[pool], connections.headers, signal);
    if (response.statusCode === 401) this.#connections.refused(connections);
    return response;
  }

  async #exchange(
    asked: HttpRequest,
    agent: Agent,
    credentials: Credentials['headers'],
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { method, contentType = 'application/json' } = asked;
    const body = asked.body === undefined ? undefined : stringifyExactJson(asked.body);
    const headers = {
      ...credentials,
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
    };
    const { hostname, port, path } = this.#address;
    const options = { method, hostname, port, path: path + target(asked), headers, agent, signal };
    const startedAt = performance.now();
    const answered = (code: string) => this.#onAnswer(method, code, (performance.now() - startedAt) / 1000);
    try {
      const response = await exchange(options, body, asked.beforeSending);
      answered(String(response.statusCode));
      return response;
    } catch (error) {
      answered('<error>');
      throw error;
    }
  }
}

type Pool = 'requests' | 'streams';

const describe = ({ method, path }: HttpRequest) => `${method} ${path}`;

function target({ path, query = {} }: HttpRequest): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

/** Proxies in between, and a server that is going down, answer in plain text: that much of it goes into a message. */
const plainCharacters = 1_000;

async function readStatus(response: IncomingMessage, code: number, request: string): Promise<Status> {
  const body = await readRefusal(response, request);
  if (body === undefined) return { code };
  try {
    return { code, ...(JSON.parse(body) as Status) };
  } catch {
    return { code, message: body.trim().slice(0, plainCharacters) };
  }
}

function mapped(thrown: unknown, asked: HttpRequest): Error {
  if (isExpected(thrown)) return thrown;
  // Node throws nothing but errors. It reports an abort by one of its own, whose cause is the reason of the signal.
  const error = thrown as Error;
  return transportError(error.name === 'AbortError' && error.cause ? (error.cause as Error) : error, describe(asked));
}
