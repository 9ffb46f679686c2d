import { client } from '../data/client.js';
import { view } from '../data/view.js';

/** Opens a task, whatever is searched for or filtered. @param {string} id */
export function showTask(id) {
  if (client.tasks.isLoaded && !client.tasks.get(id)) {
    client.notices.show('This task is not there any more', { icon: 'alert' });
    return;
  }
  view.setFilter({ query: '', tag: '', priority: '' });
  view.set({ open: { id, what: 'edit' }, panel: undefined, isChatOpen: false });
}

/** A notification that is clicked opens its task: here, or in a page that is opened for it. */
export function followNotifications() {
  const show = (/** @type {MessageEvent<{ task?: string }>} */ { data: { task } }) => {
    if (task !== undefined && client.connection !== 'signed-out') showTask(task);
  };
  navigator.serviceWorker?.addEventListener('message', show);
  const id = location.hash.slice(1);
  history.replaceState(history.state, '', location.pathname + location.search);
  if (id) showTask(id);
}
