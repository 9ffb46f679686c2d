import { useLayoutEffect, useRef } from 'preact/hooks';
import { client } from '../data/client.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { sayTime, startOfDay } from '../show/times.js';

const minute = 60_000;
/** In the morning. */
const usualHour = 9;

/**
 * Later than the task is due, or than now if that is past.
 *
 * @param {number} now @param {string | null} [due] @returns {{ label: string, until: number }[]}
 */
export function snoozeTimes(now, due) {
  const from = Math.max(now, Date.parse(due ?? '') || 0);
  const isToday = from < startOfDay(now, 1);
  const daysToMonday = (8 - new Date(from).getDay()) % 7 || 7;
  return [
    { label: '10 minutes', until: from + 10 * minute },
    { label: '1 hour', until: from + 60 * minute },
    { label: isToday ? 'Tomorrow' : 'Next day', until: startOfDay(from, 1, usualHour) },
    { label: isToday ? 'Monday' : 'Next Monday', until: startOfDay(from, daysToMonday, usualHour) },
  ];
}

/** @param {{ task: import('../data/api.js').Task }} properties */
export function SnoozeChoices({ task }) {
  const now = Date.now();
  const choices = useRef(/** @type {HTMLElement | null} */ (null));
  // Those of the lowest task on a phone would be beneath the composer.
  useLayoutEffect(() => choices.current?.scrollIntoView({ block: 'nearest' }), []);
  return html`<div ref=${choices} class="choices" role="group" aria-label=${`Snooze "${task.title}" for`}>
    ${snoozeTimes(now, task.due_date).map(
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
    ${
      task.recurrence &&
      html`<button
        type="button"
        class="chip"
        onClick=${() => {
          view.set({ open: undefined });
          client.skip(task);
        }}
      >
        <${Icon} name="skip" />Skip this time
      </button>`
    }
  </div>`;
}
