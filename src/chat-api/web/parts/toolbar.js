import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { client } from '../data/client.js';
import { randomId } from '../data/random-id.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { priorityNames } from '../show/priority-names.js';
import { tagsOf } from '../show/sections.js';
import { IconButton } from './icon-button.js';
import { selectAll } from './selecting.js';
import { snoozeTimes } from './snooze-choices.js';

/** @typedef {import('../data/api.js').Task} Task @typedef {{ currentTarget: HTMLInputElement & HTMLSelectElement }} FieldEvent */

const orders = [
  ['due', 'By date'],
  ['priority', 'By priority'],
  ['title', 'By title'],
  ['newest', 'Newest first'],
];

/** Search, filters, order; while tasks are being selected, what can be done with them. */
export function Toolbar() {
  const isSelecting = view.selected !== undefined;
  const was = useRef(isSelecting);
  useLayoutEffect(() => {
    // The button that had the focus gives way to the other one.
    const other = document.querySelector('.toolbar .mode');
    const isLost = was.current !== isSelecting && document.activeElement === document.body;
    if (isLost && other instanceof HTMLElement) other.focus();
    was.current = isSelecting;
  }, [isSelecting]);
  return view.selected ? html`<${Selection} />` : html`<${Filters} />`;
}

function Filters() {
  const { query, tag } = view.filter;
  const tasks = client.tasks.all;
  const known = useMemo(() => tagsOf(tasks), [tasks]);
  const tags = [...new Set([...known, ...(tag ? [tag] : [])])];
  return html`<div class="toolbar" role="search">
    <div class="search">
      <${Icon} name="search" />
      <input
        id="search"
        type="search"
        aria-label="Search"
        placeholder="Search"
        value=${query}
        onInput=${(/** @type {FieldEvent} */ { currentTarget }) => view.setFilter({ query: currentTarget.value })}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
          if (event.key === 'Escape') view.setFilter({ query: '', tag: '', priority: '' });
        }}
      />
    </div>
    <${Select} label="Tag" field="tag" options=${[['', 'All tags'], ...tags.map((name) => [name, `#${name}`])]} />
    <${Select} label="Priority" field="priority" options=${[['', 'Any priority'], ...Object.entries(priorityNames)]} />
    <${Select} label="Sort by" field="sort" options=${orders} />
    <${IconButton}
      icon="select"
      label="Select tasks"
      title="Select tasks"
      more="mode"
      onClick=${() => view.set({ selected: new Set(), open: undefined })}
    />
  </div>`;
}

/**
 * A filter stands out while it is on.
 *
 * @param {{ label: string, field: 'tag' | 'priority' | 'sort', options: [value: string, name: string][] }} properties
 */
function Select({ label, field, options }) {
  const value = view.filter[field];
  return html`<span class="picker">
    <select
      aria-label=${label}
      value=${value}
      data-on=${options[0]?.[0] === '' && value !== ''}
      onChange=${(/** @type {FieldEvent} */ { currentTarget }) => view.setFilter({ [field]: currentTarget.value })}
    >
      ${options.map(([key, name]) => html`<option key=${key} value=${key}>${name}</option>`)}
    </select>
    <${Icon} name="chevron" />
  </span>`;
}

const tomorrow = () => snoozeTimes(Date.now())[2]?.until ?? 0;

/** @type {{ name: string, icon: import('../show/icons.js').IconName, act: (task: Task, batch: string) => void }[]} */
const actions = [
  { name: 'Complete', icon: 'check', act: (task, batch) => client.complete(task, batch) },
  { name: 'Tomorrow', icon: 'snooze', act: (task, batch) => client.snooze(task, tomorrow(), batch) },
  { name: 'Delete', icon: 'trash', act: (task, batch) => client.remove(task, batch) },
];

function Selection() {
  const chosen = client.tasks.all.filter(({ id }) => view.selected?.has(id));
  /** @param {(typeof actions)[number]['act']} act */
  const withAll = (act) => {
    const batch = randomId();
    for (const task of chosen) act(task, batch);
    view.set({ selected: undefined });
  };
  const isNone = chosen.length === 0;
  return html`<div class="toolbar selection" role="group" aria-label="Selected tasks">
    <p role="status">${chosen.length} selected</p>
    <button type="button" class="plain" onClick=${() => selectAll()}>Select all</button>
    <button type="button" class="plain mode" onClick=${() => view.set({ selected: undefined })}>Cancel</button>
    ${actions.map(
      ({ name, icon, act }) =>
        html`<button
          key=${name}
          type="button"
          class=${`plain ${icon === 'trash' ? 'danger' : ''}`}
          disabled=${isNone}
          onClick=${() => withAll(act)}
        >
          <${Icon} name=${icon} />${name}
        </button>`,
    )}
  </div>`;
}
