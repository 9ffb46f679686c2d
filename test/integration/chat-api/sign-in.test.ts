import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { tokenUserName } from '../../../src/chat-api/sign-in/verify-token.ts';
import { systemClock, type Clock } from '../../../src/lib/clock.ts';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';
import { openEventStream } from '../../support/event-stream.ts';
import { startIdentityProvider, type RunningIdentityProvider } from '../../support/identity-provider.ts';

const audience = 'urn:kafka-events:chat-api';
const redirectUri = 'http://page.example.org/';

let postgres: Postgres;
let provider: RunningIdentityProvider;
let api: RunningChatApi;
/** By how much the API's monotonic clock is ahead. */
let ahead = 0;
const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + ahead };

beforeAll(async () => {
  [postgres, provider] = await Promise.all([
    startPostgres(),
    startIdentityProvider({ redirectUris: [redirectUri], audience }),
  ]);
  const { issuer } = provider;
  const signIn = { issuer, audience, clientId: 'page', userClaim: 'sub', scopes: ['openid'], caFile: undefined };
  api = await startChatApi(await postgres.createDatabase(), new MemoryPublisher(), { signIn, clock });
});
afterAll(async () => {
  await api?.stop();
  await provider?.stop();
  await postgres?.stop();
});

const as = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });
const ask = (token: string) => api.ask('/v1/tasks', as(token));
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe('sign-in with OpenID Connect', () => {
  it('takes the token that a browser gets with an authorization code and PKCE', async () => {
    const described = await fetch(`${api.url}/v1/sign-in`);
    const { issuer } = provider;
    expect(await described.json()).toEqual({
      bearer_tokens: true,
      openid_connect: {
        issuer,
        client_id: 'page',
        scopes: ['openid'],
        audience,
        bearer: 'access_token',
        endpoints: {
          authorization: `${issuer}/auth`,
          token: `${issuer}/token`,
          end_session: `${issuer}/session/end`,
          revocation: `${issuer}/token/revocation`,
        },
      },
    });
    expect(described.headers.get('Cache-Control')).toBe('no-store');
    expect(described.headers.get('Content-Security-Policy')).toContain(`connect-src 'self' ${issuer};`);

    const [ada, again, eve] = [
      await provider.signIn('ada'),
      await provider.signIn('ada'),
      await provider.signIn('eve'),
    ];
    const created = await api.ask('/v1/tasks', { ...as(ada.access_token), method: 'POST', body: { title: 'Mine' } });
    expect(created.status).toBe(201);
    const titles = async (token: string) => (await ask(token)).body.items;
    expect(await titles(again.access_token)).toMatchObject([{ title: 'Mine' }]);
    expect(await titles(eve.access_token)).toEqual([]);
    // It is for the page, and says so.
    expect(await ask(ada.id_token)).toMatchObject({ status: 401, body: { detail: expect.stringMatching('audience') } });
  });

  it('keeps users of a provider apart from users with a token, and from those of another claim or issuer', async () => {
    const alice = await provider.sign({ sub: 'alice' });
    await api.ask('/v1/tasks', { method: 'POST', body: { title: 'Of the alice with a token' } });
    expect((await ask(alice)).body.items).toEqual([]);
    const names = [
      tokenUserName('https://one.example.org', 'sub', 'alice'),
      tokenUserName('https://two.example.org', 'sub', 'alice'),
      tokenUserName('https://one.example.org', 'email', 'alice'),
      tokenUserName('https://one.example.org', 'sub', 'Alice'),
    ];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).not.toMatch(/^[-._a-zA-Z0-9]+$/);
  });

  const hmac = async () => {
    const key = (await importJWK(provider.publicKey(), 'RS256', { extractable: true })) as CryptoKey;
    const secret = Buffer.from(await exportSPKI(key));
    const claims = { iss: provider.issuer, aud: audience, sub: 'ada', exp: inSeconds(300) };
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: provider.publicKey().kid! }).sign(secret);
  };
  const unsigned = () => {
    const claims = { iss: provider.issuer, aud: audience, sub: 'ada', exp: inSeconds(300) };
    return Promise.resolve(new UnsecuredJWT(claims).encode());
  };
  const forged = async () => `${(await provider.sign()).split('.').slice(0, 2).join('.')}.${'A'.repeat(342)}`;
  it.each<[string, () => Promise<string>, RegExp]>([
    ['that expired more than a minute ago', () => provider.sign({ exp: inSeconds(-61) }), /expired/],
    ['that never expires', () => provider.sign({ exp: undefined }), /exp/],
    ['that is valid in two minutes', () => provider.sign({ nbf: inSeconds(120) }), /not valid yet/],
    ['for somebody else', () => provider.sign({ aud: 'https://other.example.org' }), /audience/],
    ['for nobody', () => provider.sign({ aud: undefined }), /audience/],
    ['of another issuer', () => provider.sign({ iss: 'https://evil.example.org' }), /issuer/],
    ['without a user', () => provider.sign({ sub: undefined }), /no claim sub/],
    ['of an empty user', () => provider.sign({ sub: '' }), /no claim sub/],
    ['that ends a session', () => provider.sign({ events: {} }), /signs in/],
    ['of another type', () => provider.sign({}, { typ: 'logout+jwt' }), /type/],
    ['without a signature', unsigned, /asymmetric/],
    ['signed with the public key as a secret', hmac, /asymmetric/],
    ['with a signature of something else', forged, /signature/],
    ['with a key that nobody knows', () => provider.sign({}, { kid: 'other' }), /key/],
    ['that is garbage', () => Promise.resolve('a.b.c'), /no signed/],
  ])('refuses a token %s', async (_, token, reason) => {
    const { status, body, headers } = await ask(await token());
    expect({ status, ...body }).toMatchObject({
      status: 401,
      code: 'Unauthenticated',
      detail: expect.stringMatching(reason),
    });
    expect(headers.get('WWW-Authenticate')).toBe('Bearer realm="kafka-events", error="invalid_token"');
  });

  it('forgives clocks that differ by less than a minute', async () => {
    expect((await ask(await provider.sign({ exp: inSeconds(-50) }))).status).toBe(200);
    expect((await ask(await provider.sign({ nbf: inSeconds(50), iat: inSeconds(50) }))).status).toBe(200);
  });

  it('follows the provider to new keys, and is not made to ask it for each token that somebody made up', async () => {
    const before = await provider.sign();
    await provider.rotate();
    ahead += 6000;
    expect((await ask(await provider.sign())).status).toBe(200);
    expect((await ask(before)).status).toBe(401);
    const asked = () => provider.asked.get('/jwks') ?? 0;
    const count = asked();
    const made = await provider.sign({}, { kid: 'made up' });
    await Promise.all(Array.from({ length: 50 }, () => ask(made)));
    expect(asked() - count).toBeLessThanOrEqual(1);
  });

  it('goes on with the keys it has while the provider is away, then answers 503 until it is back', async () => {
    const token = await provider.sign();
    expect((await ask(token)).status).toBe(200);
    await provider.stop();
    ahead += 30 * 60_000;
    expect((await ask(token)).status).toBe(200);
    ahead += 31 * 60_000;
    const away = await ask(token);
    expect(away).toMatchObject({
      status: 503,
      body: { code: 'Unavailable', detail: expect.stringMatching(/identity provider/) },
    });
    expect(away.headers.get('Retry-After')).toBe('2');
    const status = (await (await fetch(`${api.metricsUrl}/status`)).json()) as { signIn: { trouble?: string } };
    expect(status.signIn.trouble).toMatch(/cannot be read: .*ECONNREFUSED/);
    // Those with a token of ours are not concerned.
    expect((await api.ask('/v1/tasks')).status).toBe(200);
    await provider.start();
    ahead += 3000;
    expect((await ask(token)).status).toBe(200);
  });

  it('ends a live stream when its token expires', async () => {
    // A minute is forgiven, so that it can be used for five seconds.
    const token = await provider.sign({ exp: inSeconds(-55) });
    const stream = await openEventStream(api.url, undefined, token);
    await stream.next('ready');
    await stream.ended;
    expect(stream.status).toBe(200);
    expect((await ask(token)).status).toBe(401);
  });
});
