import { view } from '../data/view.js';
import { order } from './task-focus.js';

/** As many as can be undone. */
const most = 1000;

/** The task from which the next range goes. */
let from = '';

/** Selects a task, or no longer; with Shift, all tasks from the last one up to it. @param {string} id @param {MouseEvent} event */
export function select(id, { shiftKey }) {
  const [one = -1, other = -1] = [order.indexOf(from), order.indexOf(id)].toSorted((one, other) => one - other);
  if (shiftKey && view.selected?.has(from) && one >= 0) selectAll(order.slice(one, other + 1));
  else view.select(id);
  from = id;
}

/** Selects tasks beside those that are selected; without an argument, all that are listed. @param {readonly string[]} [ids] */
export function selectAll(ids = order) {
  view.set({ selected: new Set([...(view.selected ?? []), ...ids].slice(0, most)) });
}
