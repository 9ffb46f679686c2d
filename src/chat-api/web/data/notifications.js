import { deleteSubscription, findPushKey, keepSubscription } from './api.js';

/** @typedef {import('./reminders.js').Reminder} Reminder */

/** @returns {'on' | 'off' | 'denied' | 'missing'} whether the browser shows reminders outside the page */
export function notificationState() {
  if (!('Notification' in window)) return 'missing';
  if (Notification.permission === 'denied') return 'denied';
  return Notification.permission === 'granted' ? 'on' : 'off';
}

/** Only by a click: browsers refuse a page that asks by itself, and people do too. */
export async function askForNotifications() {
  await Notification.requestPermission();
  await subscribe().catch(() => {}); // while the page is open, it works all the same
}

/** What the server calls this browser, to be forgotten at the end of the session. */
const subscriptionKey = 'kafka-events-push';

/** Whether it is told of reminders also while the page is closed. */
export const isSubscribed = () => localStorage.getItem(subscriptionKey) !== null;

/** Has reminders sent to this browser while the page is closed, where the user and the server allow it. */
export async function subscribe() {
  if (notificationState() !== 'on' || !('PushManager' in window)) return;
  const registration = await navigator.serviceWorker.ready;
  const applicationServerKey = await findPushKey();
  if (applicationServerKey === undefined) return;
  const options = { userVisibleOnly: true, applicationServerKey };
  const subscription = await registration.pushManager.subscribe(options).catch(async () => {
    // One for an earlier key of the server is in the way.
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    return registration.pushManager.subscribe(options);
  });
  localStorage.setItem(subscriptionKey, await keepSubscription(subscription.toJSON()));
}

/** Ends what `subscribe` began. */
async function unsubscribe() {
  const id = localStorage.getItem(subscriptionKey);
  if (id === null) return;
  localStorage.removeItem(subscriptionKey);
  // First, while there is a session. Where it fails, the push service tells the server that the browser is gone.
  const deleting = deleteSubscription(id).catch(() => {});
  const registration = await navigator.serviceWorker.getRegistration();
  const subscription = await registration?.pushManager.getSubscription();
  await Promise.all([subscription?.unsubscribe(), deleting]);
}

/** Nobody else who uses this browser learns of the user's tasks: neither by what is still shown, nor by what would come. */
export const endNotifications = () => Promise.all([unsubscribe(), closeNotifications()]).catch(() => {});

/** Those that are still shown, also of a user before who did not sign out: the page lists them all. */
export async function closeNotifications() {
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
}

/** One that fired longer ago is listed; a notification of it would be a surprise. In milliseconds. */
const fresh = 10 * 60_000;

/** Shows a reminder outside the page, while the page is not looked at. @param {Reminder} reminder @param {string} text */
export function notify({ id, task_id, fired_at }, text) {
  if (notificationState() !== 'on' || !document.hidden) return;
  if (Date.now() - Date.parse(fired_at) > fresh) return;
  const options = { tag: id, data: task_id, icon: '/icons/icon-192.png', badge: '/icons/icon-192.png' };
  void navigator.serviceWorker?.ready.then((registration) => registration.showNotification(text, options));
}
