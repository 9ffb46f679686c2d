import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Where the focus is among the tasks: by task and not by element, since most rows are made only when they come near the
 * screen, and keys are pressed faster than rows are made.
 */

/** All tasks as they are listed, also those without an element. @type {readonly string[]} */
export let order = [];
/** The task that gets the focus once it has an element, unless the user goes elsewhere until then. @type {{ key: string, from: Element | null } | undefined} */
let wanted;

/**
 * The focus goes so many tasks on; from outside the list, to the first task on the screen.
 *
 * @param {number} step @param {Element} from what has the focus @param {() => void} show makes rows
 */
export function moveFocus(step, from, show) {
  const key = wanted?.from === document.activeElement ? wanted?.key : keyOf(from);
  const at = key === undefined ? -1 : order.indexOf(key);
  const next = at < 0 ? firstOnScreen() : order[Math.max(0, Math.min(order.length - 1, at + step))];
  if (next === undefined) return;
  wanted = { key: next, from: document.activeElement };
  if (!focusWanted()) show();
}

/** @returns {boolean} whether its row is there */
function focusWanted() {
  const title = wanted && titleOf(wanted.key);
  if (!title) return false;
  wanted = undefined;
  title.focus();
  return true;
}

/** @param {string} key @returns {HTMLElement | undefined} */
export function titleOf(key) {
  const title = document.querySelector(`.task[data-key="${key}"] .title`);
  return title instanceof HTMLElement ? title : undefined;
}

/** @param {Element} element @returns {string | undefined} the key of the task that it belongs to */
function keyOf(element) {
  return element.closest('.task')?.getAttribute('data-key') ?? undefined;
}

function firstOnScreen() {
  const top = document.querySelector('.top')?.getBoundingClientRect().bottom ?? 0;
  const title = [...document.querySelectorAll('.task .title')].find((one) => one.getBoundingClientRect().top >= top);
  return title && keyOf(title);
}

/**
 * A live change that moves the focused row must not take the focus away; nor does a form that closes. Where the row goes,
 * the next one gets it.
 *
 * @param {{ current: HTMLElement | null }} list @param {readonly string[]} keys of all tasks in their order
 * @returns {(string | undefined)[]} the keys of rows that must be there: of the focused one, and of the one it goes to
 */
export function useTaskFocus(list, keys) {
  order = keys;
  const before = useRef(
    /** @type {{ element: Element | null, around: (Element | null | undefined)[] }} */ ({ element: null, around: [] }),
  );
  const element = document.activeElement;
  const row = element?.closest('.list > li');
  if (wanted && wanted.from !== element) wanted = undefined;
  before.current = { element, around: [row, row?.nextElementSibling, row?.previousElementSibling] };
  useLayoutEffect(() => {
    if (focusWanted()) return;
    const { element, around } = before.current;
    if (!(element instanceof HTMLElement) || document.activeElement !== document.body || element === document.body)
      return;
    const next = element.isConnected
      ? element
      : [...around, list.current].find((one) => one?.isConnected)?.querySelector('.title, h2 button');
    if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  });
  return [row?.getAttribute('data-key') ?? undefined, wanted?.key];
}
