import { Store } from './store.js';

/**
 * @typedef {object} Toast
 * @property {number} id
 * @property {string} text
 * @property {'check' | 'alert' | 'bell'} icon
 * @property {{ label: string, run: () => void }[]} actions
 */

const shownMilliseconds = 10_000;
/** Longer than a screen reader needs to notice it. */
const spokenMilliseconds = 5_000;
const mostToasts = 20;

/** Short notices: toasts to look at, and texts that screen readers speak once. */
export class Notices extends Store {
  #ids = 0;
  /** @type {Toast[]} */
  toasts = [];
  /** @type {{ id: number, text: string }[]} */
  spoken = [];
  /** While the user is at a toast, none goes away. */
  isHeld = false;

  /** @param {string} text @param {Partial<Omit<Toast, 'id' | 'text'>> & { isSpoken?: boolean, isLasting?: boolean }} [options] */
  show(text, { icon = 'check', actions = [], isSpoken = true, isLasting = false } = {}) {
    const toast = { id: ++this.#ids, text, icon, actions };
    this.toasts = [...this.toasts, toast].slice(-mostToasts);
    if (isSpoken) this.speak(text);
    this.changed();
    if (!isLasting) this.#closeLater(toast.id);
  }

  /** @param {string} text */
  speak(text) {
    const id = ++this.#ids;
    this.spoken = [...this.spoken, { id, text }];
    this.changed();
    setTimeout(() => {
      this.spoken = this.spoken.filter((one) => one.id !== id);
      this.changed();
    }, spokenMilliseconds);
  }

  /** @param {number} id */
  close(id) {
    // Where the button goes that had the focus, nothing says so.
    this.isHeld = false;
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
    this.changed();
  }

  clear() {
    this.toasts = [];
    this.spoken = [];
    this.changed();
  }

  /** @param {number} id */
  #closeLater(id) {
    setTimeout(() => (this.isHeld ? this.#closeLater(id) : this.close(id)), shownMilliseconds);
  }
}
