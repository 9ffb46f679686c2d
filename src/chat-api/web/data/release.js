import { client } from './client.js';

/** A page that stays open for days: keeps its files for when there is no connection, and says when they are old. */
export function followRelease() {
  // Only secure addresses have one: elsewhere the page works, but cannot be installed.
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  void serviceWorker.register('/service-worker.js');
  const own = document.querySelector('meta[name="release"]')?.getAttribute('content');
  serviceWorker.addEventListener('message', (/** @type {MessageEvent<{ release?: string }>} */ { data }) => {
    if (data.release === undefined || data.release === own) return;
    const actions = [{ label: 'Reload', run: () => location.reload() }];
    client.notices.show('There is a newer version of this page', { actions, isLasting: true });
  });
}
