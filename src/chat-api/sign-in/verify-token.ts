import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose';
import type { Clock } from '../../lib/clock.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { IdentityProvider } from './identity-provider.ts';

/** Who a token is of. */
export interface TokenUser {
  /** The same for the same person, and never that of a user with a token of ours. */
  readonly name: string;
  /** From then on the token is refused. */
  readonly expiresAt: Date;
}

export interface TokenVerifierOptions {
  readonly provider: IdentityProvider;
  /** One that the token must be for. */
  readonly audience: string;
  /** The claim that says who the user is. */
  readonly userClaim: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** Clocks of different machines may differ by this much. */
const toleranceSeconds = 60;

/** Asymmetric ones only: with HS256, whoever knows the public key could make tokens. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** Access tokens (RFC 9068) and ID tokens: neither logout tokens nor anything else that a provider may sign. */
const types = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);

const longestUser = 255;

/** What a Date can be. */
const latestSeconds = 8.64e12;

/** Three parts of base64url (RFC 7515, 7.1), which no other bearer token has to look like. */
export const isJsonWebToken = (token: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);

/**
 * Verifies tokens that an OpenID Connect provider has signed.
 *
 * Errors carry neither the token nor its claims.
 */
export class TokenVerifier {
  readonly #options: TokenVerifierOptions;

  constructor(options: TokenVerifierOptions) {
    this.#options = options;
  }

  /** @throws {ExpectedError} Unauthenticated with the reason; Unavailable, retryable, when there are no keys to verify with */
  async verify(token: string): Promise<TokenUser> {
    const { provider, userClaim } = this.#options;
    const payload = await this.#verifyWithKeys(token).catch((error: unknown) => {
      throw error instanceof errors.JOSEError ? refused(reasonOf(error)) : error;
    });
    if ('events' in payload) throw refused('it is not a token that somebody signs in with');
    const user = payload[userClaim];
    if (typeof user !== 'string' || user === '') throw refused(`it has no claim ${userClaim} that is a text`);
    if (user.length > longestUser) throw refused(`its claim ${userClaim} has more than ${longestUser} characters`);
    if (userClaim === 'email' && payload.email_verified === false) throw refused('its email address is not verified');
    return {
      name: tokenUserName(provider.issuer, userClaim, user),
      expiresAt: new Date(Math.min(payload.exp! + toleranceSeconds, latestSeconds) * 1000),
    };
  }

  async #verifyWithKeys(token: string): Promise<JWTPayload> {
    const { provider } = this.#options;
    const { findKey } = await provider.view();
    try {
      return await this.#verifyWith(token, findKey);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // The provider may have changed its keys since.
      return this.#verifyWith(token, (await provider.viewWithNewKeys()).findKey);
    }
  }

  async #verifyWith(token: string, findKey: JWTVerifyGetKey): Promise<JWTPayload> {
    const { provider, audience, clock } = this.#options;
    const options: JWTVerifyOptions = {
      issuer: provider.issuer,
      audience,
      algorithms,
      requiredClaims: ['exp'],
      clockTolerance: toleranceSeconds,
      currentDate: clock.now(),
    };
    const verify = async (key: Parameters<typeof jwtVerify>[1] | JWTVerifyGetKey) => {
      const { payload, protectedHeader } = await jwtVerify(token, key as JWTVerifyGetKey, options);
      if (types.has(protectedHeader.typ?.toLowerCase())) return payload;
      throw refused(`its type is neither at+jwt nor JWT`);
    };
    try {
      return await verify(findKey);
    } catch (error) {
      // A token need not say which of several keys it is signed with.
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      for await (const key of error) {
        try {
          return await verify(key);
        } catch (failure) {
          if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
        }
      }
      throw new errors.JWSSignatureVerificationFailed();
    }
  }
}

/** The names of users with tokens of ours are keys of a Secret, which have no such characters. */
export function tokenUserName(issuer: string, claim: string, value: string): string {
  return JSON.stringify([issuer, claim, value]);
}

function refused(reason: string) {
  return new ExpectedError('Unauthenticated', `The bearer token is refused: ${reason}`);
}

const claimReasons: Readonly<Record<string, string>> = {
  iss: 'it is of another issuer',
  aud: 'it is for another audience',
  nbf: 'it is not valid yet',
};

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return claimReasons[error.claim] ?? `its claim ${error.claim} is missing or wrong`;
  }
  if (error instanceof errors.JWKSNoMatchingKey) return 'it is signed with a key that its issuer does not name';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it is not signed with an asymmetric algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  return 'it is no signed JSON Web Token';
}
