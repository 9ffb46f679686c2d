import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash, randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTHeaderParameters } from 'jose';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';

export interface IdentityProviderOptions {
  /** Where the page may be sent back to. */
  readonly redirectUris: readonly string[];
  /** Of the access tokens. */
  readonly audience: string;
  readonly accessTokenSeconds?: number;
}

/** A real OpenID Connect provider, node-oidc-provider, with one public client: `page`. Every password is right. */
export interface RunningIdentityProvider {
  readonly issuer: string;
  /** Signs whatever the claims say with the provider's own key; claims of a good token stand in for what is left out. */
  sign(claims?: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** The public key in PEM, as anybody can get it. */
  readonly publicKey: () => JWK;
  /** From now on there is another key, and the one before is no longer known. */
  rotate(): Promise<void>;
  /** Refuses connections, until it is started again on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** From now on, the page may also be sent back to this address. */
  allowRedirect(uri: string): void;
  /** Signs a user in as a browser would: authorization code with PKCE, over HTTP. */
  signIn(login: string): Promise<TokenAnswer>;
  /** How often each path was asked for. */
  readonly asked: Map<string, number>;
}

export interface TokenAnswer {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token?: string;
  readonly expires_in: number;
}

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly privateJwk: JWK;
  readonly publicJwk: JWK;
}

export async function startIdentityProvider(given: IdentityProviderOptions): Promise<RunningIdentityProvider> {
  const { audience } = given;
  let options = given;
  let key = await newKey('key-1');
  let generation = 1;
  let server: Server | undefined;
  let port = 0;
  let issuer = '';
  let provider: Provider;
  const asked = new Map<string, number>();
  const renew = () => {
    provider = quietly(() => new Provider(issuer, configuration(options, key)));
  };
  const start = async () => {
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://provider').pathname;
      asked.set(path, (asked.get(path) ?? 0) + 1);
      void provider.callback()(request, response);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  await start();
  issuer = `http://127.0.0.1:${port}`;
  renew();
  return {
    issuer,
    asked,
    start,
    publicKey: () => key.publicJwk,
    sign: (claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: issuer, aud: audience, sub: 'ada', iat: now, exp: now + 300, ...claims };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'RS256', kid: key.publicJwk.kid!, typ: 'at+jwt', ...header })
        .sign(key.privateKey);
    },
    allowRedirect: (uri) => {
      options = { ...options, redirectUris: [...options.redirectUris, uri] };
      renew();
    },
    rotate: async () => {
      generation += 1;
      key = await newKey(`key-${generation}`);
      renew();
    },
    stop: async () => {
      if (!server?.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
    signIn: (login) => signIn(issuer, options, login),
  };
}

async function newKey(kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const named = { kid, alg: 'RS256', use: 'sig' };
  const [privateJwk, publicJwk] = await Promise.all([exportJWK(privateKey), exportJWK(publicKey)]);
  return { privateKey, privateJwk: { ...privateJwk, ...named }, publicJwk: { ...publicJwk, ...named } };
}

function configuration(
  { redirectUris, audience, accessTokenSeconds = 3600 }: IdentityProviderOptions,
  key: SigningKey,
): Configuration {
  return {
    clients: [
      {
        client_id: 'page',
        redirect_uris: [...redirectUris],
        post_logout_redirect_uris: [...redirectUris],
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [key.privateJwk] },
    cookies: { keys: ['only for tests'] },
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub', 'email', 'email_verified'] },
    conformIdTokenClaims: false,
    findAccount: (_: KoaContextWithOIDC, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true }),
    }),
    // Pages of any origin ask for tokens.
    clientBasedCORS: () => true,
    pkce: { required: () => true },
    issueRefreshToken: () => true,
    ttl: {
      AccessToken: accessTokenSeconds,
      IdToken: accessTokenSeconds,
      Grant: 3600,
      Session: 3600,
      Interaction: 3600,
      RefreshToken: 3600,
    },
    features: {
      devInteractions: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: accessTokenSeconds,
        }),
      },
    },
  };
}

/** Follows redirections with a jar of cookies, and fills in the provider's forms. */
async function signIn(issuer: string, { redirectUris }: IdentityProviderOptions, login: string): Promise<TokenAnswer> {
  const [redirectUri = ''] = redirectUris;
  const verifier = randomBytes(32).toString('base64url');
  const jar = new Map<string, string>();
  const ask = async (url: URL, form?: Record<string, string>) => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  const authorization = new URL(`${issuer}/auth`);
  authorization.search = new URLSearchParams({
    client_id: 'page',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    state: 'some state',
  }).toString();
  let response = await ask(authorization);
  const forms = [{ prompt: 'login', login, password: 'any' }, { prompt: 'consent' }];
  for (let step = 0; step < 12; step++) {
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The provider answered ${response.status}: ${await response.text()}`);
    const next = new URL(location, issuer);
    const code = location.startsWith(redirectUri) ? next.searchParams.get('code') : undefined;
    if (code) return redeem(issuer, { code, redirectUri, verifier });
    const form = next.pathname.startsWith('/interaction/') ? forms.shift() : undefined;
    response = await ask(next, form);
  }
  throw new Error('The provider sends the browser in circles');
}

async function redeem(
  issuer: string,
  { code, redirectUri, verifier }: { code: string; redirectUri: string; verifier: string },
): Promise<TokenAnswer> {
  const form = { grant_type: 'authorization_code', client_id: 'page', code, redirect_uri: redirectUri };
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ ...form, code_verifier: verifier }),
  });
  if (!response.ok) throw new Error(`The provider gives no token: ${await response.text()}`);
  return (await response.json()) as TokenAnswer;
}

/** It warns of what only tests may do. */
function quietly<Value>(work: () => Value): Value {
  const { warn } = console;
  console.warn = () => {};
  try {
    return work();
  } finally {
    console.warn = warn;
  }
}
