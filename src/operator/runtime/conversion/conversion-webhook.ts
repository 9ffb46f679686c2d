import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../lib/clock.ts';
import { isExpected, toError } from '../../../lib/errors.ts';
import type { Component } from '../../../lib/lifecycle.ts';
import type { Logger } from '../../../lib/log.ts';
import { parseReview, respond, reviewText } from './conversion-review.ts';
import type { ConvertibleKind } from './convertible-kind.ts';

/** Both in PEM. */
export interface ServingCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface ConversionWebhookOptions {
  readonly kinds: readonly ConvertibleKind[];
  /** 0 takes any free port. */
  readonly port: number;
  /** All addresses if omitted, since the API server connects from outside the pod. */
  readonly host?: string;
  /** Path that reviews are posted to; /convert if omitted. */
  readonly path?: string;
  /** Called at start and once a minute, because certificates are replaced while a program runs. */
  readonly readCertificate: () => Promise<ServingCertificate>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const mebibyte = 1024 ** 2;
/** The API server accepts objects of up to 3 MiB, and wraps them in a review. */
const longestBody = 3 * mebibyte + 64 * 1024;
/** Limit for all bodies that are being processed at once. */
const mostBodies = 64 * mebibyte;
const mostConnections = 256;
/** From the head of a request to the end of its answer. The API server itself waits for 30 s. */
const exchangeMilliseconds = 10_000;
const headMilliseconds = 5_000;
/** More than the API server keeps an idle connection, so that it never sends into one that closes. */
const idleMilliseconds = 120_000;
const renewalMilliseconds = 60_000;
/** Failures that are remembered, so that an object which many read is reported once. */
const mostReported = 1_000;

/**
 * Converts objects between the served versions of their kinds, as the API server asks (ConversionReview v1). What cannot
 * be converted is answered with a Failure that says the object, the field and the reason, and `kubectl` shows it.
 */
export class ConversionWebhook implements Component {
  readonly name = 'conversion webhook';
  readonly #options: ConversionWebhookOptions;
  readonly #server: Server;
  readonly #stopping = new AbortController();
  readonly #reported = new Set<string>();
  #renewing: Promise<void> = Promise.resolve();
  #bytesUnderWay = 0;
  #certificate = '';

  constructor(options: ConversionWebhookOptions) {
    this.#options = options;
    const limits = {
      headersTimeout: headMilliseconds,
      requestTimeout: exchangeMilliseconds,
      handshakeTimeout: headMilliseconds,
      keepAliveTimeout: idleMilliseconds,
      connectionsCheckingInterval: 1_000,
    };
    this.#server = createServer(limits, (request, response) => {
      this.#exchange(request, response).catch((error: unknown) => {
        options.logger.debug({ err: toError(error) }, 'A conversion request was cut short');
        response.destroy();
      });
    });
    this.#server.maxConnections = mostConnections;
  }

  /** The port it listens on, once started. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** @throws when the certificate cannot be read or is none, or the port is taken */
  async start(): Promise<void> {
    await this.#readCertificate();
    this.#server.listen(this.#options.port, this.#options.host);
    await once(this.#server, 'listening');
    this.#renewing = this.#renew(this.#stopping.signal);
  }

  /** Finishes requests that have arrived, accepts no new ones, and returns once all connections are closed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#renewing;
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    await closed;
  }

  async #renew(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    for (;;) {
      await clock.sleep(renewalMilliseconds, signal);
      if (signal.aborted) return;
      await this.#readCertificate().catch((error: unknown) => {
        logger.warn({ err: toError(error) }, 'Could not read the serving certificate; the previous one stays');
      });
    }
  }

  async #readCertificate(): Promise<void> {
    const { certificate, privateKey } = await this.#options.readCertificate();
    if (certificate === this.#certificate) return;
    this.#server.setSecureContext({ cert: certificate, key: privateKey });
    this.#certificate = certificate;
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const late = setTimeout(() => request.socket.destroy(), exchangeMilliseconds);
    response.once('close', () => clearTimeout(late));
    const { path = '/convert' } = this.#options;
    if (request.url?.split('?')[0] !== path) return refuse(response, 404, `reviews are posted to ${path}`);
    if (request.method !== 'POST') return refuse(response, 405, 'only POST is allowed', { allow: 'POST' });
    if (Number(request.headers['content-length'] ?? 0) > longestBody) return refuse(response, 413, tooLong);
    const body = await this.#readBody(request, response);
    if (typeof body === 'string') this.#answer(body, response);
    else refuse(response, body.status, body.message);
  }

  #answer(body: string, response: ServerResponse): void {
    try {
      const text = reviewText(respond(this.#options.kinds, parseReview(body), (error) => this.#report(error)));
      // Or else a connection that is kept alive would keep a stop waiting.
      const connection = this.#stopping.signal.aborted ? 'close' : 'keep-alive';
      response.writeHead(200, { 'content-type': 'application/json', connection }).end(text);
    } catch (error) {
      // What is no review has no uid that an answer could carry.
      refuse(response, 400, toError(error).message);
    }
  }

  /** The bytes count until the answer is gone, as they stay in memory so long. */
  async #readBody(request: IncomingMessage, response: ServerResponse): Promise<string | Refusal> {
    const pieces: Buffer[] = [];
    let length = 0;
    response.once('close', () => (this.#bytesUnderWay -= length));
    // Left early, the request must not take the connection down before the refusal is sent.
    for await (const piece of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += piece.length;
      this.#bytesUnderWay += piece.length;
      if (length > longestBody) return { status: 413, message: tooLong };
      if (this.#bytesUnderWay > mostBodies) return { status: 503, message: 'too many conversions at once' };
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  }

  #report(error: Error): void {
    const { logger } = this.#options;
    const isRepeated = this.#reported.has(error.message);
    if (this.#reported.size >= mostReported) this.#reported.clear();
    this.#reported.add(error.message);
    logger[isRepeated ? 'debug' : isExpected(error) ? 'warn' : 'error']({ err: error }, 'Conversion failed');
  }
}

interface Refusal {
  readonly status: number;
  readonly message: string;
}

const tooLong = `a review has ${longestBody} bytes at most`;

/** Whatever is left of the request is not read, so the connection ends here. */
function refuse(response: ServerResponse, status: number, message: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close', ...headers }).end(`${message}\n`);
}
