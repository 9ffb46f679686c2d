import { Component } from 'preact';
import { client } from '../data/client.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { priorityNames } from '../show/priority-names.js';
import { sayRule } from '../show/recurrence-words.js';
import { sayTime } from '../show/times.js';
import { Conflict } from './conflict.js';
import { SnoozeChoices } from './snooze-choices.js';
import { TaskEditor } from './task-editor.js';

/**
 * @typedef {object} RowProperties
 * @property {import('../data/api.js').Task} task
 * @property {import('../data/outbox.js').Change | undefined} change of this task, on its way
 * @property {boolean} isOverdue
 * @property {'edit' | 'snooze' | undefined} open
 * @property {boolean | undefined} isSelected undefined while nothing is being selected
 * @property {number} today midnight: what "today" and "tomorrow" mean
 */

/** One task. It is made again only when something of it has changed, however many others there are. */
export class TaskRow extends /** @type {typeof Component<RowProperties>} */ (Component) {
  /** @override @param {RowProperties} next */
  shouldComponentUpdate(next) {
    const before = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (this.props));
    return Object.entries(next).some(([name, value]) => before[name] !== value);
  }

  /** @override */
  render() {
    const { task, change, isOverdue, open, isSelected, today } = this.props;
    const isDone = task.status === 'DONE';
    const classes = ['task', isDone && 'done', open && 'is-open', task.priority === 'HIGH' && 'high'];
    const toggle = (/** @type {'edit' | 'snooze'} */ what) =>
      view.set({ open: open === what ? undefined : { id: task.id, what } });
    return html`<li class=${classes.filter(Boolean).join(' ')} data-task=${task.id}>
      <div class="line">
        ${isSelected === undefined ? html`<${DoneBox} ...${{ task, change }} />` : html`<${SelectBox} ...${{ task, isSelected }} />`}
        <div class="text">
          <button
            type="button"
            class="title"
            aria-label=${`Edit: ${task.title}`}
            aria-expanded=${open === 'edit'}
            onClick=${() => toggle('edit')}
          >
            ${task.title}
          </button>
          ${open !== 'edit' && task.description && html`<p class="description">${task.description}</p>`}
          <${Details} ...${{ task, change, isOverdue, today }} />
        </div>
        <div class="actions">
          ${
            !isDone &&
            html`<button
              type="button"
              class="icon-button"
              aria-label=${`Snooze: ${task.title}`}
              title="Snooze"
              aria-expanded=${open === 'snooze'}
              onClick=${() => toggle('snooze')}
            >
              <${Icon} name="snooze" />
            </button>`
          }
          <button
            type="button"
            class="icon-button wide-only"
            aria-label=${`Delete: ${task.title}`}
            title="Delete"
            onClick=${() => client.remove(task)}
          >
            <${Icon} name="trash" />
          </button>
        </div>
      </div>
      ${open === 'snooze' && html`<${SnoozeChoices} ...${{ task }} />`}
      ${open === 'edit' && html`<${TaskEditor} key=${task.id} task=${task} />`}
      ${change && (change.state === 'conflict' || (change.state === 'rejected' && open !== 'edit')) && html`<${Conflict} ...${{ task, change }} />`}
    </li>`;
  }
}

/** Shows what is, not what was asked for: until the server has answered, it is only busy. @param {Pick<RowProperties, 'task' | 'change'>} properties */
function DoneBox({ task, change }) {
  const isDone = task.status === 'DONE';
  const isBusy = change !== undefined && ['complete', 'reopen'].includes(change.kind) && change.state !== 'conflict';
  return html`<button
    type="button"
    role="checkbox"
    class="check"
    aria-checked=${isDone}
    aria-busy=${isBusy}
    aria-label=${`Done: ${task.title}`}
    onClick=${() => !isBusy && (isDone ? client.reopen(task) : client.complete(task))}
  >
    <span class="box"><${Icon} name="check" /></span>
  </button>`;
}

/** @param {{ task: RowProperties['task'], isSelected: boolean }} properties */
function SelectBox({ task, isSelected }) {
  return html`<button
    type="button"
    role="checkbox"
    class="check select"
    aria-checked=${isSelected}
    aria-label=${`Select: ${task.title}`}
    onClick=${() => view.select(task.id)}
  >
    <span class="box"><${Icon} name="check" /></span>
  </button>`;
}

/** @param {Pick<RowProperties, 'task' | 'change' | 'isOverdue' | 'today'>} properties */
function Details({ task, change, isOverdue, today }) {
  const { due_date: due, recurrence, priority, status, tags } = task;
  const isWaiting = change?.state === 'waiting';
  const isPlain = !due && priority === 'MEDIUM' && tags.length === 0 && status !== 'IN_PROGRESS' && !isWaiting;
  if (isPlain) return null;
  return html`<div class="details">
    ${isWaiting && html`<span class="waits"><${Icon} name="cloud" />Waits to be sent</span>`}
    ${
      due &&
      html`<time class=${isOverdue ? 'overdue' : ''} datetime=${due}
        ><${Icon} name="clock" />${sayTime(due, today)}${isOverdue && html`<span class="hidden"> overdue</span>`}</time
      >`
    }
    ${recurrence && html`<span title=${recurrence.rule}><${Icon} name="repeat" />${sayRule(recurrence.rule)}</span>`}
    ${status === 'IN_PROGRESS' && html`<span class="progress">In progress</span>`}
    ${
      priority !== 'MEDIUM' &&
      html`<span class=${`priority ${priority.toLowerCase()}`}><${Icon} name="flag" />${priorityNames[priority]}</span>`
    }
    ${tags.map((tag) => html`<span class="tag" key=${tag}>#${tag}</span>`)}
  </div>`;
}
