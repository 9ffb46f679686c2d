import { ApiError, AwayError } from './api.js';
import { randomId } from './random-id.js';
import { Store } from './store.js';

/** @typedef {import('./api.js').Task} Task */

/**
 * A change on its way to the server.
 *
 * @typedef {object} Change
 * @property {string} key the Idempotency-Key: the same however often it is sent
 * @property {string} label for people, such as `Complete "Pay rent"`
 * @property {'complete' | 'reopen' | 'edit' | 'snooze' | 'skip' | 'delete' | 'undo' | 'chat' | 'clear'} kind
 * @property {string | undefined} [batch] changes that the user made at once
 * @property {string} lane changes of one lane go out one after another
 * @property {'POST' | 'PATCH' | 'DELETE'} method
 * @property {string} path
 * @property {unknown} [body]
 * @property {number | undefined} [version] the task's version that it was made for
 * @property {string} [taskId]
 * @property {number} madeAt in milliseconds; also their order
 * @property {boolean} [wasTried] whether the server may have got it
 * @property {'sending' | 'waiting' | 'conflict' | 'rejected'} state
 * @property {string} [problem] why it waits or was rejected, for people
 * @property {import('./api.js').FieldError[]} [errors]
 *
 * @typedef {Omit<Change, 'key' | 'madeAt' | 'wasTried' | 'state' | 'problem' | 'errors'>} NewChange
 *
 * @typedef {object} OutboxOptions
 * @property {(change: Change, onHeard: () => void) => Promise<{ body: unknown, changeId: string | undefined }>} send with
 *   what is to be called when the server says that it is working on it
 * @property {{ put(change: Change): Promise<void>, delete(key: string): Promise<void>, has(key: string): Promise<boolean> }} kept
 *   survives the page, and is the same for all tabs of the user
 * @property {(change: Change, answer: { body: unknown, changeId: string | undefined }) => void} onDone
 * @property {(change: Change) => void} onElsewhere another tab has sent it, or has been told to discard it
 * @property {(change: Change) => void} onStopped it is in conflict or was rejected
 * @property {() => void} onRefused the token is not valid, or no longer
 * @property {(milliseconds: number) => Promise<void>} sleep may end early, when the server is back
 * @property {() => number} now milliseconds
 */

/**
 * Sends the user's changes, each until it is answered. What cannot be sent waits and shows that it waits; nothing is done
 * twice, since a change keeps its Idempotency-Key.
 */
export class Outbox extends Store {
  /** @type {OutboxOptions} */
  #options;
  /** @type {Map<string, Change>} */
  #changes = new Map();
  /** @type {Set<string>} lanes in which something is being sent */
  #busy = new Set();
  #epoch = 0;
  /** How many more may be sent now. */
  #free = mostAtOnce;
  /** Those that wait for one before them. @type {(() => void)[]} */
  #queue = [];

  /** @param {OutboxOptions} options */
  constructor(options) {
    super();
    this.#options = options;
  }

