import { ApiError, changeTask, completeTask, deleteTask, loadTasks } from './api.js';
import { byId, element, showTime } from './dom.js';
import { editTask } from './editor.js';
import { showToast } from './toasts.js';

/** @typedef {import('./api.js').Task} Task */

/** The list of tasks, kept by the live connection. */
export function createTasks() {
  /** @type {Map<string, Task>} */
  const tasks = new Map();
  /** Versions of deleted tasks: a list that was read before must not bring them back. @type {Map<string, number>} */
  const deleted = new Map();
  const showDone = byId('show-done', HTMLInputElement);
  showDone.addEventListener('change', () => render());

  /** @param {Task} task */
  function put(task) {
    const known = tasks.get(task.id)?.version ?? deleted.get(task.id) ?? 0;
    if (task.version > known) tasks.set(task.id, task);
  }

  /** @param {string} [fresh] the task that has just changed */
  function render(fresh) {
    const all = [...tasks.values()];
    const shown = all.filter((task) => showDone.checked || task.status !== 'DONE').sort(byDueDate);
    const focused = document.activeElement?.id;
    byId('task-list', HTMLUListElement).replaceChildren(...shown.map((task) => taskItem(task, task.id === fresh)));
    if (focused) document.getElementById(focused)?.focus();
    byId('task-count', HTMLSpanElement).textContent = String(all.filter(({ status }) => status !== 'DONE').length);
    byId('no-tasks', HTMLParagraphElement).hidden = shown.length > 0;
  }
  // What is overdue changes by itself.
  setInterval(() => render(), 30_000);

  return {
    /** Reads the whole list. */
    async load() {
      const loaded = await loadTasks();
      for (const task of loaded) put(task);
      render();
    },
    /** @param {{ task?: Task, deleted?: { id: string, version: number } }} change */
    apply(change) {
      if (change.task) put(change.task);
      if (change.deleted) {
        tasks.delete(change.deleted.id);
        deleted.set(change.deleted.id, change.deleted.version);
      }
      render(change.task?.id);
    },
    clear() {
      tasks.clear();
      deleted.clear();
      render();
    },
  };
}

/** @param {Task} one @param {Task} other */
function byDueDate(one, other) {
  const [a, b] = [one, other].map(({ due_date: due }) => (due ? Date.parse(due) : Infinity));
  return a === b ? one.title.localeCompare(other.title) : (a ?? 0) - (b ?? 0);
}

/** @param {Task} task @param {boolean} fresh */
function taskItem(task, fresh) {
  const done = task.status === 'DONE';
  const check = element('input', {
    id: `done-${task.id}`,
    type: 'checkbox',
    checked: done,
    ariaLabel: `Done: ${task.title}`,
  });
  check.addEventListener('change', () => act(done ? changeTask(task, { status: 'TODO' }) : completeTask(task)));
  const edit = button(`edit-${task.id}`, 'Edit', task, () => editTask(task));
  const remove = button(`delete-${task.id}`, 'Delete', task, () => act(deleteTask(task)));
  const text = element('div', { className: 'task' }, element('div', { className: 'title' }, task.title), details(task));
  const className = [done && 'done', fresh && 'fresh'].filter(Boolean).join(' ');
  return element('li', { className }, check, text, element('div', { className: 'actions' }, edit, remove));
}

/** @param {Task} task */
function details(task) {
  const { due_date: due, priority, recurrence, status, tags } = task;
  const overdue = due && status !== 'DONE' && Date.parse(due) < Date.now();
  const time = due ? element('span', { className: overdue ? 'overdue' : '' }, showTime(due)) : undefined;
  if (overdue) time?.append(' · overdue');
  const high = priority === 'HIGH' ? element('span', { className: 'tag high' }, 'high') : undefined;
  return element(
    'div',
    { className: 'details' },
    time,
    recurrence ? element('span', { title: recurrence.rule }, '↻ repeats') : undefined,
    status === 'IN_PROGRESS' ? element('span', {}, 'in progress') : undefined,
    high,
    priority === 'LOW' ? element('span', { className: 'tag' }, 'low') : undefined,
    ...tags.map((tag) => element('span', { className: 'tag' }, `#${tag}`)),
  );
}

/** @param {string} id @param {string} label @param {Task} task @param {() => void} onClick */
function button(id, label, task, onClick) {
  const made = element(
    'button',
    { id, type: 'button', className: 'plain', ariaLabel: `${label}: ${task.title}` },
    label,
  );
  made.addEventListener('click', onClick);
  return made;
}

/** The live connection shows the result; only a failure is told here. @param {Promise<void>} action */
function act(action) {
  action.catch((/** @type {unknown} */ error) => {
    showToast(error instanceof ApiError ? error.message : 'The server cannot be reached');
  });
}
