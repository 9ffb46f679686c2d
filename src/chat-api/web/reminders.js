import { byId, element, showTime } from './dom.js';
import { showToast } from './toasts.js';

/**
 * @typedef {object} Reminder
 * @property {string} id
 * @property {string} title
 * @property {string} due_date
 * @property {string} fired_at
 * @property {number} lead_time_seconds
 */

const kept = 50;
/** One that fired longer ago was missed while the page was away: it is listed, but not announced. */
const freshMilliseconds = 60_000;

/** The list of reminders; each fresh one is also a toast. */
export function createReminders() {
  const list = byId('reminder-list', HTMLUListElement);
  /** @type {Set<string>} */
  const seen = new Set();
  return {
    /** @param {Reminder} reminder */
    add(reminder) {
      if (seen.has(reminder.id)) return;
      seen.add(reminder.id);
      const title = element('div', { className: 'title' }, reminder.title);
      const due = element('div', { className: 'details' }, 'due ', showTime(reminder.due_date));
      const text = element('div', { className: 'task' }, title, due);
      list.prepend(
        element('li', { className: 'fresh' }, element('span', { className: 'bell', ariaHidden: 'true' }), text),
      );
      if (list.children.length > kept) list.lastElementChild?.remove();
      byId('reminder-count', HTMLSpanElement).textContent = String(list.children.length);
      byId('no-reminders', HTMLParagraphElement).hidden = true;
      if (Date.now() - Date.parse(reminder.fired_at) < freshMilliseconds) showToast(words(reminder));
    },
    clear() {
      seen.clear();
      list.replaceChildren();
      byId('reminder-count', HTMLSpanElement).textContent = '0';
      byId('no-reminders', HTMLParagraphElement).hidden = false;
    },
  };
}

/** @param {Reminder} reminder */
function words({ title, lead_time_seconds: lead }) {
  const minutes = Math.round(lead / 60);
  return lead === 0 ? `Due now: ${title}` : `Due in ${minutes > 0 ? `${minutes} min` : `${lead} s`}: ${title}`;
}
