import { useEffect, useState } from 'preact/hooks';
import { client } from '../data/client.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { sayDue } from '../show/times.js';
import { IconButton } from './icon-button.js';
import { snoozeTimes } from './snooze-choices.js';

/** How many stand above the page at once. With more reminders, one toast stands for all; older notices are unfolded. */
const wide = { reminders: 2, notices: 2 };
const narrow = { reminders: 1, notices: 1 };
const isNarrow = matchMedia('(max-width: 56rem)');

/** What happened just now, with Undo; and reminders, which stay until somebody does something about them. */
export function Toasts() {
  const { toasts } = client.notices;
  const { unseen } = client.reminders;
  const most = isNarrow.matches ? narrow : wide;
  const older = Math.max(0, toasts.length - most.notices);
  const [isUnfolded, setUnfolded] = useState(false);
  useEffect(() => setUnfolded(false), [older === 0]);
  const hold = (/** @type {boolean} */ isHeld) => () => {
    client.notices.isHeld = isHeld;
  };
  return html`<div
    class=${`toasts ${isUnfolded ? 'is-unfolded' : ''}`}
    role="region"
    aria-label="Notices"
    onMouseEnter=${hold(true)}
    onMouseLeave=${hold(false)}
    onFocusIn=${hold(true)}
    onFocusOut=${hold(false)}
  >
    ${
      unseen.length > most.reminders
        ? html`<${Group} />`
        : unseen.map((reminder) => html`<${ReminderToast} key=${reminder.id} reminder=${reminder} />`)
    }
    ${
      older > 0 &&
      html`<button
        type="button"
        class="chip"
        aria-expanded=${isUnfolded}
        onClick=${() => {
          setUnfolded(!isUnfolded);
          hold(!isUnfolded)();
        }}
      >
        ${isUnfolded ? 'Only the newest' : `${older} more`}
      </button>`
    }
    ${(isUnfolded ? toasts : toasts.slice(older)).map(
      ({ id, text, icon, actions }) =>
        html`<div class=${`toast ${icon}`} key=${id}>
          <${Icon} name=${icon} />
          <p dir="auto">${text}</p>
          ${actions.map(
            ({ label, run }) =>
              html`<button
                key=${label}
                type="button"
                class="link"
                onClick=${() => {
                  client.notices.close(id);
                  run();
                }}
              >
                ${label}
              </button>`,
          )}
          <${CloseButton} onClose=${() => client.notices.close(id)} />
        </div>`,
    )}
  </div>`;
}

/** @param {{ onClose: () => void }} properties */
function CloseButton({ onClose }) {
  return html`<${IconButton} icon="close" label="Close notice" onClick=${onClose} />`;
}

/** @param {{ reminder: import('../data/reminders.js').Reminder }} properties */
function ReminderToast({ reminder }) {
  const { id, task_id, title, due_date } = reminder;
  const task = client.tasks.get(task_id);
  const isOpen = task && task.status !== 'DONE';
  const see = () => client.reminders.see([id]);
  return html`<div class="toast bell">
    <${Icon} name="bell" />
    <p dir="auto"><span class="quiet">${sayDue(due_date, Date.now())}:</span> ${title}</p>
    ${
      isOpen &&
      html`<button
          type="button"
          class="link"
          aria-label=${`Done: ${title}`}
          onClick=${() => {
            see();
            client.complete(task);
          }}
        >
          Done
        </button>
        <button
          type="button"
          class="link"
          aria-label=${`Snooze 10 minutes: ${title}`}
          title="10 minutes"
          onClick=${() => {
            see();
            client.snooze(task, snoozeTimes(Date.now(), task.due_date)[0]?.until ?? 0);
          }}
        >
          Snooze
        </button>`
    }
    <${CloseButton} onClose=${see} />
  </div>`;
}

function Group() {
  const { unseen } = client.reminders;
  const names = unseen.slice(0, 3).map(({ title }) => title);
  return html`<div class="toast bell group">
    <${Icon} name="bell" />
    <p>
      <strong>${unseen.length} reminders.</strong>${' '}${names.join(', ')}
      ${unseen.length > names.length && ` and ${unseen.length - names.length} more`}
    </p>
    <button type="button" class="link" onClick=${() => view.set({ panel: 'reminders' })}>Show</button>
    <${CloseButton} onClose=${() => client.reminders.see(unseen.map(({ id }) => id))} />
  </div>`;
}
