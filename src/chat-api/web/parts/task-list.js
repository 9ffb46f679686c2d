import { useMemo, useRef } from 'preact/hooks';
import { client } from '../data/client.js';
import { drafts } from '../data/drafts.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { inOrder, toSections } from '../show/sections.js';
import { startOfDay } from '../show/times.js';
import { useTaskFocus } from './task-focus.js';
import { TaskRow } from './task-row.js';
import { useVisibleRows } from './visible-rows.js';

/** @typedef {import('../data/api.js').Task} Task @typedef {import('../show/sections.js').Section} Section */

/**
 * All tasks in their sections: one flat list, so that a task that moves to another section keeps its element, and with it
 * the focus, a menu, or words that are being written.
 */
export function TaskList() {
  const now = Date.now();
  const filter = { ...view.filter, pinned: view.open?.id };
  const isFiltered = filter.query !== '' || filter.tag !== '' || filter.priority !== '';
  const tasks = client.tasks.all;
  const before = useRef(/** @type {Task[]} */ ([]));
  const ordered = useMemo(() => (before.current = inOrder(tasks, filter.sort, before.current)), [tasks, filter.sort]);
  // Time makes tasks overdue.
  const second = Math.floor(now / 1000);
  const sections = useMemo(() => toSections(ordered, filter, now), [ordered, second, ...Object.values(filter)]);
  const rows = useMemo(() => toRows(sections, isFiltered), [sections, view.folded, view.open?.id]);
  const changes = new Map();
  for (const change of client.outbox.all) if (change.taskId) changes.set(change.taskId, change);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const order = useMemo(() => [...rows].filter(([, { task }]) => task).map(([key]) => key), [rows]);
  const visible = useVisibleRows(list, rows.keys(), [view.open?.id, ...useTaskFocus(list, order)]);
  const today = startOfDay(now);
  const unsaved = drafts.names;

  const items = visible.map((key, index) => {
    if (typeof key === 'number') {
      return html`<li key=${`gap ${index}`} class="gap" aria-hidden="true" style=${{ height: `${key}px` }} />`;
    }
    const row = rows.get(key);
    if (!row) return null;
    const { section, task } = row;
    if (!task) return html`<${SectionHeading} key=${key} ...${{ section, isFolded: isFolded(section, isFiltered) }} />`;
    return html`<${TaskRow}
      key=${key}
      task=${task}
      change=${changes.get(key)}
      isOverdue=${section.id === 'overdue'}
      isDraft=${unsaved.has(`task ${key}`) && view.open?.id !== key}
      open=${view.open?.id === key ? view.open.what : undefined}
      isSelected=${view.selected && view.selected.has(key)}
      today=${today}
    />`;
  });
  return html`<ul class="list" aria-label="Tasks" ref=${list}>
      ${items}
    </ul>
    ${sections.length === 0 && html`<${Empty} isFiltered=${isFiltered} />`}`;
}

/**
 * The sections' headings and tasks, by their keys; of a folded section only the task that is open.
 *
 * @param {Section[]} sections @param {boolean} isFiltered
 */
function toRows(sections, isFiltered) {
  /** @type {Map<string, { section: Section, task?: Task }>} */
  const rows = new Map();
  for (const section of sections) {
    rows.set(section.id, { section });
    const tasks = isFolded(section, isFiltered)
      ? section.tasks.filter(({ id }) => id === view.open?.id)
      : section.tasks;
    for (const task of tasks) rows.set(task.id, { section, task });
  }
  return rows;
}

/** Who searches looks into all sections but the last. @param {Section} section @param {boolean} isFiltered */
function isFolded({ id }, isFiltered) {
  return view.folded.has(id) && !(isFiltered && id !== 'done');
}

/** @param {{ section: Section, isFolded: boolean }} properties */
function SectionHeading({ section: { id, name, tasks }, isFolded }) {
  return html`<li class=${`section ${id}`} data-key=${id}>
    <h2>
      <button type="button" aria-expanded=${!isFolded} onClick=${() => view.fold(id)}>
        <${Icon} name="chevron" />${name}<span class="count">${tasks.length}</span>
      </button>
    </h2>
  </li>`;
}

/** @param {{ isFiltered: boolean }} properties */
function Empty({ isFiltered }) {
  if (!client.tasks.isLoaded) return html`<p class="empty quiet" aria-busy="true">Reading your tasks</p>`;
  if (isFiltered) {
    return html`<div class="empty">
      <p>No task matches.</p>
      <button type="button" class="plain" onClick=${() => view.setFilter({ query: '', tag: '', priority: '' })}>
        Show all tasks
      </button>
    </div>`;
  }
  return html`<div class="empty">
    <${Icon} name="check" />
    <p><strong>Nothing to do.</strong></p>
    <p class="quiet">Write "Pay rent tomorrow at 9am #home" into the box, and it appears here.</p>
  </div>`;
}
