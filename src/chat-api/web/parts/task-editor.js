import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { rehearse } from '../data/api.js';
import { client } from '../data/client.js';
import { drafts } from '../data/drafts.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { priorityNames } from '../show/priority-names.js';
import { ruleWords } from '../show/recurrence-words.js';
import { fieldTime, startOfDay, timeZone } from '../show/times.js';

/**
 * @typedef {import('../data/api.js').Task} Task
 * @typedef {import('../data/outbox.js').Change} Change
 * @typedef {{ title: string, description: string, due: string, repeat: string, priority: Task['priority'], status: Task['status'], tags: string }} Draft
 * @typedef {{ state: 'none' | 'reading' | 'read' | 'failed', says?: string, recurrence?: Task['recurrence'], due_date?: string | null }} Meaning
 */

/** @param {Task} task @returns {Draft} */
export function draftOf(task) {
  return {
    title: task.title,
    description: task.description ?? '',
    due: task.due_date ? fieldTime(task.due_date) : '',
    repeat: task.recurrence ? (ruleWords(task.recurrence.rule) ?? task.recurrence.rule) : '',
    priority: task.priority,
    status: task.status,
    tags: task.tags.map((tag) => `#${tag}`).join(' '),
  };
}

/**
 * The form beneath a task. It begins with the task as it was when it was opened: a live change meanwhile neither takes the
 * user's words away nor is overwritten unseen.
 *
 * @param {{ task: Task }} properties
 */
export function TaskEditor({ task }) {
  const name = `task ${task.id}`;
  const [{ base, changes }, setState] = useState(() =>
    drafts.get(name, { base: task, changes: /** @type {Partial<Draft>} */ ({}) }),
  );
  const [sent, setSent] = useState('');
  const [rejected, setRejected] = useState(/** @type {Change | undefined} */ (undefined));
  // Only what the user has touched: the rest goes with the browser into another time zone.
  const first = draftOf(base);
  const draft = { ...first, ...changes };
  const meaning = useMeaning(draft, first);
  const titleField = useRef(/** @type {HTMLInputElement | null} */ (null));
  const set = (/** @type {Partial<Draft>} */ part) =>
    setState(({ changes }) => ({ base, changes: { ...changes, ...part } }));
  const isTouched = JSON.stringify(draft) !== JSON.stringify(first);
  useLayoutEffect(() => (isTouched ? drafts.keep(name, { base, changes }) : drafts.drop(name)), [changes]);
  const close = () => {
    drafts.drop(name);
    view.set({ open: undefined });
  };
  useLayoutEffect(() => {
    // With the form, not a frame later: what is typed into another field by then would land in this one.
    titleField.current?.focus();
    titleField.current?.form?.scrollIntoView({ block: 'nearest' });
  }, []);

  const own = client.outbox.get(sent);
  const isSending = own?.state === 'sending';
  useEffect(() => {
    if (sent === '') return;
    if (own?.state === 'rejected') {
      // Here, where the user can put it right.
      setRejected(own);
      drafts.keep(name, { base, changes });
      setSent('');
      client.outbox.discard(own.key);
    } else if (own?.state !== 'sending') close(); // saved; or it waits, or is in conflict, which the row shows
  }, [sent, own]);

  /** @param {Event} event */
  function save(event) {
    event.preventDefault();
    const patch = toPatch(draft, first, base, meaning);
    // Nothing of what is written gets lost without a word.
    if (meaning.state === 'reading' || meaning.state === 'failed') return undefined;
    if (Object.keys(patch).length === 0) return close();
    setRejected(undefined);
    setSent(client.edit(base, patch).key);
    drafts.drop(name);
    return undefined;
  }

  /** @param {keyof Draft} field @param {string} label @param {(attributes: object) => unknown} control @param {unknown} [notes] */
  const labelled = (field, label, control, notes) => {
    const id = `${field}-${task.id}`;
    const problem = rejected?.errors?.find((error) => apiField(error.field) === field)?.message;
    const attributes = {
      id,
      value: draft[field],
      'aria-invalid': problem !== undefined,
      'aria-describedby': (notes || problem) && `${id}-notes`,
      onInput: (/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) =>
        set({ [field]: currentTarget.value }),
    };
    return html`<label for=${id}>${label}</label> ${control(attributes)}
      ${(notes || problem) && html`<div id=${`${id}-notes`}>${notes}${problem && html`<p class="error" role="alert">${problem}</p>`}</div>`}`;
  };
  const others = rejected && !rejected.errors?.some(({ field }) => apiField(field)) && rejected.problem;

  return html`<form
    class="editor"
    aria-label=${`Edit "${base.title}"`}
    onSubmit=${save}
    onKeyDown=${(/** @type {KeyboardEvent & { currentTarget: HTMLFormElement }} */ event) => {
      // As by the button: half a date is none, and would take the date away.
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
    }}
  >
    ${labelled(
      'title',
      'Title',
      (field) => html`<input dir="auto" ref=${titleField} ...${field} required autocomplete="off" />`,
    )}
    ${labelled('description', 'Description', (field) => html`<textarea dir="auto" rows="2" ...${field}></textarea>`)}
    <div class="columns">
      <div>
        ${labelled('due', 'Due', (field) => html`<${DueFields} field=${field} onDue=${(/** @type {string} */ due) => set({ due })} />`)}
        <div class="choices" role="group" aria-label="Due">
          ${dueChoices(Date.now(), draft.due).map(
            ({ label, due }) =>
              html`<button key=${label} type="button" class="chip" onClick=${() => set({ due })}>${label}</button>`,
          )}
        </div>
      </div>
      <div>
        ${labelled(
          'repeat',
          'Repeats',
          (field) => html`<input ...${field} autocomplete="off" placeholder="every month on the 1st" />`,
          html`<p class=${meaning.state === 'failed' ? 'error' : 'quiet'} aria-live="polite">${meaning.says}</p>`,
        )}
      </div>
    </div>
    <div class="columns">
      <${Segments}
        legend="Priority"
        group=${`priority-${task.id}`}
        names=${priorityNames}
        chosen=${draft.priority}
        onChoose=${(/** @type {Task['priority']} */ priority) => set({ priority })}
      />
      <${Segments}
        legend="Status"
        group=${`status-${task.id}`}
        names=${statusNames}
        chosen=${draft.status}
        onChoose=${(/** @type {Task['status']} */ status) => set({ status })}
      />
    </div>
    ${labelled('tags', 'Tags', (field) => html`<input ...${field} autocomplete="off" placeholder="#home #money" />`)}
    ${
      task.version !== base.version &&
      html`<p class="quiet" role="status">This task has changed since you opened it. Saving shows both versions.</p>`
    }
    ${others && html`<p class="error" role="alert">${others}</p>`}
    <div class="buttons">
      <button
        type="button"
        class="plain danger"
        aria-label=${`Delete task: ${base.title}`}
        onClick=${() => {
          close();
          client.remove(task);
        }}
      >
        <${Icon} name="trash" />Delete
      </button>
      <button type="button" class="plain" onClick=${close}>Cancel</button>
      <button type="submit" disabled=${isSending || meaning.state === 'reading' || meaning.state === 'failed'}>
        ${isSending ? 'Saving' : 'Save'}
      </button>
    </div>
  </form>`;
}

