import { createHash, timingSafeEqual } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../lib/clock.ts';
import { ExpectedError, toError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';

export interface Tokens {
  /** @returns the user's name; undefined when nobody has the token */
  authenticate(token: string): Promise<string | undefined>;
}

export interface TokenDirectoryOptions {
  /** A mounted Secret: each file's name is a user's, its content that user's token. */
  readonly directory: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface UserToken {
  readonly user: string;
  /** SHA-256, so that all have one length and none is kept as it is. */
  readonly digest: Buffer;
}

/** How old the tokens in memory may be; kubelet itself takes about a minute to bring a changed Secret. */
const freshMilliseconds = 2000;

/** The users and their bearer tokens, read again when a request comes and the last look was a while ago. */
export class TokenDirectory implements Tokens {
  readonly #options: TokenDirectoryOptions;
  #tokens: readonly UserToken[] = [];
  #readAt = -Infinity;
  #failing = false;

  constructor(options: TokenDirectoryOptions) {
    this.#options = options;
  }

  /** @throws {ExpectedError} TokensUnreadable */
  async load(): Promise<void> {
    const { directory, clock } = this.#options;
    this.#readAt = clock.now().getTime();
    try {
      this.#tokens = await readTokens(directory);
    } catch (error) {
      const message = `The tokens in ${directory} cannot be read: ${toError(error).message}`;
      throw new ExpectedError('TokensUnreadable', message, { cause: error, retryable: true });
    }
  }

  /** @returns the name of the user whose token it is */
  async authenticate(token: string): Promise<string | undefined> {
    await this.#refresh();
    const digest = digestOf(token);
    // All are compared, so that the time taken tells nothing of which one it was.
    const matching = this.#tokens.filter((candidate) => timingSafeEqual(candidate.digest, digest));
    return matching[0]?.user;
  }

  /** While the folder cannot be read, the tokens read before go on to count. */
  async #refresh(): Promise<void> {
    const { clock, logger } = this.#options;
    if (clock.now().getTime() - this.#readAt < freshMilliseconds) return;
    try {
      await this.load();
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) logger.error({ err: error }, 'Could not read the tokens again');
      this.#failing = true;
    }
  }
}

async function readTokens(directory: string): Promise<UserToken[]> {
  const entries = await readdir(directory);
  // A mounted Secret keeps its versions in folders whose names begin with a dot.
  const users = entries.filter((name) => !name.startsWith('.'));
  const tokens = await Promise.all(
    users.map(async (user) => ({ user, token: (await readFile(join(directory, user), 'utf8')).trim() })),
  );
  return tokens.filter(({ token }) => token !== '').map(({ user, token }) => ({ user, digest: digestOf(token) }));
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
