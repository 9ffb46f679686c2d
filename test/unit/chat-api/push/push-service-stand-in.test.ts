import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createECDH } from 'node:crypto';
import { importJWK, SignJWT, type JWTPayload } from 'jose';
import webPush from 'web-push';
import { startPushServiceStandIn, type PushServiceStandIn } from '../../../support/push-service-stand-in.ts';
import { readPushMessage } from '../../../support/web-push-message.ts';

const [keys, others] = [webPush.generateVAPIDKeys(), webPush.generateVAPIDKeys()];
type PushKeyPair = ReturnType<typeof webPush.generateVAPIDKeys>;
const day = 24 * 60 * 60;
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

let service: PushServiceStandIn;
beforeAll(async () => {
  service = await startPushServiceStandIn();
});
afterAll(() => service?.stop());

interface Change {
  readonly endpoint?: string;
  readonly claims?: JWTPayload;
  readonly signer?: PushKeyPair;
  /** The key that the sender says it has signed with. */
  readonly named?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: Buffer;
}

/** Sends a message as a sender should, but for the change. */
async function send({ claims, signer = keys, named = signer.publicKey, headers, body, ...change }: Change) {
  const { endpoint, keys: ofBrowser } = service.subscribe(keys.publicKey);
  const request = webPush.generateRequestDetails({ endpoint, keys: ofBrowser }, '"Pay rent"', { TTL: 60 });
  const usual = { aud: new URL(endpoint).origin, exp: inSeconds(day / 2), sub: 'mailto:admin@example.org' };
  const token = await sign({ ...usual, ...claims }, signer);
  const Authorization = `vapid t=${token}, k=${named}`;
  const all = { ...request.headers, 'Content-Length': undefined, Authorization, ...headers };
  const { status } = await fetch(change.endpoint ?? endpoint, {
    method: 'POST',
    headers: Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    body: body ?? request.body,
  });
  return { endpoint, status };
}

async function sign(claims: JWTPayload, { publicKey, privateKey: d }: PushKeyPair): Promise<string> {
  const point = Buffer.from(publicKey, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const key = await importJWK({ kty: 'EC', crv: 'P-256', x: x!, y: y!, d }, 'ES256');
  return new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'ES256' }).sign(key);
}

describe('the stand-in for a push service', () => {
  it('reads the message of the standard', () => {
    // RFC 8291, appendix A
    const pair = createECDH('prime256v1');
    pair.setPrivateKey('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'base64url');
    const auth = Buffer.from('BTBZMqHH6r4Tts7J_aSIgg', 'base64url');
    const body =
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
    const text = readPushMessage(Buffer.from(body, 'base64url'), { pair, auth });
    expect(text).toBe('When I grow up, I want to be a watermelon');
  });

  it('takes what is right', async () => {
    const { endpoint, status } = await send({});
    expect(status).toBe(201);
    expect(service.received).toContainEqual(expect.objectContaining({ endpoint, message: 'Pay rent' }));
  });

  it.each<[string, number, Change]>([
    ['nobody has signed', 401, { headers: { Authorization: undefined } }],
    ['another sender has signed', 403, { signer: others }],
    ['was signed with a key that is not the one it names', 403, { signer: others, named: keys.publicKey }],
    ['was signed for another service', 403, { claims: { aud: 'https://push.example.org' } }],
    ['was signed for more than a day', 403, { claims: { exp: inSeconds(day + 600) } }],
    ['was signed for a time that is over', 403, { claims: { exp: inSeconds(-600) } }],
    ['does not say whom to ask', 403, { claims: { sub: 'me' } }],
    ['does not say for how long to keep it', 400, { headers: { TTL: undefined } }],
    ['has a topic that is too long', 400, { headers: { Topic: 'x'.repeat(33) } }],
    ['is more urgent than anything', 400, { headers: { Urgency: 'urgent' } }],
    ['is not encrypted', 415, { headers: { 'Content-Encoding': undefined } }],
    ['is too large', 413, { body: Buffer.alloc(4097) }],
    ['is not for this browser', 400, { body: Buffer.alloc(200, 4) }],
  ])('refuses a message that %s', async (_, status, change) => {
    expect((await send(change)).status).toBe(status);
  });

  it('knows no endpoint but its own, and forgets those that have expired', async () => {
    const { endpoint } = await send({});
    expect((await send({ endpoint: `${endpoint}0` })).status).toBe(404);
    service.expire(endpoint);
    expect((await send({ endpoint })).status).toBe(410);
  });
});
