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
  readonly timeoutMilliseconds?: number;
}

/** The whole configuration of a cluster has less than a tenth of this, in bytes. */
const longestAnswer = 1024 * 1024;
/** A refusal is shown to people, in characters. */
const longestRefusal = 1000;

/**
 * The admin API of Redpanda, a request at a time. Redirects are not followed: a broker's name for another one is not
 * believed, and the operator knows all of them.
 *
 * @throws {ExpectedError} with a RedpandaAdminErrorCode, or what `beforeWrite` throws
 */
export class RedpandaAdmin {
  readonly #beforeWrite: BeforeOutsideWrite;
  readonly #timeoutMilliseconds: number;

  constructor({ beforeWrite, timeoutMilliseconds = 5_000 }: RedpandaAdminOptions) {
    this.#beforeWrite = beforeWrite;
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  get(url: string): Promise<unknown> {
    return this.#ask(url, { method: 'GET' });
  }

  put(url: string, body: unknown): Promise<unknown> {
    this.#beforeWrite();
    const headers = { 'content-type': 'application/json' };
    return this.#ask(url, { method: 'PUT', headers, body: stringifyExactJson(body) });
  }

  delete(url: string): Promise<unknown> {
    this.#beforeWrite();
    return this.#ask(url, { method: 'DELETE' });
  }

  async #ask(url: string, options: RequestInit): Promise<unknown> {
    const signal = AbortSignal.timeout(this.#timeoutMilliseconds);
    try {
      const response = await fetch(url, { ...options, signal, redirect: 'manual' });
      const body = await boundedText(response);
      throwUnlessOk(response.status, body);
      return body === '' ? undefined : parseExactJson(body);
    } catch (error) {
      if (error instanceof ExpectedError) throw error;
      throw unavailable('it does not answer as it should', error);
    }
  }
}

async function boundedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += piece.byteLength;
    // Leaving the loop closes the connection.
    if (length > longestAnswer) throw unavailable(`its answer is longer than ${longestAnswer} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function throwUnlessOk(status: number, body: string): void {
  if (status < 300) return;
  if (status < 400) throw error('AdminElsewhere', 'it refers to another broker');
  if (status >= 500 || status === 429) throw unavailable(`it answers with status ${status}`);
  if (status === 404) throw error('AdminMissing', 'it has no such thing');
  const answer = body.trim().slice(0, longestRefusal);
  throw error('AdminRefused', answer === '' ? `status ${status}` : answer);
}

const unavailable = (message: string, cause?: unknown) => error('AdminUnavailable', message, cause);

const error = (code: RedpandaAdminErrorCode, message: string, cause?: unknown) =>
  new ExpectedError(code, message, { retryable: code !== 'AdminRefused' && code !== 'AdminMissing', cause });