/**
 * The date and the time of day: two fields, which stand beneath one another where the words are large. One that is still
 * empty leaves its half of the draft empty, and the browser asks for it.
 *
 * @param {{ field: { id: string, value: string }, onDue: (due: string) => void }} properties
 */
function DueFields({ field, onDue }) {
  const [date = '', time = ''] = field.value.split('T');
  /** @typedef {{ currentTarget: HTMLInputElement }} FieldEvent */
  const onDate = (/** @type {FieldEvent} */ { currentTarget: { value, validity } }) => {
    // A date of which some digits are still missing is none yet; one that was taken away takes the time with it.
    const isTakenAway = value === '' && !validity.badInput;
    onDue(isTakenAway ? '' : `${value}T${time || usualTime}`);
  };
  const onTime = (/** @type {FieldEvent} */ { currentTarget: { value } }) =>
    onDue(date || value ? `${date}T${value}` : '');
  return html`<div class="due">
    <input type="date" max="9999-12-31" ...${{ ...field, value: date }} required=${time !== ''} onInput=${onDate} />
    <input type="time" aria-label="Time" value=${time} required=${date !== ''} onInput=${onTime} />
  </div>`;
}

/** The field of the form for one of the API's, such as `tags.0`. @param {string} name @returns {keyof Draft | undefined} */
function apiField(name) {
  /** @type {Record<string, keyof Draft>} */
  const fields = { title: 'title', description: 'description', due_date: 'due', recurrence: 'repeat', tags: 'tags' };
  return fields[name.split('.')[0] ?? ''];
}

