import { session } from './session.js';

const draftsKey = 'kafka-events-drafts';

/**
 * What the user has written in this tab, and not sent yet or may want again. It outlives a reload, and a session that ends
 * meanwhile; nobody but the same user gets it back.
 */
export const drafts = {
  /** @returns {Set<string>} */
  get names() {
    return new Set(Object.keys(read()));
  },

  /** @template Draft @param {string} name @param {Draft} otherwise @returns {Draft} */
  get(name, otherwise) {
    return /** @type {Draft} */ (read()[name] ?? otherwise);
  },

  /** @param {string} name @param {unknown} draft */
  keep(name, draft) {
    write({ ...read(), [name]: draft });
  },

  /** @param {string} name */
  drop(name) {
    const { [name]: _, ...others } = read();
    write(others);
  },

  clear() {
    sessionStorage.removeItem(draftsKey);
  },
};

/** @returns {Record<string, unknown>} */
function read() {
  /** @type {unknown} */
  const kept = JSON.parse(sessionStorage.getItem(draftsKey) ?? '{}');
  const { owner, byName = {} } = /** @type {{ owner?: string, byName?: Record<string, unknown> }} */ (kept);
  return owner === session.owner ? byName : {};
}

/** @param {Record<string, unknown>} byName */
function write(byName) {
  if (Object.keys(byName).length === 0) drafts.clear();
  else sessionStorage.setItem(draftsKey, JSON.stringify({ owner: session.owner, byName }));
}
