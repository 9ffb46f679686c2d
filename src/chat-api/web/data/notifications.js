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
}

/** One that fired longer ago is listed; a notification of it would be a surprise. In milliseconds. */
const fresh = 10 * 60_000;

/** Shows a reminder outside the page, while the page is not looked at. @param {Reminder} reminder @param {string} text */
export function notify({ id, fired_at }, text) {
  if (notificationState() !== 'on' || !document.hidden) return;
  if (Date.now() - Date.parse(fired_at) > fresh) return;
  const options = { tag: id, icon: '/icons/icon-192.png', badge: '/icons/icon-192.png' };
  void navigator.serviceWorker?.ready.then((registration) => registration.showNotification(text, options));
}
