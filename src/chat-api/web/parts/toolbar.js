import { client } from '../data/client.js';
import { randomId } from '../data/random-id.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { priorityNames } from '../show/priority-names.js';
import { tagsOf } from '../show/sections.js';
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
  return view.selected ? html`<${Selection} />` : html`<${Filters} />`;
}

function Filters() {
  const { query, tag, priority, sort } = view.filter;
  const tags = [...new Set([...tagsOf(client.tasks.all), ...(tag ? [tag] : [])])];
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
    <${Select}
      label="Tag"
      value=${tag}
      options=${[['', 'All tags'], ...tags.map((name) => [name, `#${name}`])]}
      onChoose=${(/** @type {string} */ chosen) => view.setFilter({ tag: chosen })}
    />
    <${Select}
      label="Priority"
      value=${priority}
      options=${[['', 'Any priority'], ...Object.entries(priorityNames)]}
      onChoose=${(/** @type {string} */ chosen) => view.setFilter({ priority: chosen })}
    />
    <${Select}
      label="Sort by"
      value=${sort}
      options=${orders}
      onChoose=${(/** @type {typeof sort} */ chosen) => view.setFilter({ sort: chosen })}
    />
    <button
      type="button"
      class="icon-button"
      aria-label="Select tasks"
      title="Select tasks"
      onClick=${() => view.set({ selected: new Set(), open: undefined })}
    >
      <${Icon} name="select" />
    </button>
  </div>`;
}

/**
 * A filter stands out while it is on.
 *
 * @param {{ label: string, value: string, options: [value: string, name: string][], onChoose: (value: string) => void }} properties
 */
function Select({ label, value, options, onChoose }) {
  return html`<select
    aria-label=${label}
    value=${value}
    data-on=${options[0]?.[0] === '' && value !== ''}
    onChange=${(/** @type {FieldEvent} */ { currentTarget }) => onChoose(currentTarget.value)}
  >
    ${options.map(([key, name]) => html`<option key=${key} value=${key}>${name}</option>`)}
  </select>`;
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
    <p role="status">${isNone ? 'Select tasks below' : `${chosen.length} selected`}</p>
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
    <button type="button" class="plain" onClick=${() => view.set({ selected: undefined })}>Cancel</button>
  </div>`;
}
