import { createDecipheriv, createECDH, hkdfSync, randomBytes, randomUUID, type ECDH } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { importJWK, jwtVerify, type JWTPayload } from 'jose';
import { AddressRules } from '../../src/lib/address-rules.ts';
import type { PushNetwork } from '../../src/chat-api/push/push-endpoint.ts';

/** A message, as the browser reads it. */
export interface PushedMessage {
  readonly endpoint: string;
  readonly message: unknown;
  readonly headers: IncomingMessage['headers'];
  /** What the sender says of itself, signed with its key (VAPID). */
  readonly claims: JWTPayload;
  readonly senderKey: string;
}

/**
 * Stands in for the push service of a browser, which only the internet has, and for the browser itself: takes messages
 * (RFC 8030), checks the sender's signature (RFC 8292) and decrypts them (RFC 8291).
 */
export interface PushServiceStandIn {
  /** This service and no other. */
  readonly network: PushNetwork;
  readonly received: PushedMessage[];
  /** A browser subscribes: what it would give to the page. */
  subscribe(): { readonly endpoint: string; readonly keys: { readonly p256dh: string; readonly auth: string } };
  /** The next messages to the endpoint are answered so, one after another. */
  answer(endpoint: string, ...statuses: number[]): void;
  stop(): Promise<void>;
}

interface BrowserKeys {
  readonly pair: ECDH;
  readonly auth: Buffer;
}

export async function startPushServiceStandIn(): Promise<PushServiceStandIn> {
  const received: PushedMessage[] = [];
  const browsers = new Map<string, BrowserKeys>();
  const answers = new Map<string, number[]>();
  const server = createServer((request, response) => {
    void (async () => {
      const endpoint = `${origin}${request.url ?? ''}`;
      const body = await buffer(request);
      const status = answers.get(endpoint)?.shift() ?? 201;
      const keys = browsers.get(endpoint);
      if (keys && status === 201) {
        const { claims, senderKey } = await verifySender(request, origin);
        const message: unknown = JSON.parse(decrypt(body, keys));
        received.push({ endpoint, message, headers: request.headers, claims, senderKey });
      }
      response.writeHead(keys ? status : 404).end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    network: { isEndpoint: (text) => text.startsWith(`${origin}/`), rules: new AddressRules(['127.0.0.1/32']) },
    received,
    subscribe: () => {
      const endpoint = `${origin}/${randomUUID()}`;
      const pair = createECDH('prime256v1');
      pair.generateKeys();
      const auth = randomBytes(16);
      browsers.set(endpoint, { pair, auth });
      return { endpoint, keys: { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') } };
    },
    answer: (endpoint, ...statuses) => void answers.set(endpoint, statuses),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function verifySender({ headers }: IncomingMessage, audience: string) {
  const [, token = '', senderKey = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? '') ?? [];
  const point = Buffer.from(senderKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const key = await importJWK({ kty: 'EC', crv: 'P-256', x: x!, y: y! }, 'ES256');
  return { claims: (await jwtVerify(token, key, { audience })).payload, senderKey };
}

/** RFC 8291 and RFC 8188, for the one record that a message has. */
function decrypt(body: Buffer, { pair, auth }: BrowserKeys): string {
  const salt = body.subarray(0, 16);
  const keyLength = body.readUInt8(20);
  const senderPoint = body.subarray(21, 21 + keyLength);
  const sealed = body.subarray(21 + keyLength);
  const derive = (material: Buffer, salted: Buffer, info: Buffer, length: number) =>
    Buffer.from(hkdfSync('sha256', material, salted, info, length));
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), senderPoint]);
  const material = derive(pair.computeSecret(senderPoint), auth, keyInfo, 32);
  const key = derive(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString();
}
