import { Store } from './store.js';

/** @typedef {import('../show/sections.js').Filter} Filter @typedef {import('../show/sections.js').SectionId} SectionId */

/** What the user looks at: nothing of it is known to the server. */
class View extends Store {
  /** @type {Filter} */
  filter = { query: '', tag: '', priority: '', sort: 'due' };
  /** The task with something open beneath it. @type {{ id: string, what: 'edit' | 'snooze' } | undefined} */
  open;
  /** @type {Set<SectionId>} */
  folded = new Set(['done']);
  /** @type {'reminders' | 'help' | undefined} */
  panel;
  /** The ids of selected tasks, while the user selects. @type {Set<string> | undefined} */
  selected;
  /** Whether the whole conversation is shown, where there is little room. */
  isChatOpen = false;

  /** @param {Partial<Pick<View, 'open' | 'panel' | 'selected' | 'isChatOpen'>>} change */
  set(change) {
    Object.assign(this, change);
    this.changed();
  }

  /** @param {Partial<Filter>} change */
  setFilter(change) {
    this.filter = { ...this.filter, ...change };
    this.changed();
  }

  /** @param {SectionId} id */
  fold(id) {
    this.folded = toggled(this.folded, id);
    this.changed();
  }

  /** @param {string} id */
  select(id) {
    this.selected = toggled(this.selected ?? new Set(), id);
    this.changed();
  }

  clear() {
    this.filter = { query: '', tag: '', priority: '', sort: 'due' };
    this.set({ open: undefined, panel: undefined, selected: undefined, isChatOpen: false });
  }
}

/** @template T @param {ReadonlySet<T>} set @param {T} item */
function toggled(set, item) {
  const others = [...set].filter((other) => other !== item);
  return new Set(set.has(item) ? others : [...others, item]);
}

export const view = new View();
