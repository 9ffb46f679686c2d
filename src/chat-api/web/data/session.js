/**
 * Who is signed in: the one place that knows tokens.
 *
 * @typedef {import('./identity-provider.js').Provider} Provider
 *
 * @typedef {object} Kept
 * @property {string} token
 * @property {string} owner
 * @property {Provider} [provider] who gave the token; an administrator did where there is none
 * @property {string} [refreshToken]
 * @property {number} [refreshAt]
 * @property {number} [expiresAt]
 *
 * @typedef {{ provider: Provider, isKept: boolean, attempt: import('./identity-provider.js').Attempt }} Begun
 */

const sessionKey = 'kafka-events-session';
/** A sign-in that was begun in this tab. */
const attemptKey = 'kafka-events-sign-in';

/** Where the session is kept: for the tab, or for the device. */
const place = () => (sessionStorage.getItem(sessionKey) === null ? localStorage : sessionStorage);

/** @returns {Kept | undefined} */
function kept() {
  const text = place().getItem(sessionKey);
  return text === null ? undefined : /** @type {Kept} */ (JSON.parse(text));
}

export const session = {
  get isOpen() {
    return kept() !== undefined;
  },

  /** Whether an identity provider has given it, and can end it. */
  get isOfProvider() {
    return kept()?.provider !== undefined;
  },

  /** A name for the user's part of what this browser keeps. It says nothing about the user or the token to who reads it. */
  get owner() {
    return kept()?.owner ?? '';
  },

  /**
   * @returns {Promise<string>} the token for the next request; empty when the session is over
   * @throws {Error} when a new one is needed, and the identity provider is away
   */
  async token() {
    const { token = '', refreshToken, refreshAt = Infinity, expiresAt = Infinity } = kept() ?? {};
    if (refreshToken === undefined || Date.now() < refreshAt) return token;
    return renew(token).catch((/** @type {unknown} */ error) => {
      if (Date.now() < expiresAt) return token;
      throw error;
    });
  },

  /**
   * @param {string} refused a token that the API does not take, or no longer
   * @returns {Promise<string>} another one; empty when there is none
   * @throws {Error} when the identity provider is away
   */
  renew: (refused) => (kept()?.refreshToken === undefined ? Promise.resolve('') : renew(refused)),

  /**
   * @param {string} token
   * @param {boolean} isKept whether also after the tab is closed
   */
  begin(token, isKept) {
    keep({ token, owner: shortHash(token) }, isKept);
  },

  /** Sends the user to the identity provider. @param {Provider} provider @param {boolean} isKept as above */
  async leaveFor(provider, isKept) {
    const { beginSignIn } = await import('./identity-provider.js');
    const { address, attempt } = await beginSignIn(provider);
    sessionStorage.setItem(attemptKey, JSON.stringify({ provider, isKept, attempt }));
    location.assign(address);
  },

  /**
   * Begins the session of a user who comes back from the identity provider.
   *
   * @returns {Promise<boolean>} whether somebody does
   * @throws {Error} with a reason for people
   */
  async comeBack() {
    const answer = new URL(location.href);
    if (!answer.searchParams.has('state')) return false;
    history.replaceState(null, '', '/');
    const begun = sessionStorage.getItem(attemptKey);
    sessionStorage.removeItem(attemptKey);
    if (begun === null) throw new Error('This sign-in was not begun in this tab. Please begin anew.');
    /** @type {unknown} */
    const told = JSON.parse(begun);
    const { provider, isKept, attempt } = /** @type {Begun} */ (told);
    const { finishSignIn } = await import('./identity-provider.js');
    try {
      const { user, ...tokens } = await finishSignIn(provider, attempt, answer);
      keep({ ...tokens, provider, owner: shortHash(user) }, isKept);
      return true;
    } catch (error) {
      const { error: code, message } = /** @type {{ error?: string, message: string }} */ (error);
      throw new Error(`You are not signed in: ${code ?? message}`, { cause: error });
    }
  },

  end() {
    sessionStorage.removeItem(sessionKey);
    localStorage.removeItem(sessionKey);
  },

  /** Ends it here and at the identity provider. @returns {Promise<string | undefined>} where the user has to go for that */
  async signOut() {
    const { provider, refreshToken } = kept() ?? {};
    session.end();
    if (!provider) return undefined;
    const { revoke, signOutAddress } = await import('./identity-provider.js');
    if (refreshToken !== undefined) await revoke(provider, refreshToken);
    return signOutAddress(provider);
  },
};

/** @param {Kept} begun @param {boolean} isKept */
function keep(begun, isKept) {
  session.end();
  (isKept ? localStorage : sessionStorage).setItem(sessionKey, JSON.stringify(begun));
}

/**
 * Tabs share a session, and a refresh token is often good for one use: one of them refreshes, the others take what it got.
 *
 * @param {string} refused @returns {Promise<string>}
 */
async function renew(refused) {
  return await navigator.locks.request(sessionKey, async () => {
    const before = kept();
    if (!before?.provider || before.refreshToken === undefined) return '';
    if (before.token !== refused) return before.token;
    const { refresh } = await import('./identity-provider.js');
    const tokens = await refresh(before.provider, before.refreshToken);
    const { refreshToken: _, ...ended } = before;
    if (kept()?.token !== refused) return ''; // the user has signed out meanwhile
    place().setItem(sessionKey, JSON.stringify({ ...ended, ...tokens }));
    return tokens?.token ?? '';
  });
}

/**
 * Tells the users of a browser apart (FNV-1a, 32 bits): far too few bits to find a token by.
 *
 * @param {string} text
 */
function shortHash(text) {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}
