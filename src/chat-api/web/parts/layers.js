import { view } from '../data/view.js';
import { closeConversation } from './chat.js';
import { titleOf } from './task-focus.js';

/** @typedef {{ isOpen: () => boolean, close: () => void }} Layer */

/** What can be open above the list of tasks, the innermost first. @type {Record<'panel' | 'task' | 'conversation' | 'selection', Layer>} */
export const layers = {
  panel: { isOpen: () => view.panel !== undefined, close: () => view.set({ panel: undefined }) },
  task: { isOpen: () => view.open !== undefined, close: closeTask },
  conversation: { isOpen: () => view.isChatOpen, close: closeConversation },
  selection: { isOpen: () => view.selected !== undefined, close: () => view.set({ selected: undefined }) },
};

function closeTask() {
  const { open } = view;
  view.set({ open: undefined });
  if (open) titleOf(open.id)?.focus();
}

const openLayers = () => Object.values(layers).filter(({ isOpen }) => isOpen());

/** How many entries the history has for what is open. @returns {number} */
function depth() {
  /** @type {unknown} */
  const state = history.state;
  return state instanceof Object && 'depth' in state ? Number(state.depth) : 0;
}

/** While the browser goes through its history, which it does in its own time, or what it left behind is being closed. */
let isGoing = false;

/**
 * The browser's Back closes what is open instead of leaving the page, as people expect on a phone: the history has an
 * entry for each layer. One that is closed in another way takes its entry with it, so that Forward finds nothing.
 */
export function followHistory() {
  view.subscribe(keepHistory);
  window.addEventListener('popstate', () => {
    const tooMany = isGoing ? 0 : openLayers().length - depth();
    isGoing = true;
    for (const layer of openLayers().slice(0, Math.max(0, tooMany))) layer.close();
    isGoing = false;
    keepHistory();
  });
  keepHistory();
}

function keepHistory() {
  if (isGoing) return;
  const { length: wanted } = openLayers();
  for (let next = depth() + 1; next <= wanted; next++) history.pushState({ depth: next }, '');
  if (depth() === wanted) return;
  isGoing = true;
  history.go(wanted - depth());
}
