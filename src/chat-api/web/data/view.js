import { Store } from './store.js';

/** @typedef {import('../show/sections.js').Filter} Filter @typedef {import('../show/sections.js').SectionId} SectionId */

/** How the user likes the list: kept until the user signs out. @typedef {{ sort: Filter['sort'], folded: SectionId[] }} Habits */
const habitsKey = 'kafka-events-view';

/** @returns {Habits} */
function keptHabits() {
  /** @type {unknown} */
  const kept = JSON.parse(localStorage.getItem(habitsKey) ?? 'null');
  return /** @type {Habits | null} */ (kept) ?? { sort: 'due', folded: ['done'] };
}

const { sort, folded } = keptHabits();

/** What the user looks at: nothing of it is known to the server. */
class View extends Store {
  /** @type {Filter} */
  filter = { query: '', tag: '', priority: '', sort };
  /** The task with something open beneath it. @type {{ id: string, what: 'edit' | 'snooze' } | undefined} */
  open;
  /** @type {Set<SectionId>} */
  folded = new Set(folded);
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
    if (change.sort) this.#keepHabits();
    this.changed();
  }

  /** @param {SectionId} id */
  fold(id) {
    this.folded = toggled(this.folded, id);
    this.#keepHabits();
    this.changed();
  }

  #keepHabits() {
    localStorage.setItem(habitsKey, JSON.stringify({ sort: this.filter.sort, folded: [...this.folded] }));
  }

  /** @param {string} id */
  select(id) {
    this.selected = toggled(this.selected ?? new Set(), id);
    this.changed();
  }

  clear() {
    localStorage.removeItem(habitsKey);
    const { sort, folded } = keptHabits();
    this.filter = { query: '', tag: '', priority: '', sort };
    this.folded = new Set(folded);
    this.set({ open: undefined, panel: undefined, selected: undefined, isChatOpen: false });
  }
}

/** @template T @param {ReadonlySet<T>} set @param {T} item */
function toggled(set, item) {
  const others = [...set].filter((other) => other !== item);
  return new Set(set.has(item) ? others : [...others, item]);
}

export const view = new View();
