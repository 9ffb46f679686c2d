/**
 * Keeps the page's own files, so that it opens without a connection. It never touches the API: what is known of tasks is
 * kept by the page itself, and forgotten when the user signs out.
 *
 * @typedef {Event & { waitUntil(work: Promise<unknown>): void }} WorkerEvent
 * @typedef {WorkerEvent & { request: Request, clientId: string, resultingClientId: string, respondWith(response: Promise<Response>): void }} FetchEvent
 * @typedef {WorkerEvent & { notification: Notification }} NotificationEvent
 * @typedef {WorkerEvent & { data: { json(): unknown } | null }} PushEvent
 * @typedef {{ url: string, visibilityState: string, focus(): Promise<unknown>, postMessage(message: object): void }} PageClient
 * @typedef {object} Worker
 * @property {() => Promise<void>} skipWaiting
 * @property {ServiceWorkerRegistration} registration
 * @property {{ claim(): Promise<void>, matchAll(options: object): Promise<PageClient[]>, openWindow(url: string): Promise<unknown> }} clients
 * @property {(type: string, listener: (event: never) => void) => void} addEventListener
 */

const worker = /** @type {Worker} */ (/** @type {unknown} */ (self));

/** The server puts the version and the addresses of all files here. @type {unknown} */
const given = 'the release';
const release = /** @type {{ version: string, addresses: string[] }} */ (given);
const cacheName = `page ${release.version}`;

worker.addEventListener('install', (/** @type {WorkerEvent} */ event) => {
  const keep = async () => {
    const cache = await caches.open(cacheName);
    await cache.addAll(release.addresses);
    await worker.skipWaiting();
  };
  event.waitUntil(keep());
});

worker.addEventListener('activate', (/** @type {WorkerEvent} */ event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
    await worker.clients.claim();
    const pages = await worker.clients.matchAll({ type: 'window' });
    for (const page of pages) page.postMessage({ release: release.version });
  };
  event.waitUntil(tidy());
});

worker.addEventListener('fetch', (/** @type {FetchEvent} */ event) => {
  const { pathname, origin } = new URL(event.request.url);
  const isOwn = origin === self.location.origin && release.addresses.includes(pathname);
  if (event.request.method === 'GET' && isOwn) event.respondWith(fromServerOrCache(event, pathname));
});

/** How long a page waits that is opened where a connection is there and nothing comes, as in a train, in milliseconds. */
const longestOpening = 3_000;
/** Pages that came from the cache: so do all their files, which belong to one release. @type {Set<string>} */
const cachedPages = new Set();

/** The server's files are the right ones whenever it answers. @param {FetchEvent} event @param {string} pathname */
async function fromServerOrCache({ request, clientId, resultingClientId }, pathname) {
  const kept = await caches.match(pathname);
  if (kept && cachedPages.has(clientId)) return kept;
  const isOpening = request.mode === 'navigate';
  try {
    const asked = fetch(request);
    const response = await (kept && isOpening ? Promise.race([asked, tooLate()]) : asked);
    if (response.status < 500) return response;
  } catch {
    // No connection: this is what the cache is for.
  }
  if (isOpening) cachedPages.add(resultingClientId);
  return kept ?? Response.error();
}

/** @returns {Promise<never>} */
function tooLate() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error('Nothing came')), longestOpening));
}

worker.addEventListener('push', (/** @type {PushEvent} */ event) => {
  if (!event.data) return;
  const told = /** @type {{ id: string, task_id: string, title: string, due_date: string }} */ (event.data.json());
  const { id, task_id, title, due_date } = told;
  const show = async () => {
    const pages = await worker.clients.matchAll({ type: 'window' });
    // A page that is looked at shows it itself.
    if (pages.some(({ visibilityState }) => visibilityState === 'visible')) return;
    const due = new Date(due_date).toLocaleString([], { weekday: 'short', hour: 'numeric', minute: '2-digit' });
    const icon = '/icons/icon-192.png';
    const options = { body: `Due ${due}`, tag: id, data: task_id, icon, badge: icon };
    await worker.registration.showNotification(title, options);
  };
  event.waitUntil(show());
});

worker.addEventListener('notificationclick', (/** @type {NotificationEvent} */ event) => {
  event.notification.close();
  const open = async () => {
    const [page] = await worker.clients.matchAll({ type: 'window' });
    const task = String(event.notification.data);
    page?.postMessage({ task });
    await (page ? page.focus() : worker.clients.openWindow(`/#${task}`));
  };
  event.waitUntil(open());
});
