import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { client } from '../data/client.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { toSections } from '../show/sections.js';
import { startOfDay } from '../show/times.js';
import { TaskRow } from './task-row.js';

/**
 * All tasks in their sections: one flat list, so that a task that moves to another section keeps its element, and with it
 * the focus, a menu, or words that are being written.
 */
export function TaskList() {
  const now = Date.now();
  const filter = { ...view.filter, pinned: view.open?.id };
  const tasks = client.tasks.all;
  // Thousands of tasks are not sorted again for a row more, or a notice.
  const second = Math.floor(now / 1000);
  const sections = useMemo(() => toSections(tasks, filter, now), [tasks, second, ...Object.values(filter)]);
  const isFiltered = filter.query !== '' || filter.tag !== '' || filter.priority !== '';
  const changes = new Map();
  for (const change of client.outbox.all) if (change.taskId) changes.set(change.taskId, change);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useKeptFocus(list);

  let left = view.limit;
  const today = startOfDay(now);
  const items = sections.flatMap(({ id, name, tasks }) => {
    const isFolded = view.folded.has(id) && !(isFiltered && id !== 'done');
    const shown = isFolded ? [] : tasks.slice(0, Math.max(0, left));
    left -= shown.length;
    return [
      html`<li key=${id} class=${`section ${id}`}>
        <h2>
          <button type="button" aria-expanded=${!isFolded} onClick=${() => view.fold(id)}>
            <${Icon} name="chevron" />${name}<span class="count">${tasks.length}</span>
          </button>
        </h2>
      </li>`,
      ...shown.map(
        (task) =>
          html`<${TaskRow}
            key=${task.id}
            task=${task}
            change=${changes.get(task.id)}
            isOverdue=${id === 'overdue'}
            open=${view.open?.id === task.id ? view.open.what : undefined}
            isSelected=${view.selected && view.selected.has(task.id)}
            today=${today}
          />`,
      ),
    ];
  });
  return html`<ul class="list" aria-label="Tasks" ref=${list}>
      ${items}
    </ul>
    ${left <= 0 && html`<${More} key=${view.limit} />`}
    ${sections.length === 0 && html`<${Empty} isFiltered=${isFiltered} />`}`;
}

/** The end of the rows that are made: coming near it makes more. */
function More() {
  const end = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && view.showMore(),
      { rootMargin: '1500px' },
    );
    if (end.current) observer.observe(end.current);
    return () => observer.disconnect();
  }, []);
  return html`<p class="more" ref=${end}>Loading more</p>`;
}

/** @param {{ isFiltered: boolean }} properties */
function Empty({ isFiltered }) {
  if (!client.tasks.isLoaded) return html`<p class="empty quiet" aria-busy="true">Reading your tasks</p>`;
  if (isFiltered) return html`<p class="empty">No task matches. Press Esc in the search to see all of them.</p>`;
  return html`<div class="empty">
    <${Icon} name="check" />
    <p><strong>Nothing to do.</strong></p>
    <p class="quiet">Write "Pay rent tomorrow at 9am #home" into the box, and it appears here.</p>
  </div>`;
}

/** A live change that moves the focused row must not take the focus away. @param {{ current: HTMLElement | null }} list */
function useKeptFocus(list) {
  const focused = useRef(/** @type {Element | null} */ (null));
  focused.current = document.activeElement;
  useLayoutEffect(() => {
    const before = focused.current;
    if (!(before instanceof HTMLElement) || document.activeElement === before) return;
    if (document.activeElement !== document.body) return;
    if (before.isConnected) before.focus({ preventScroll: true });
    else list.current?.querySelector('button')?.focus({ preventScroll: true });
  });
}
