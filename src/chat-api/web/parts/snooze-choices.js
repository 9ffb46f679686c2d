import { client } from '../data/client.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { sayTime, startOfDay } from '../show/times.js';

const minute = 60_000;
const nineInTheMorning = 9 * 60 * minute;

/** @param {number} now @returns {{ label: string, until: number }[]} */
export function snoozeTimes(now) {
  const days = (8 - new Date(now).getDay()) % 7 || 7;
  const monday = startOfDay(now, days) + nineInTheMorning;
  return [
    { label: '10 minutes', until: now + 10 * minute },
    { label: '1 hour', until: now + 60 * minute },
    { label: 'Tomorrow', until: startOfDay(now, 1) + nineInTheMorning },
    { label: 'Monday', until: monday },
  ];
}

/** @param {{ task: import('../data/api.js').Task }} properties */
export function SnoozeChoices({ task }) {
  const now = Date.now();
  return html`<div class="choices" role="group" aria-label=${`Snooze "${task.title}" for`}>
    ${snoozeTimes(now).map(
      ({ label, until }) =>
        html`<button
          key=${label}
          type="button"
          class="chip"
          title=${sayTime(new Date(until).toISOString(), now)}
          onClick=${() => {
            view.set({ open: undefined });
            client.snooze(task, until);
          }}
        >
          ${label}
        </button>`,
    )}
  </div>`;
}
