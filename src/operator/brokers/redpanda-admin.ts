import http from 'node:http';
import https from 'node:https';
import type { KafkaConnection } from '../../kafka/connection.ts';
import { answerTo } from '../../lib/answer-to.ts';
import { readText } from '../../lib/bounded-text.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { parseExactJson, stringifyExactJson } from '../../lib/exact-json.ts';
import type { BeforeOutsideWrite } from './outside-write.ts';

export type RedpandaAdminErrorCode =
  /** No answer, or one that says that the broker cannot answer now. Retryable. */
  | 'AdminUnavailable'
  /** Another broker is to be asked. Retryable. */
  | 'AdminElsewhere'
  /** The broker understood the request, and refuses it; `message` is its answer. */
  | 'AdminRefused'
  /** There is nothing at that path: a release before it, or an id that is none. */
  | 'AdminMissing';

export interface RedpandaAdminOptions {
  readonly beforeWrite: BeforeOutsideWrite;
  /** For a whole request, from the connection to the last byte of the answer. */
  readonly timeoutMilliseconds?: number;
  /** How the brokers are verified, and how the operator proves who it is; plain HTTP when left out. */
  readonly tls?: KafkaConnection['tls'] | undefined;
}

/** The whole configuration of a cluster has less than a tenth of this, in bytes. */
const longestAnswer = 1024 * 1024;
/** A refusal is shown to people, in characters. */
const longestRefusal = 1000;

/**
 * The admin API of Redpanda, a request at a time. Redirects are not followed: a broker's name for another one is not
 * believed, and the operator knows all of them. With TLS, `http:` in an address stands for `https:`.
 *
 * @throws {ExpectedError} with a RedpandaAdminErrorCode, or what `beforeWrite` throws
 */
export class RedpandaAdmin {
  readonly #options: RedpandaAdminOptions;

  constructor(options: RedpandaAdminOptions) {
    this.#options = options;
  }

  /** The same for brokers that are connected to in this way. */
  through(tls: KafkaConnection['tls']): RedpandaAdmin {
    return new RedpandaAdmin({ ...this.#options, tls });
  }

  get(url: string): Promise<unknown> {
    return this.#ask(url, 'GET');
  }

  put(url: string, body: unknown): Promise<unknown> {
    this.#options.beforeWrite();
    return this.#ask(url, 'PUT', stringifyExactJson(body));
  }

  delete(url: string): Promise<unknown> {
    this.#options.beforeWrite();
    return this.#ask(url, 'DELETE');
  }

  async #ask(url: string, method: string, body?: string): Promise<unknown> {
    const { tls, timeoutMilliseconds = 5_000 } = this.#options;
    try {
      const options = {
        ...{ method, agent: false, signal: AbortSignal.timeout(timeoutMilliseconds) },
        ...(body !== undefined && { headers: { 'content-type': 'application/json' } }),
      };
      const request = tls
        ? https.request(url.replace(/^http:/, 'https:'), { ...options, ...tlsOptions(tls) })
        : http.request(url, options);
      const answered = answerTo(request);
      request.end(body);
      const response = await answered;
      const answer = await readText(response as AsyncIterable<Buffer>, longestAnswer, tooLong);
      throwUnlessOk(response.statusCode ?? 0, answer);
      return answer === '' ? undefined : parseExactJson(answer);
    } catch (error) {
      if (error instanceof ExpectedError) throw error;
      throw unavailable('its response is malformed', error);
    }
  }
}

const tlsOptions = ({ ca, clientCertificate }: NonNullable<KafkaConnection['tls']>): https.RequestOptions => ({
  ...(ca !== undefined && { ca }),
  ...(clientCertificate && { cert: clientCertificate.certificate, key: clientCertificate.privateKey }),
});

const tooLong = () => unavailable(`its answer is longer than ${longestAnswer} bytes`);

function throwUnlessOk(status: number, body: string): void {
  if (status < 300) return;
  if (status < 400) throw error('AdminElsewhere', 'it redirects to another broker');
  if (status >= 500 || status === 429) throw unavailable(`it responds with status ${status}`);
  if (status === 404) throw error('AdminMissing', 'it does not know this request');
  const answer = body.trim().slice(0, longestRefusal);
  throw error('AdminRefused', answer === '' ? `status ${status}` : answer);
}

const unavailable = (message: string, cause?: unknown) => error('AdminUnavailable', message, cause);

const error = (code: RedpandaAdminErrorCode, message: string, cause?: unknown) =>
  new ExpectedError(code, message, { retryable: code !== 'AdminRefused' && code !== 'AdminMissing', cause });
