import { changeTask } from './api.js';
import { byId } from './dom.js';

/** @typedef {import('./api.js').Task} Task */

const dialog = byId('editor', HTMLDialogElement);
const title = byId('edit-title', HTMLInputElement);
const description = byId('edit-description', HTMLTextAreaElement);
const due = byId('edit-due', HTMLInputElement);
const priority = byId('edit-priority', HTMLSelectElement);
const status = byId('edit-status', HTMLSelectElement);
const tags = byId('edit-tags', HTMLInputElement);
const failure = byId('editor-error', HTMLParagraphElement);

/** @type {Task | undefined} */
let edited;
/** The due time as the form showed it at first: the browser writes it in its own way, without milliseconds. */
let shownDue = '';

/** Opens the form for a task. @param {Task} task */
export function editTask(task) {
  edited = task;
  title.value = task.title;
  description.value = task.description ?? '';
  due.value = task.due_date ? localTime(task.due_date) : '';
  shownDue = due.value;
  priority.value = task.priority;
  status.value = task.status;
  tags.value = task.tags.join(' ');
  failure.textContent = '';
  dialog.showModal();
}

byId('editor-cancel', HTMLButtonElement).addEventListener('click', () => dialog.close());

byId('editor-form', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  if (!edited) return;
  changeTask(edited, changes()).then(
    () => dialog.close(),
    (/** @type {unknown} */ error) => (failure.textContent = error instanceof Error ? error.message : String(error)),
  );
});

/**
 * What the form says. The due date only when somebody touched it, so that it keeps its milliseconds.
 *
 * @returns {Partial<Task>}
 */
function changes() {
  const names = tags.value.split(/[\s,#]+/).filter((name) => name !== '');
  const moved = due.value !== shownDue;
  return {
    title: title.value,
    description: description.value || null,
    priority: /** @type {Task['priority']} */ (priority.value),
    status: /** @type {Task['status']} */ (status.value),
    tags: names,
    ...(moved && { due_date: due.value ? new Date(due.value).toISOString() : null }),
    ...(moved && !due.value && { recurrence: null }),
  };
}

/** An instant as the value of a datetime-local field, in the browser's zone. @param {string} instant */
function localTime(instant) {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
