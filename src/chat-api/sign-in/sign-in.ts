import { readFileSync } from 'node:fs';
import type { Clock } from '../../lib/clock.ts';
import { ExpectedError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { createGetJson } from './get-json.ts';
import { IdentityProvider } from './identity-provider.ts';
import { TokenVerifier } from './verify-token.ts';

export interface SignInConfiguration {
  readonly issuer: string;
  /** Of the page. */
  readonly clientId: string;
  readonly audience: string;
  readonly userClaim: string;
  readonly scopes: readonly string[];
  /** PEM certificates that are trusted beside the public ones. */
  readonly caFile: string | undefined;
}

/** Sign-in at an OpenID Connect provider. */
export interface SignIn {
  readonly verifier: TokenVerifier;
  /** How a page signs in, as GET /v1/sign-in says it. */
  describe(): Promise<SignInDescription>;
  /** Of the provider, as far as they are known: what the page must be able to reach. */
  origins(): readonly string[];
  /** Why the last look at the provider failed. */
  trouble(): string | undefined;
}

export interface SignInDescription {
  readonly issuer: string;
  readonly client_id: string;
  readonly scopes: string[];
  readonly audience: string;
  /** What to send to the API: an ID token where the client itself is the audience. */
  readonly bearer: 'access_token' | 'id_token';
  /** Null while the provider could not be reached yet. */
  readonly endpoints: {
    readonly authorization: string;
    readonly token: string;
    readonly end_session: string | null;
    readonly revocation: string | null;
  } | null;
}

/** @throws {ExpectedError} InvalidConfiguration for certificates that cannot be read */
export function createSignIn(
  { issuer, clientId, audience, userClaim, scopes, caFile }: SignInConfiguration,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): SignIn {
  const getJson = createGetJson({ certificates: caFile === undefined ? undefined : readCertificates(caFile) });
  const provider = new IdentityProvider({ issuer, getJson, clock, logger });
  const endpointsOf = () => provider.lastView()?.endpoints;
  return {
    verifier: new TokenVerifier({ provider, audience, userClaim, clock }),
    describe: async () => {
      if (!endpointsOf()) await provider.view().catch(() => {}); // endpoints is null then
      const endpoints = endpointsOf();
      return {
        issuer,
        client_id: clientId,
        scopes: [...scopes],
        audience,
        bearer: audience === clientId ? 'id_token' : 'access_token',
        endpoints: endpoints
          ? {
              authorization: endpoints.authorization,
              token: endpoints.token,
              end_session: endpoints.endSession ?? null,
              revocation: endpoints.revocation ?? null,
            }
          : null,
      };
    },
    origins: () => {
      const { token, revocation = issuer } = endpointsOf() ?? { token: issuer };
      return [...new Set([issuer, token, revocation].map((url) => new URL(url).origin))];
    },
    trouble: () => provider.problem(),
  };
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ExpectedError('InvalidConfiguration', `OIDC_CA_FILE is ${file}, which cannot be read`, { cause: error });
  }
}
