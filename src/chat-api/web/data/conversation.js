import { drafts } from './drafts.js';
import { randomId } from './random-id.js';
import { Store } from './store.js';

/**
 * @typedef {object} Said
 * @property {string} id of the user's own: the key of the message's change
 * @property {boolean} isMine
 * @property {string} text
 * @property {'sent' | 'sending' | 'waiting' | 'failed'} state
 * @property {string} [progress] what the server is doing about it, while it is being sent
 * @property {boolean} [isQuiet] a toast says it too, or it was read
 * @property {{ label: string, message: string, shown: string }[]} [choices]
 */

const mostRemembered = 50;

/** What the user wrote and what the server answered. */
export class Conversation extends Store {
  /** Within a conversation, "it" means the task last spoken of. */
  id = randomId();
  /** @type {Said[]} */
  all = [];

  /** The user's messages of this tab, the last first. @returns {string[]} */
  get history() {
    return drafts.get('history', /** @type {string[]} */ ([]));
  }

  /** @param {string} message */
  remember(message) {
    const others = this.history.filter((text) => text !== message);
    drafts.keep('history', [message, ...others].slice(0, mostRemembered));
  }

  /** @param {Said} said one with the same id is replaced */
  say(said) {
    const isKnown = this.all.some(({ id }) => id === said.id);
    this.all = isKnown ? this.all.map((other) => (other.id === said.id ? said : other)) : [...this.all, said];
    this.changed();
  }

  /** @param {string} id @param {Said['state']} state */
  mark(id, state) {
    const said = this.all.find((one) => one.id === id);
    if (said && said.state !== state) this.say({ ...said, state, progress: '' });
  }

  /** @param {string} id of a message @param {string} progress */
  tell(id, progress) {
    const said = this.all.find((one) => one.id === id);
    if (said) this.say({ ...said, progress });
  }

  /** All of it was read: nothing of it needs to stay in sight. */
  see() {
    this.all = this.all.map((said) => ({ ...said, isQuiet: true }));
    this.changed();
  }

  clear() {
    this.id = randomId();
    this.all = [];
    this.changed();
  }
}