const statusNames = { TODO: 'To do', IN_PROGRESS: 'Started', DONE: 'Done' };

/**
 * One of a few, side by side.
 *
 * @param {{ legend: string, group: string, names: Record<string, string>, chosen: string, onChoose: (value: string) => void }} properties
 */
function Segments({ legend, group, names, chosen, onChoose }) {
  return html`<fieldset>
    <legend>${legend}</legend>
    <div class="segments">
      ${Object.entries(names).map(
        ([value, name]) =>
          html`<label key=${value}
            ><input type="radio" name=${group} checked=${value === chosen} onChange=${() => onChoose(value)} /><span
              >${name}</span
            ></label
          >`,
      )}
    </div>
  </fieldset>`;
}

/**
 * What the words about the recurrence mean, as the chat reads them, with the next three dates.
 *
 * @param {Draft} draft @param {Draft} first @returns {Meaning}
 */
function useMeaning({ repeat, due }, first) {
  const [meaning, setMeaning] = useState(/** @type {Meaning} */ ({ state: 'none' }));
  const isChanged = repeat.trim() !== first.repeat;
  useEffect(() => {
    if (!isChanged || repeat.trim() === '') {
      setMeaning({ state: 'none' });
      return undefined;
    }
    setMeaning((before) => ({ ...before, state: 'reading' }));
    const abort = new AbortController();
    const timer = setTimeout(() => {
      readRecurrence(repeat, due, abort.signal).then(
        (read) => !abort.signal.aborted && setMeaning(read),
        () => !abort.signal.aborted && setMeaning({ state: 'failed', says: 'The server cannot be asked just now' }),
      );
    }, 350);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [repeat, due, isChanged]);
  return meaning;
}

/** @param {string} repeat @param {string} due @param {AbortSignal} signal @returns {Promise<Meaning>} */
async function readRecurrence(repeat, due, signal) {
  const when = isWhole(due) ? `on ${due.replace('T', ' at ')} ` : '';
  const { task, reply } = await rehearse(`x ${when}${repeat.trim()}`, timeZone, 'recurrence', signal);
  if (!task?.recurrence || task.title !== 'x') {
    return {
      state: 'failed',
      says: 'Not understood. Try "every friday", "every 2 weeks" or "every month on the 1st".',
    };
  }
  const next = /Next: .*/.exec(reply)?.[0].replaceAll(';', ' ·') ?? '';
  return { state: 'read', says: next, recurrence: task.recurrence, due_date: task.due_date };
}

/**
 * Only what the user has touched: the rest stays as it is on the server, the due date with its seconds.
 *
 * @param {Draft} draft @param {Draft} first @param {Task} base @param {Meaning} meaning @returns {Partial<Task>}
 */
function toPatch(draft, first, base, meaning) {
  /** @type {Partial<Task>} */
  const patch = {};
  if (draft.title !== first.title) patch.title = draft.title;
  if (draft.description !== first.description) patch.description = draft.description || null;
  if (draft.priority !== first.priority) patch.priority = draft.priority;
  if (draft.status !== first.status) patch.status = draft.status;
  if (draft.tags !== first.tags) patch.tags = draft.tags.split(/[\s,#]+/).filter((name) => name !== '');
  if (draft.due !== first.due) patch.due_date = draft.due ? new Date(draft.due).toISOString() : null;
  if (meaning.state === 'read' && meaning.recurrence) {
    patch.recurrence = meaning.recurrence;
    patch.due_date = meaning.due_date ?? null;
  } else if (base.recurrence && (draft.repeat.trim() === '' || draft.due === '')) {
    patch.recurrence = null;
  }
  return patch;
}

const usualTime = '09:00';

/** Whether it has both a date and a time. @param {string} due */
const isWhole = (due) => due.split('T').filter(Boolean).length === 2;

/** @param {number} now @param {string} due as it is in the fields: its time of day stays */
function dueChoices(now, due) {
  const time = due.split('T')[1] || usualTime;
  const day = (/** @type {number} */ days) =>
    `${fieldTime(new Date(startOfDay(now, days)).toISOString()).slice(0, 10)}T${time}`;
  return [
    { label: 'Today', due: day(0) },
    { label: 'Tomorrow', due: day(1) },
    { label: 'In a week', due: day(7) },
    ...(due ? [{ label: 'No date', due: '' }] : []),
  ];
}
