import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Clock } from './clock.ts';
import { answerTo } from './answer-to.ts';
import { ExpectedError, isExpected, toError } from './errors.ts';
import { checkedLookup, type AddressRules } from './address-rules.ts';

export interface TargetOptions {
  readonly url: URL;
  readonly rules: AddressRules;
  /** For a whole request, from the look at the name to the end of the answer. */
  readonly timeoutMilliseconds: number;
  readonly clock: Clock;
}

export interface TargetAnswer {
  readonly status: number;
  /** The header as it came. */
  readonly retryAfter: string | undefined;
}

/** How long the answer asks to wait, in milliseconds: by seconds, or a date of HTTP; 0 when it does not. */
export function retryAfterMilliseconds({ retryAfter }: TargetAnswer, now: Date): number {
  if (retryAfter === undefined) return 0;
  const milliseconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now.getTime();
  return Math.max(0, milliseconds || 0);
}

/** An address that somebody outside of this program has chosen. */
export interface Target {
  /**
   * Sends a request, and takes whatever answer comes. Redirections are not followed.
   *
   * @throws {ExpectedError} retryable: AddressRefused, TargetTimeout, TargetUnreachable
   */
  post(headers: Readonly<Record<string, string>>, body: Buffer): Promise<TargetAnswer>;
  close(): void;
}

/** For the name, the connection and TLS together. */
const connectMilliseconds = 5000;
/** Nobody reads the answer's body; up to this size the connection is used again. */
const longestBodyBytes = 64 * 1024;
/** After which a connection without a request is closed. */
const idleMilliseconds = 30_000;

export function createTarget({ url, rules, timeoutMilliseconds, clock }: TargetOptions): Target {
  const isSecure = url.protocol === 'https:';
  const connections = { keepAlive: true, timeout: idleMilliseconds };
  const agent = isSecure ? new https.Agent(connections) : new http.Agent(connections);
  const send = isSecure ? https.request : http.request;
  const lookup = checkedLookup(rules);

  const request = async (headers: Readonly<Record<string, string>>, body: Buffer): Promise<TargetAnswer> => {
    const sending = send(url, {
      method: 'POST',
      agent,
      lookup,
      headers: { ...headers, 'content-length': body.length },
    });
    const done = new AbortController();
    const limit = async (milliseconds: number, what: string, signal: AbortSignal) => {
      await clock.sleep(milliseconds, signal);
      if (!signal.aborted) sending.destroy(timeout(url, what, milliseconds));
    };
    const connected = new AbortController();
    void limit(timeoutMilliseconds, 'answered', done.signal);
    void limit(connectMilliseconds, 'accepted a connection', AbortSignal.any([done.signal, connected.signal]));
    try {
      sending.on('socket', (socket) => {
        if (sending.reusedSocket) connected.abort();
        else socket.once(isSecure ? 'secureConnect' : 'connect', () => connected.abort());
      });
      const answer = answerTo(sending);
      sending.end(body);
      const response = await answer;
      await discard(response);
      return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
    } finally {
      done.abort();
    }
  };

  return {
    post: async (headers, body) => {
      rules.checkHost(url.hostname);
      try {
        return await request(headers, body);
      } catch (error) {
        throw isExpected(error) ? error : unreachable(url, error);
      }
    },
    close: () => agent.destroy(),
  };
}

/** The status has said it all: a body that breaks off, or never ends, changes nothing. */
async function discard(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > longestBodyBytes) break; // which closes the connection
    }
  } catch {
    // as said
  }
}

function timeout({ host }: URL, what: string, milliseconds: number) {
  const message = `${host} has not ${what} within ${milliseconds} ms`;
  return new ExpectedError('TargetTimeout', message, { retryable: true });
}

/** Names the host only: path and query of such an address are often secrets. */
function unreachable({ host }: URL, cause: unknown) {
  const { message, code = '' } = toError(cause) as NodeJS.ErrnoException;
  return new ExpectedError('TargetUnreachable', `${host} cannot be reached: ${message || code}`, {
    retryable: true,
    cause,
  });
}
