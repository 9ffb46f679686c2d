import { Component } from 'preact';
import { client } from '../data/client.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { priorityNames } from '../show/priority-names.js';
import { sayRule } from '../show/recurrence-words.js';
import { sayTime } from '../show/times.js';
import { Conflict } from './conflict.js';
import { IconButton } from './icon-button.js';
import { select } from './selecting.js';
import { SnoozeChoices } from './snooze-choices.js';
import { TaskEditor } from './task-editor.js';

/**
 * @typedef {object} RowProperties
 * @property {import('../data/api.js').Task} task
 * @property {import('../data/outbox.js').Change | undefined} change of this task, on its way
 * @property {boolean} isOverdue
 * @property {boolean} isDraft whether the user has changed it and not saved it yet
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
    const { task, change, isOverdue, isDraft, open, isSelected, today } = this.props;
    const isDone = task.status === 'DONE';
    const isSelecting = isSelected !== undefined;
    const classes = ['task', isDone && 'done', open && 'is-open', task.priority === 'HIGH' && 'high'];
    const toggle = (/** @type {'edit' | 'snooze'} */ what) =>
      view.set({ open: open === what ? undefined : { id: task.id, what } });
    const onSelect = (/** @type {MouseEvent} */ event) => select(task.id, event);
    return html`<li class=${classes.filter(Boolean).join(' ')} data-key=${task.id}>
      <div class="line">
        ${
          isSelecting
            ? html`<${Box}
                label=${`Select: ${task.title}`}
                isChecked=${isSelected}
                more="select"
                onClick=${onSelect}
              />`
            : html`<${DoneBox} ...${{ task, change }} />`
        }
        <div class="text">
          <button
            type="button"
            class="title"
            aria-label=${`${isSelecting ? 'Select' : 'Edit'}: ${task.title}`}
            aria-expanded=${isSelecting ? undefined : open === 'edit'}
            dir="auto"
            onClick=${isSelecting ? onSelect : () => toggle('edit')}
          >
            ${task.title}
          </button>
          ${open !== 'edit' && task.description && html`<p class="description" dir="auto">${task.description}</p>`}
          <${Details} ...${{ task, change, isOverdue, isDraft, today }} />
        </div>
        <div class="actions">
          ${
            !isDone &&
            html`<${IconButton}
              icon="snooze"
              label=${`Snooze: ${task.title}`}
              title="Snooze"
              aria-expanded=${open === 'snooze'}
              onClick=${() => toggle('snooze')}
            />`
          }
          <${IconButton}
            icon="trash"
            label=${`Delete: ${task.title}`}
            title="Delete"
            more="wide-only"
            onClick=${() => client.remove(task)}
          />
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
  const isBusy = change !== undefined && client.outbox.isOnItsWay(task.id, 'complete', 'reopen');
  const toggle = () => !isBusy && (isDone ? client.reopen(task) : client.complete(task));
  return html`<${Box} label=${`Done: ${task.title}`} isChecked=${isDone} isBusy=${isBusy} onClick=${toggle} />`;
}

/** @param {{ label: string, isChecked: boolean, isBusy?: boolean, more?: string, onClick: (event: MouseEvent) => void }} properties */
function Box({ label, isChecked, isBusy = false, more = '', onClick }) {
  return html`<button
    type="button"
    role="checkbox"
    class=${`check ${more}`}
    aria-checked=${isChecked}
    aria-busy=${isBusy}
    aria-label=${label}
    onClick=${onClick}
  >
    <span class="box"><${Icon} name="check" /></span>
  </button>`;
}

/** @param {Pick<RowProperties, 'task' | 'change' | 'isOverdue' | 'isDraft' | 'today'>} properties */
function Details({ task, change, isOverdue, isDraft, today }) {
  const { due_date: due, recurrence, priority, status, tags } = task;
  const isWaiting = change?.state === 'waiting';
  const isPlain = !due && priority === 'MEDIUM' && tags.length === 0 && status !== 'IN_PROGRESS';
  if (isPlain && !isWaiting && !isDraft) return null;
  return html`<div class="details">
    ${isWaiting && html`<span class="waits"><${Icon} name="cloud" />Waits to be sent</span>`}
    ${isDraft && html`<span class="waits"><${Icon} name="edit" />Not saved</span>`}
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
