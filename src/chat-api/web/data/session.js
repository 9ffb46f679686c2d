/**
 * Who is signed in: the one place that knows the token. Another way to sign in, such as OpenID Connect, only has to give
 * the same four functions; `token` may then wait for a fresh one.
 */
const tokenKey = 'kafka-events-token';

const stored = () => sessionStorage.getItem(tokenKey) ?? localStorage.getItem(tokenKey) ?? '';

export const session = {
  get isOpen() {
    return stored() !== '';
  },

  /** @returns {Promise<string>} the token for the next request */
  token() {
    return Promise.resolve(stored());
  },

  /** A name for the user's part of what this browser keeps. It says nothing about the token to who reads it. */
  get owner() {
    return shortHash(stored());
  },

  /**
   * @param {string} token
   * @param {boolean} isKept whether also after the tab is closed
   */
  begin(token, isKept) {
    session.end();
    (isKept ? localStorage : sessionStorage).setItem(tokenKey, token);
  },

  end() {
    sessionStorage.removeItem(tokenKey);
    localStorage.removeItem(tokenKey);
  },
};

/** FNV-1a, 32 bits: far too few to find a token by. @param {string} text */
function shortHash(text) {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(36);
}
