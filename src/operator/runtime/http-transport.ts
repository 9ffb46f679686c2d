import type { KubeConfig } from '@kubernetes/client-node';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request, type RequestOptions } from 'node:https';
import { json, text } from 'node:stream/consumers';
import { toError } from '../../lib/errors.ts';
import { statusError, transportError, type Status } from './kubernetes-error.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** Told of each answer: the HTTP status, or `<error>` where none came. */
export type RequestObserver = (method: string, code: string) => void;

const answerMilliseconds = 30_000;

/**
 * HTTPS to the API server, on connections that stay open. The kubeconfig of the client library gives address and
 * credentials; its own HTTP layer opens a connection a request (2.0.1), so the requests are made here.
 */
export class HttpTransport {
  readonly #kubeConfig: KubeConfig;
  readonly #onAnswer: RequestObserver;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });
  /** Streams hold their connections for minutes and must not take them from requests. */
  readonly #streamAgent = new Agent({ keepAlive: false });

  constructor(kubeConfig: KubeConfig, onAnswer: RequestObserver = () => {}) {
    this.#kubeConfig = kubeConfig;
    this.#onAnswer = onAnswer;
  }

  /**
   * @returns the body of the answer, parsed
   * @throws {KafkaEventsError} with a KubernetesErrorCode
   */
  async send(asked: HttpRequest): Promise<unknown> {
    const signal = AbortSignal.timeout(answerMilliseconds);
    try {
      return await json(await this.#open(asked, this.#agent, signal));
    } catch (error) {
      throw mapped(error, asked, signal);
    }
  }

  /** The answer's body as it arrives, in pieces of text. The caller's signal ends it. */
  async *stream(asked: HttpRequest, signal: AbortSignal): AsyncGenerator<string> {
    try {
      const response = await this.#open(asked, this.#streamAgent, signal);
      response.setEncoding('utf8');
      for await (const piece of response) yield piece as string;
    } catch (error) {
      throw mapped(error, asked, signal);
    }
  }

  close(): void {
    this.#agent.destroy();
    this.#streamAgent.destroy();
  }

  async #open(asked: HttpRequest, agent: Agent, signal: AbortSignal): Promise<IncomingMessage> {
    const response = await this.#exchange(asked, agent, signal).catch((error: unknown) => {
      this.#onAnswer(asked.method, '<error>');
      throw error;
    });
    const status = response.statusCode ?? 500;
    this.#onAnswer(asked.method, String(status));
    if (status < 300) return response;
    throw statusError(await readStatus(response, status), describe(asked));
  }

  async #exchange(asked: HttpRequest, agent: Agent, signal: AbortSignal): Promise<IncomingMessage> {
    const body = asked.body === undefined ? undefined : JSON.stringify(asked.body);
    const options: RequestOptions = { headers: {} };
    await this.#kubeConfig.applyToHTTPSOptions(options);
    const outgoing = request(this.#url(asked), {
      ...options,
      agent,
      signal,
      method: asked.method,
      headers: {
        ...options.headers,
        accept: 'application/json',
        ...(body !== undefined && {
          'content-type': asked.contentType ?? 'application/json',
          'content-length': Buffer.byteLength(body),
        }),
      },
    });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return response;
  }

  #url({ path, query = {} }: HttpRequest): URL {
    const server = this.#kubeConfig.getCurrentCluster()?.server;
    if (server === undefined) throw new Error('the kubeconfig names no cluster');
    const url = new URL(server.replace(/\/$/, '') + path);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    return url;
  }
}

const describe = ({ method, path }: HttpRequest) => `${method} ${path}`;

async function readStatus(response: IncomingMessage, code: number): Promise<Status> {
  const body = await text(response);
  try {
    return { code, ...(JSON.parse(body) as Status) };
  } catch {
    // Proxies in between, and a server that is going down, answer in plain text.
    return { code, message: body.trim() };
  }
}

function mapped(thrown: unknown, asked: HttpRequest, signal: AbortSignal): Error {
  const error = toError(thrown);
  if (error.name === 'KafkaEventsError') return error;
  // Node reports an abort by its own error; the signal knows why.
  return transportError(signal.aborted ? toError(signal.reason) : error, describe(asked));
}
