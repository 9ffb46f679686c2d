import { client } from '../data/client.js';
import { randomId } from '../data/random-id.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { tagsOf } from '../show/sections.js';
import { snoozeTimes } from './snooze-choices.js';

/** @typedef {{ currentTarget: HTMLInputElement & HTMLSelectElement }} FieldEvent */

/** Search, filters, order; while tasks are being selected, what can be done with them. */
export function Toolbar() {
  return view.selected ? html`<${Selection} />` : html`<${Filters} />`;
}

function Filters() {
  const { query, tag, priority, sort } = view.filter;
  const tags = tagsOf(client.tasks.all);
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
    <select
      aria-label="Tag"
      value=${tag}
      data-on=${tag !== ''}
      onChange=${(/** @type {FieldEvent} */ { currentTarget }) => view.setFilter({ tag: currentTarget.value })}
    >
      <option value="">All tags</option>
      ${[...new Set([...tags, ...(tag ? [tag] : [])])].map((name) => html`<option key=${name} value=${name}>#${name}</option>`)}
    </select>
    <select
      aria-label="Priority"
      value=${priority}
      data-on=${priority !== ''}
      onChange=${(/** @type {FieldEvent} */ { currentTarget }) => view.setFilter({ priority: currentTarget.value })}
    >
      <option value="">Any priority</option>
      <option value="HIGH">High</option>
      <option value="MEDIUM">Medium</option>
      <option value="LOW">Low</option>
    </select>
    <select
      aria-label="Sort by"
      value=${sort}
      onChange=${(/** @type {FieldEvent} */ { currentTarget }) =>
        view.setFilter({ sort: /** @type {typeof sort} */ (currentTarget.value) })}
    >
      <option value="due">By date</option>
      <option value="priority">By priority</option>
      <option value="title">By title</option>
      <option value="newest">Newest first</option>
    </select>
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

function Selection() {
  const chosen = client.tasks.all.filter(({ id }) => view.selected?.has(id));
  /** @param {(task: import('../data/api.js').Task, batch: string) => void} act */
  const withAll = (act) => {
    const batch = randomId();
    for (const task of chosen) act(task, batch);
    view.set({ selected: undefined });
  };
  const isNone = chosen.length === 0;
  const tomorrow = snoozeTimes(Date.now())[2]?.until ?? 0;
  return html`<div class="toolbar selection" role="group" aria-label="Selected tasks">
    <p role="status">${isNone ? 'Select tasks below' : `${chosen.length} selected`}</p>
    <button
      type="button"
      class="plain"
      disabled=${isNone}
      onClick=${() => withAll((task, batch) => client.complete(task, batch))}
    >
      <${Icon} name="check" />Complete
    </button>
    <button
      type="button"
      class="plain"
      disabled=${isNone}
      onClick=${() => withAll((task, batch) => client.snooze(task, tomorrow, batch))}
    >
      <${Icon} name="snooze" />Tomorrow
    </button>
    <button
      type="button"
      class="plain danger"
      disabled=${isNone}
      onClick=${() => withAll((task, batch) => client.remove(task, batch))}
    >
      <${Icon} name="trash" />Delete
    </button>
    <button type="button" class="plain" onClick=${() => view.set({ selected: undefined })}>Cancel</button>
  </div>`;
}
