import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { importJWK, jwtVerify, type JWTPayload } from 'jose';
import { AddressRules } from '../../src/lib/address-rules.ts';
import { toError } from '../../src/lib/errors.ts';
import type { PushNetwork } from '../../src/chat-api/push/push-endpoint.ts';
import { readPushMessage, type BrowserKeys } from './web-push-message.ts';

/** A message, as the browser reads it. */
export interface PushedMessage {
  readonly endpoint: string;
  readonly message: unknown;
  readonly headers: IncomingHttpHeaders;
  /** What the sender says of itself, signed with its key (VAPID). */
  readonly claims: JWTPayload;
  readonly bytes: number;
}

/** What the service answers to the next message instead of taking it. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly retryAfter?: string;
}

export interface PushSubscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/**
 * Stands in for the push service of a browser, which only the internet has, and for the browser itself. It is as strict as
 * the standards allow a real one to be: it takes messages (RFC 8030), checks who has sent them (RFC 8292), and reads them
 * with the browser's keys (RFC 8291).
 */
export interface PushServiceStandIn {
  /** This service and no other. */
  readonly network: PushNetwork;
  readonly received: PushedMessage[];
  /** What was wrong with messages that were refused, but for answers that a test asked for. */
  readonly complaints: string[];
  /** A browser subscribes for the sender with this key: what it would give to the page. */
  subscribe(senderKey: string): PushSubscription;
  /** The browser's user takes the permission back: its endpoint is gone. */
  expire(endpoint: string): void;
  /** The browser is off line: what comes is kept for as long as the sender wants, one message for each topic. */
  disconnect(endpoint: string): void;
  connect(endpoint: string): void;
  /** The next messages to the endpoint are answered so, one after another. */
  answer(endpoint: string, ...answers: ScriptedAnswer[]): void;
  stop(): Promise<void>;
}

interface Browser {
  readonly keys: BrowserKeys;
  /** Only who has this key may send. */
  readonly senderKey: string;
  readonly answers: ScriptedAnswer[];
  isGone: boolean;
  /** While the browser is off line: what waits for it, by topic. */
  waiting: Map<string, { readonly pushed: PushedMessage; readonly until: number }> | undefined;
}

/** What a push service has to take (RFC 8030, section 7.2): real ones take no more. */
const largestBody = 4096;
/** A token is valid for at most a day (RFC 8292, section 2). */
const longestToken = 24 * 60 * 60;
const urgencies = new Set(['very-low', 'low', 'normal', 'high']);

class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function startPushServiceStandIn(): Promise<PushServiceStandIn> {
  const received: PushedMessage[] = [];
  const complaints: string[] = [];
  const browsers = new Map<string, Browser>();

  const take = async (request: IncomingMessage): Promise<ScriptedAnswer> => {
    const endpoint = `${origin}${request.url ?? ''}`;
    const body = await buffer(request);
    const browser = browsers.get(endpoint);
    if (!browser) return { status: 404 };
    if (browser.isGone) return { status: 410 };
    const { headers } = request;
    const seconds = checkHeaders(request, body);
    const claims = await checkSender(headers, origin, browser.senderKey);
    const scripted = browser.answers.shift();
    if (scripted) return scripted;
    const message: unknown = JSON.parse(readPushMessage(body, browser.keys));
    const pushed = { endpoint, message, headers, claims, bytes: body.length };
    const topic = String(headers['topic'] ?? randomUUID());
    if (browser.waiting) browser.waiting.set(topic, { pushed, until: Date.now() + seconds * 1000 });
    else received.push(pushed);
    return { status: 201 };
  };

  const server = createServer((request, response) => {
    const refuse = (error: unknown): ScriptedAnswer => {
      complaints.push(toError(error).message);
      return { status: error instanceof Refusal ? error.status : 400 };
    };
    void take(request)
      .catch(refuse)
      .then(({ status, retryAfter }) => {
        if (status === 201) response.setHeader('Location', `/message/${randomUUID()}`);
        if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
        response.writeHead(status).end();
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const known = (endpoint: string) => browsers.get(endpoint)!;
  return {
    network: { isEndpoint: (text) => text.startsWith(`${origin}/`), rules: new AddressRules(['127.0.0.1/32']) },
    received,
    complaints,
    subscribe: (senderKey) => {
      const endpoint = `${origin}/${randomUUID()}`;
      const pair = createECDH('prime256v1');
      pair.generateKeys();
      const auth = randomBytes(16);
      browsers.set(endpoint, { keys: { pair, auth }, senderKey, answers: [], isGone: false, waiting: undefined });
      return { endpoint, keys: { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') } };
    },
    expire: (endpoint) => void (known(endpoint).isGone = true),
    disconnect: (endpoint) => void (known(endpoint).waiting = new Map()),
    connect: (endpoint) => {
      const waiting = [...(known(endpoint).waiting?.values() ?? [])];
      known(endpoint).waiting = undefined;
      received.push(...waiting.filter(({ until }) => until > Date.now()).map(({ pushed }) => pushed));
    },
    answer: (endpoint, ...answers) => void known(endpoint).answers.push(...answers),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** @returns for how many seconds the message is to be kept */
function checkHeaders({ method, headers }: IncomingMessage, body: Buffer): number {
  if (method !== 'POST') throw new Refusal(405, 'A message is sent by POST');
  if (body.length > largestBody) throw new Refusal(413, `The message has ${body.length} bytes`);
  if (headers['content-encoding'] !== 'aes128gcm') throw new Refusal(415, 'The message is not encrypted by RFC 8291');
  const { ttl, topic, urgency } = headers;
  if (!/^\d{1,7}$/.test(String(ttl))) throw new Refusal(400, `TTL is ${String(ttl)}`);
  if (topic !== undefined && !/^[-_\w]{1,32}$/.test(String(topic))) throw new Refusal(400, `Topic is ${String(topic)}`);
  if (urgency !== undefined && !urgencies.has(String(urgency))) throw new Refusal(400, `Urgency is ${String(urgency)}`);
  return Number(ttl);
}

async function checkSender({ authorization = '' }: IncomingHttpHeaders, audience: string, senderKey: string) {
  const [, token, key] = /^vapid t=([-\w.]+), ?k=([-\w]+)$/.exec(authorization) ?? [];
  if (token === undefined || key === undefined) throw new Refusal(401, 'Nobody has signed the message');
  if (key !== senderKey) throw new Refusal(403, 'The subscription is of another sender');
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const publicKey = await importJWK({ kty: 'EC', crv: 'P-256', x: x!, y: y! }, 'ES256');
  const options = { audience, algorithms: ['ES256'], requiredClaims: ['exp', 'sub'] };
  const { payload } = await jwtVerify(token, publicKey, options).catch((error: Error) => {
    throw new Refusal(403, error.message);
  });
  if (payload.exp! > Date.now() / 1000 + longestToken) throw new Refusal(403, 'The token is valid for too long');
  if (!/^(?:mailto:\S+@\S+|https:\/\/\S+)$/.test(payload.sub!)) throw new Refusal(403, `Nobody is ${payload.sub!}`);
  return payload;
}
