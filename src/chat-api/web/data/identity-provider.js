import * as oauth from 'oauth4webapi';

/**
 * An OpenID Connect provider, as GET /v1/sign-in describes it.
 *
 * @typedef {object} Provider
 * @property {string} issuer
 * @property {string} client_id
 * @property {string[]} scopes
 * @property {'access_token' | 'id_token'} bearer which of its tokens the API takes
 * @property {{ authorization: string, token: string, end_session: string | null, revocation: string | null }} endpoints
 *
 * @typedef {object} Tokens
 * @property {string} token for the API
 * @property {string} [refreshToken]
 * @property {number} expiresAt in milliseconds, by the clock of this device
 * @property {number} refreshAt a little before
 *
 * @typedef {{ state: string, nonce: string, verifier: string }} Attempt what only this tab knows of a sign-in
 */

/** How long the provider may take for an answer, in milliseconds. */
const patience = 10_000;
/** By how many seconds the clocks of the device and the provider may differ. */
const clockTolerance = 60;
/** A token is replaced so many seconds before it expires. */
const margin = 30;
/** For access tokens of a provider that does not say how long they are valid. */
const usualSeconds = 300;

/** The address that is registered at the provider. */
const home = () => `${location.origin}/`;

/** @param {Provider} provider @returns {oauth.AuthorizationServer} */
function serverOf({ issuer, endpoints }) {
  return {
    issuer,
    token_endpoint: endpoints.token,
    ...(endpoints.revocation !== null && { revocation_endpoint: endpoints.revocation }),
    // The ID token comes from the provider itself, over TLS; the API checks the signature of what is sent to it.
    id_token_signing_alg_values_supported: ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'],
  };
}

/** @param {Provider} provider @returns {oauth.Client} */
const clientOf = ({ client_id }) => ({ client_id, [oauth.clockTolerance]: clockTolerance });

/** @param {Provider} provider */
const optionsOf = ({ issuer }) => ({
  signal: AbortSignal.timeout(patience),
  // The API allows it for an issuer on this very machine only.
  [oauth.allowInsecureRequests]: issuer.startsWith('http:'),
});

/**
 * Begins a sign-in: authorization code with PKCE.
 *
 * @param {Provider} provider
 * @returns {Promise<{ address: string, attempt: Attempt }>} where to send the user, and what to keep until they are back
 */
export async function beginSignIn({ client_id, scopes, endpoints }) {
  const [verifier, state, nonce] = [
    oauth.generateRandomCodeVerifier(),
    oauth.generateRandomState(),
    oauth.generateRandomNonce(),
  ];
  const parameters = {
    response_type: 'code',
    client_id,
    redirect_uri: home(),
    scope: scopes.join(' '),
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    // OpenID Connect gives offline access only to those who have asked the user.
    ...(scopes.includes('offline_access') && { prompt: 'consent' }),
  };
  const address = new URL(endpoints.authorization);
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return { address: address.href, attempt: { state, nonce, verifier } };
}

/**
 * @param {Provider} provider @param {Attempt} attempt @param {URL} answer the address at which the user came back
 * @returns {Promise<Tokens & { user: string }>} the user is the same whenever they sign in, and unlike any other
 * @throws {Error} when the user refused, or the answer does not belong to the attempt
 */
export async function finishSignIn(provider, { state, nonce, verifier }, answer) {
  const [server, client] = [serverOf(provider), clientOf(provider)];
  const code = oauth.validateAuthResponse(server, client, answer, state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    code,
    home(),
    verifier,
    optionsOf(provider),
  );
  const result = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: nonce,
    requireIdToken: true,
  });
  const { iss, sub } = /** @type {oauth.IDToken} */ (oauth.getValidatedIdTokenClaims(result));
  return { ...tokensOf(provider, result), user: `${iss}\n${sub}` };
}

/**
 * @param {Provider} provider @param {string} refreshToken
 * @returns {Promise<Tokens | undefined>} undefined when the session is over
 * @throws {Error} when nobody knows: the provider is away
 */
export async function refresh(provider, refreshToken) {
  const [server, client] = [serverOf(provider), clientOf(provider)];
  try {
    const options = optionsOf(provider);
    const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, options);
    return { refreshToken, ...tokensOf(provider, await oauth.processRefreshTokenResponse(server, client, response)) };
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return undefined;
    throw error;
  }
}

/**
 * Ends the refresh token. One that cannot be ended, because the provider is away or offers no way, expires by itself.
 *
 * @param {Provider} provider @param {string} refreshToken
 */
export async function revoke(provider, refreshToken) {
  if (provider.endpoints.revocation === null) return;
  const [server, client, options] = [serverOf(provider), clientOf(provider), optionsOf(provider)];
  await oauth.revocationRequest(server, client, oauth.None(), refreshToken, options).catch(() => {});
}

/** Where the user signs out at the provider too, if it has such a place. @param {Provider} provider */
export function signOutAddress({ client_id, endpoints }) {
  if (endpoints.end_session === null) return undefined;
  // Without an id_token_hint: no token belongs in an address, and not every provider takes a form (node-oidc-provider
  // answers 404 by default).
  const address = new URL(endpoints.end_session);
  address.searchParams.set('client_id', client_id);
  address.searchParams.set('post_logout_redirect_uri', home());
  return address.href;
}

/** @param {Provider} provider @param {oauth.TokenEndpointResponse} result @returns {Tokens} */
function tokensOf({ bearer }, result) {
  const claims = oauth.getValidatedIdTokenClaims(result);
  const isIdToken = bearer === 'id_token';
  const token = isIdToken ? result.id_token : result.access_token;
  if (token === undefined) throw new Error('the identity provider gave no ID token');
  const seconds = isIdToken && claims ? claims.exp - claims.iat : (result.expires_in ?? usualSeconds);
  const expiresAt = Date.now() + seconds * 1000;
  return {
    token,
    ...(result.refresh_token !== undefined && { refreshToken: result.refresh_token }),
    expiresAt,
    refreshAt: expiresAt - Math.min(margin, seconds / 2) * 1000,
  };
}
