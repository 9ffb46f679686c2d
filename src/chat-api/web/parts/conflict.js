import { client } from '../data/client.js';
import { drafts } from '../data/drafts.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { sayRule } from '../show/recurrence-words.js';
import { sayTime } from '../show/times.js';
import { draftOf } from './task-editor.js';

/** @typedef {import('../data/api.js').Task} Task @typedef {import('../data/outbox.js').Change} Change */

/** @type {Record<string, string>} */
const fieldNames = {
  title: 'Title',
  description: 'Description',
  priority: 'Priority',
  status: 'Status',
  due_date: 'Due',
  recurrence: 'Repeats',
  tags: 'Tags',
};

/**
 * A change that the server did not take: because the task is another one by now, then both versions are shown; or because
 * something about it is wrong.
 *
 * @param {{ task: Task, change: Change }} properties
 */
export function Conflict({ task, change }) {
  const isConflict = change.state === 'conflict';
  const mine = /** @type {Partial<Task>} */ (change.kind === 'edit' || change.kind === 'snooze' ? change.body : {});
  const fields = Object.keys(mine).filter((field) => say(field, mine) !== say(field, task));
  return html`<div class="conflict" role="group" aria-label=${`Not saved: ${change.label}`}>
    <p>
      <strong>${isConflict ? 'This task has changed meanwhile.' : `${change.label} was not possible.`}</strong>${' '}
      ${isConflict ? sayUndone(change) : !change.errors?.length && change.problem}
    </p>
    ${change.errors?.map(
      ({ field, message }) =>
        html`<p key=${field} class="error">${fieldNames[field.split('.')[0] ?? ''] ?? field}: ${message}</p>`,
    )}
    ${
      isConflict &&
      fields.length > 0 &&
      html`<table>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Yours</th>
            <th scope="col">Now</th>
          </tr>
        </thead>
        <tbody>
          ${fields.map(
            (field) =>
              html`<tr key=${field}>
                <th scope="row">${fieldNames[field] ?? field}</th>
                <td dir="auto">${say(field, mine)}</td>
                <td dir="auto">${say(field, task)}</td>
              </tr>`,
          )}
        </tbody>
      </table>`
    }
    <div class="buttons">
      ${
        change.kind === 'edit' &&
        html`<button type="button" class="plain" onClick=${() => edit(task, change)}>Edit</button>`
      }
      <button type="button" class="plain" onClick=${() => client.outbox.discard(change.key)}>
        ${isConflict ? 'Keep theirs' : 'Discard'}
      </button>
      <button type="button" onClick=${() => client.outbox.retry(change.key, task.version)}>
        ${isConflict ? 'Use mine' : 'Try again'}
      </button>
    </div>
  </div>`;
}

/** The table has what an edit is about. @param {Change} change */
function sayUndone({ kind, label }) {
  return kind === 'edit' ? 'Which version should stay?' : `Not done yet: ${label}.`;
}

/** Opens the form with the user's words in it, beside what the task has become. @param {Task} task @param {Change} change */
function edit(task, change) {
  const mine = { ...task, .../** @type {Partial<Task>} */ (change.body) };
  drafts.keep(`task ${task.id}`, { base: task, changes: draftOf(mine) });
  client.outbox.discard(change.key);
  view.set({ open: { id: task.id, what: 'edit' } });
}

/** @param {string} field @param {Partial<Task>} task @returns {string} */
function say(field, task) {
  if (field === 'due_date') return task.due_date ? sayTime(task.due_date, Date.now()) : 'No date';
  if (field === 'recurrence') return task.recurrence ? sayRule(task.recurrence.rule) : 'Never';
  if (field === 'tags') return (task.tags ?? []).map((tag) => `#${tag}`).join(' ') || 'None';
  const value = /** @type {Record<string, unknown>} */ (task)[field];
  return typeof value === 'string' && value !== '' ? value : 'None';
}
