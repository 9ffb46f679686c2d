import { useEffect, useState } from 'preact/hooks';
import { client } from '../data/client.js';
import { askForNotifications, isSubscribed, notificationState } from '../data/notifications.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { sayDue } from '../show/times.js';
import { IconButton } from './icon-button.js';
import { Panel } from './panel.js';
import { showTask } from './show-task.js';

/** The reminders that fired, the newest first. */
export function ReminderPanel() {
  const { all } = client.reminders;
  // Who opens the list has seen them.
  useEffect(() => client.reminders.see(all.map(({ id }) => id)), [all]);
  useEffect(() => void client.readReminders().catch(() => {}), []); // what was read last is shown then
  return html`<${Panel} name="Reminders">
    <${Notifications} />
    ${
      all.length === 0
        ? html`<div class="empty">
            <${Icon} name="bell" />
            <p class="quiet">When a task is due, it appears here.</p>
          </div>`
        : html`<ul class="reminders" aria-label="Reminders">
              ${all.map(
                (reminder) =>
                  html`<li key=${reminder.id}>
                    <button type="button" class="title" dir="auto" onClick=${() => showTask(reminder.task_id)}>
                      ${reminder.title}
                    </button>
                    <span class="quiet">${sayDue(reminder.due_date, Date.now())}</span>
                    <${IconButton}
                      icon="close"
                      label=${`Clear: ${reminder.title}`}
                      onClick=${() => client.clearReminders(reminder)}
                    />
                  </li>`,
              )}
            </ul>
            <button type="button" class="plain" onClick=${() => client.clearReminders()}>Clear all</button>`
    }
  <//>`;
}

function Notifications() {
  const [state, setState] = useState(notificationState);
  if (state === 'missing') return null;
  if (state === 'on')
    return html`<p class="quiet">
      This browser also notifies you while the page is ${isSubscribed() ? 'closed' : 'in the background'}.
    </p>`;
  if (state === 'denied') {
    return html`<p class="quiet">Notifications are blocked. You can allow them in the settings of your browser.</p>`;
  }
  const ask = () => void askForNotifications().then(() => setState(notificationState()));
  return html`<button type="button" class="plain" onClick=${ask}>
    <${Icon} name="bell" />Notify me on this device
  </button>`;
}