  /** In the order in which they were made. */
  get all() {
    return [...this.#changes.values()];
  }

  /** @param {string} key */
  get(key) {
    return this.#changes.get(key);
  }

  /** @param {string} taskId @param {...Change['kind']} kinds */
  isOnItsWay(taskId, ...kinds) {
    return this.all.some((change) => change.taskId === taskId && kinds.includes(change.kind) && isUnanswered(change));
  }

  /** @param {NewChange} wanted @returns {Change} */
  add(wanted) {
    const { madeAt: last = 0 } = this.all.at(-1) ?? {};
    const madeAt = Math.max(this.#options.now(), last + 1);
    const isBehind = this.all.some(({ lane, state }) => lane === wanted.lane && state === 'waiting');
    const state = /** @type {'waiting' | 'sending'} */ (isBehind ? 'waiting' : 'sending');
    const change = { ...wanted, key: randomId(), madeAt, state };
    this.#put(change);
    void this.#run(change.lane);
    return change;
  }

  /** Goes on with what a page before this one has left. @param {Change[]} changes */
  resume(changes) {
    const known = new Set(this.#changes.keys());
    const all = [...this.all, ...changes.filter(({ key }) => !known.has(key))];
    all.sort((one, other) => one.madeAt - other.madeAt);
    this.#changes = new Map(all.map((change) => [change.key, change]));
    this.changed();
    for (const { lane } of changes) void this.#run(lane);
  }

  /** Sends again what stopped: for the version that the user has seen now. @param {string} key @param {number} [version] */
  retry(key, version) {
    const change = this.#changes.get(key);
    if (!change) return;
    this.discard(key);
    // It was answered, so this is another change, with its own key.
    const {
      key: _,
      madeAt: _madeAt,
      wasTried: _tried,
      state: _state,
      problem: _problem,
      errors: _errors,
      ...wanted
    } = change;
    this.add({ ...wanted, version: version ?? change.version });
  }

  /** @param {string} key */
  discard(key) {
    this.#changes.delete(key);
    void this.#options.kept.delete(key);
    this.changed();
  }

  /** Forgets all without a word, as at the end of a session; what the browser keeps stays. */
  clear() {
    this.#epoch++;
    this.#changes.clear();
    this.#busy.clear();
    this.changed();
  }

  /** @param {Change} change */
  #put(change) {
    this.#changes.set(change.key, change);
    void this.#options.kept.put(change);
    this.changed();
    return change;
  }

  /** @param {string} lane */
  async #run(lane) {
    if (this.#busy.has(lane)) return;
    const epoch = this.#epoch;
    this.#busy.add(lane);
    for (let attempt = 0; ; attempt++) {
      const wanted = this.#next(lane);
      if (!wanted) break;
      await this.#turn(wanted);
      // It may be gone by now, or for another version.
      const next = epoch === this.#epoch ? this.#next(lane) : undefined;
      const wait = await Promise.resolve(next && this.#send(next, attempt)).finally(() => this.#pass());
      if (epoch !== this.#epoch) return;
      if (wait === undefined) attempt = -1;
      else await this.#options.sleep(wait);
      if (epoch !== this.#epoch) return;
    }
    this.#busy.delete(lane);
  }

  /** @param {string} lane */
  #next(lane) {
    return this.all.find((change) => change.lane === lane && isUnanswered(change));
  }

  /** Resolves when the change may be sent: what was made by itself before the rest of a thousand tasks. @param {Change} change */
  async #turn({ batch }) {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise((/** @type {(nothing?: undefined) => void} */ resolve) =>
      batch ? this.#queue.push(resolve) : this.#queue.unshift(resolve),
    );
  }

  #pass() {
    const next = this.#queue.shift();
    if (next) next();
    else this.#free++;
  }

  /** @param {Change} change @param {number} attempt @returns {Promise<number | undefined>} how long to wait, if it must be sent again */
  async #send(change, attempt) {
    const epoch = this.#epoch;
    const { kept, onDone, onElsewhere, onStopped, onRefused, send } = this.#options;
    const isGone = !(await kept.has(change.key));
    if (epoch !== this.#epoch) return undefined;
    if (isGone) {
      this.discard(change.key);
      onElsewhere(change);
      return undefined;
    }
    const tried = this.#put({ ...change, wasTried: true });
    const timer = setTimeout(() => {
      if (epoch === this.#epoch && this.#changes.has(change.key)) this.#wait(tried, silence);
    }, silent);
    try {
      const answer = await send(tried, () => clearTimeout(timer));
      if (epoch !== this.#epoch || !this.#changes.has(change.key)) return undefined;
      this.discard(change.key);
      this.#follow(tried, answer.body);
      onDone(tried, answer);
      return undefined;
    } catch (error) {
      if (epoch !== this.#epoch || !this.#changes.has(change.key)) return undefined;
      const wait = retryAfter(error, attempt);
      if (error instanceof ApiError && error.status === 401) {
        onRefused();
        return 60_000;
      }
      const problem = error instanceof Error ? error.message : String(error);
      if (wait !== undefined) {
        this.#wait(tried, problem);
        return wait;
      }
      const isConflict = error instanceof ApiError && error.status === 412;
      const errors = error instanceof ApiError ? error.errors : [];
      onStopped(this.#put({ ...tried, state: isConflict ? 'conflict' : 'rejected', problem, errors }));
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** It waits, and with it all behind it. @param {Change} change @param {string} problem */
  #wait(change, problem) {
    this.#put({ ...change, state: 'waiting', problem });
    const behind = this.all.filter(({ lane, state }) => lane === change.lane && state === 'sending');
    for (const other of behind) this.#put({ ...other, state: 'waiting' });
  }

  /**
   * Changes that were made after this one for the same version of the task are meant for what it has become.
   *
   * @param {Change} done @param {unknown} body
   */
  #follow(done, body) {
    const { version } = /** @type {Partial<Task>} */ (body ?? {});
    if (done.taskId === undefined || version === undefined) return;
    for (const change of this.#changes.values()) {
      if (change.taskId === done.taskId && change.version === done.version && !change.wasTried) {
        this.#put({ ...change, version });
      }
    }
  }
}

/** @param {Change} change */
const isUnanswered = ({ state }) => state === 'sending' || state === 'waiting';

const longestWait = 15_000;
/** Browsers have six connections to a server: one follows it, and one is for what the user looks at meanwhile. */
const mostAtOnce = 4;

/** After so many milliseconds without a word from the server, the user is told. */
export const silent = 5_000;
export const silence = 'The server has not answered so far';

/** @param {unknown} error @param {number} attempt @returns {number | undefined} milliseconds, for an error that may pass */
function retryAfter(error, attempt) {
  const usual = Math.min(longestWait, 500 * 2 ** attempt);
  if (error instanceof AwayError) return usual;
  // Also when the same change was sent before and is still being made.
  if (error instanceof ApiError && (error.status === 429 || (error.status === 409 && error.retrySeconds > 0)))
    return Math.max(1000, error.retrySeconds * 1000);
  if (error instanceof ApiError && error.status >= 500) return Math.max(usual, error.retrySeconds * 1000);
  return undefined;
}
