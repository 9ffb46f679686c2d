import { client } from '../data/client.js';
import { view } from '../data/view.js';
import { layers } from './layers.js';
import { selectAll } from './selecting.js';
import { moveFocus } from './task-focus.js';

const offKey = 'kafka-events-no-shortcuts';

/** Single keys can be in the way of who speaks to the computer (WCAG 2.1.4), so they can be turned off. */
export const shortcutSetting = {
  get isOn() {
    return localStorage.getItem(offKey) === null;
  },
  /** @param {boolean} isOn */
  set(isOn) {
    if (isOn) localStorage.removeItem(offKey);
    else localStorage.setItem(offKey, 'off');
    view.changed();
  },
};

/** @type {{ keys: string[], does: string }[]} */
export const shortcuts = [
  { keys: ['n'], does: 'Write a message' },
  { keys: ['↑'], does: 'In the message: the one before' },
  { keys: ['/'], does: 'Search' },
  { keys: ['j', 'k'], does: 'Next task, previous task' },
  { keys: ['Enter'], does: 'Edit the task' },
  { keys: ['x'], does: 'Complete the task, or reopen it' },
  { keys: ['s'], does: 'Snooze the task' },
  { keys: ['Delete'], does: 'Delete the task' },
  { keys: ['u'], does: 'Undo the last change' },
  { keys: ['Ctrl', 'A'], does: 'While selecting: all tasks' },
  { keys: ['Shift', 'click'], does: 'While selecting: all up to this one' },
  { keys: ['r'], does: 'Reminders' },
  { keys: ['Ctrl', 'Enter'], does: 'Save what is being edited' },
  { keys: ['Esc'], does: 'Close what is open' },
  { keys: ['?'], does: 'This sheet' },
];

/** @param {KeyboardEvent} event */
export function onKeyDown(event) {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.key === 'Escape') {
    escape(target);
    return;
  }
  // The browser finds only what is there; the page's search finds all tasks. Pressed again, it is the browser's.
  const isFind = event.key === 'f' && (event.ctrlKey || event.metaKey) && document.querySelector('.gap') !== null;
  if (isFind && target.id !== 'search') {
    event.preventDefault();
    document.getElementById('search')?.focus();
    return;
  }
  const isWriting = target.closest('input:not([type="radio"]), textarea, select') !== null;
  if (view.selected && event.key === 'a' && (event.ctrlKey || event.metaKey) && !isWriting) {
    event.preventDefault();
    selectAll();
  }
  if (isWriting || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const isHeld = event.repeat && !/^[jk]$/.test(event.key);
  if (isHeld) return;
  const id = target.closest('.task')?.getAttribute('data-key');
  const task = id ? client.tasks.get(id) : undefined;
  const isInEditor = target.closest('.editor') !== null;
  if (task && event.key === 'Delete' && !isInEditor) client.remove(task);
  if (!shortcutSetting.isOn) return;
  const did = onPage(event.key) || (task && !isInEditor && onTask(event.key, task)) || move(event.key, target);
  if (did) event.preventDefault();
}

/** @param {string} key @returns {boolean} whether it means something */
function onPage(key) {
  if (key === 'n') document.getElementById('message')?.focus();
  else if (key === '/') document.getElementById('search')?.focus();
  else if (key === 'u') client.undo();
  else if (key === '?') view.set({ panel: view.panel === 'help' ? undefined : 'help' });
  else if (key === 'r') view.set({ panel: view.panel === 'reminders' ? undefined : 'reminders' });
  else return false;
  return true;
}

/** @param {string} key @param {import('../data/api.js').Task} task @returns {boolean} */
function onTask(key, task) {
  if (key === 'x' && task.status === 'DONE') client.reopen(task);
  else if (key === 'x') client.complete(task);
  else if (key === 's') view.set({ open: { id: task.id, what: 'snooze' } });
  else return false;
  return true;
}

/** @param {string} key @param {Element} from @returns {boolean} */
function move(key, from) {
  const step = { j: 1, k: -1 }[key];
  if (step) moveFocus(step, from, () => view.changed());
  return step !== undefined;
}

/** Closes the innermost thing that is open; a task from within it only. @param {Element} target */
function escape(target) {
  const isAtTask = target.closest('.task') !== null || target === document.body;
  const innermost = Object.values(layers).find((layer) => layer.isOpen() && (layer !== layers.task || isAtTask));
  innermost?.close();
}
