import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import { ExpectedError, toError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import { OutageLog } from '../../lib/outage-log.ts';
import type { GetJson } from './get-json.ts';
import { providerUrl } from './provider-url.ts';

export interface IdentityProviderOptions {
  /** Exactly as tokens name it in `iss`. */
  readonly issuer: string;
  readonly getJson: GetJson;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where a browser signs in, from the provider's discovery document. */
export interface Endpoints {
  readonly authorization: string;
  readonly token: string;
  readonly endSession?: string | undefined;
  readonly revocation?: string | undefined;
}

/** What an identity provider says of itself. */
export interface ProviderView {
  readonly endpoints: Endpoints;
  /** Finds the key of a token; throws jose's JWKSNoMatchingKey. */
  readonly findKey: JWTVerifyGetKey;
}

/** After this, the keys are read again, while the old ones still count. */
const freshMilliseconds = 5 * 60_000;
/** For how long the old ones count while the provider is away; a key that it withdraws lives no longer than this. */
const usableMilliseconds = 60 * 60_000;
/** Anybody can send a token with a key that nobody knows: the provider is asked no more often than this. */
const unknownKeyMilliseconds = 5000;
/** How soon a provider that is away is asked again. */
const pauseMilliseconds = 2000;

const endpoint = z
  .string()
  .max(2048)
  .refine((text) => providerUrl(text) !== undefined, { error: 'must be an https URL' });
const discoveryDocument = z.object({
  issuer: z.string(),
  jwks_uri: endpoint,
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  end_session_endpoint: endpoint.optional(),
  revocation_endpoint: endpoint.optional(),
});
const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

/** An OpenID Connect provider: its endpoints and keys, found by discovery and kept in memory. */
export class IdentityProvider {
  readonly issuer: string;
  readonly #options: IdentityProviderOptions;
  readonly #outage: OutageLog;
  #known: { readonly view: ProviderView; readonly readAt: number } | undefined;
  #failure: { readonly error: Error; readonly at: number } | undefined;
  #reading: Promise<ProviderView> | undefined;

  constructor(options: IdentityProviderOptions) {
    this.issuer = options.issuer;
    this.#options = options;
    const { logger, clock } = options;
    const [begun, ended] = ['Cannot read the keys of the identity provider', 'The identity provider answers again'];
    this.#outage = new OutageLog({ logger, clock, begun, ended });
  }

  /** Why the last look at the provider failed; undefined when it did not. Looks again when it is time. */
  problem(): string | undefined {
    void this.view().catch(() => {}); // which #failure then says
    return this.#failure?.error.message;
  }

  /** As far as it was ever seen; nothing is asked. */
  lastView(): ProviderView | undefined {
    return this.#known?.view;
  }

  /** @throws {ExpectedError} Unavailable, retryable, when the provider is away and was not seen lately */
  async view(): Promise<ProviderView> {
    const age = this.#age();
    if (this.#known && age < freshMilliseconds) return this.#known.view;
    const reading = this.#read();
    if (!this.#known || age >= usableMilliseconds) return reading;
    reading.catch(() => {}); // nobody waits for it, and what is known still counts
    return this.#known.view;
  }

  /** For a token with a key that is not among the known ones. @throws {ExpectedError} Unavailable, retryable */
  async viewWithNewKeys(): Promise<ProviderView> {
    return this.#known && this.#age() < unknownKeyMilliseconds ? this.#known.view : this.#read();
  }

  #age(): number {
    return this.#known ? this.#options.clock.monotonic() - this.#known.readAt : Infinity;
  }

  async #read(): Promise<ProviderView> {
    const { clock } = this.#options;
    if (this.#failure && clock.monotonic() - this.#failure.at < pauseMilliseconds)
      throw unavailable(this.#failure.error);
    this.#reading ??= this.#discover().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #discover(): Promise<ProviderView> {
    const { clock } = this.#options;
    try {
      const view = await this.#fetch();
      this.#known = { view, readAt: clock.monotonic() };
      this.#failure = undefined;
      this.#outage.ended();
      return view;
    } catch (error) {
      this.#failure = { error: toError(error), at: clock.monotonic() };
      this.#outage.failed(error, { issuer: this.issuer });
      throw unavailable(error);
    }
  }

  async #fetch(): Promise<ProviderView> {
    const { getJson } = this.#options;
    const address = new URL(`${this.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const found = parse(discoveryDocument, await getJson(address), address.href);
    if (found.issuer !== this.issuer) {
      const message = `${address.href} names the issuer ${shorten(found.issuer)}, not ${this.issuer}: they must be the same, to the last slash`;
      throw new ExpectedError('IssuerMismatch', message, { retryable: true });
    }
    const keys = parse(keySet, await getJson(new URL(found.jwks_uri)), found.jwks_uri);
    return {
      endpoints: {
        authorization: found.authorization_endpoint,
        token: found.token_endpoint,
        endSession: found.end_session_endpoint,
        revocation: found.revocation_endpoint,
      },
      findKey: createLocalJWKSet(keys),
    };
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, address: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const message = `${address} is not what OpenID Connect asks for: ${issue?.path.join('.')}: ${issue?.message}`;
  throw new ExpectedError('InvalidProviderDocument', message, { retryable: true });
}

function unavailable(cause: unknown) {
  const message = 'The identity provider does not answer; please try again';
  return new ExpectedError('Unavailable', message, { retryable: true, cause });
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
