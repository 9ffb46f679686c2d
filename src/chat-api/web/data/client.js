import { loadReminders, loadTask, loadTasks, sendChange } from './api.js';
import { Conversation } from './conversation.js';
import { drafts } from './drafts.js';
import { follow } from './live.js';
import { Notices } from './notices.js';
import { closeNotifications, endNotifications, notify, subscribe } from './notifications.js';
import { Outbox } from './outbox.js';
import { Reminders } from './reminders.js';
import { session } from './session.js';
import { Storage } from './storage.js';
import { Store } from './store.js';
import { TaskList } from './task-list.js';
import { view } from './view.js';
import { sayDue, sayTime, timeZone } from '../show/times.js';

/**
 * @typedef {import('./api.js').Task} Task
 * @typedef {import('./api.js').ChatAnswer} ChatAnswer
 * @typedef {import('./outbox.js').Change} Change
 * @typedef {import('./reminders.js').Reminder} Reminder
 * @typedef {'signed-out' | 'connecting' | 'live' | 'waiting'} Connection
 */

/** Told to other tabs: a session that ends by itself is another matter, since what is being written is kept then. */
const signOutKey = 'kafka-events-signed-out';
const keepAfter = 1_000;
/** Live changes that come together are spoken together. */
const speakAfter = 400;
const mostSpoken = 3;
/** An answer and its live event come in any order; neither may be spoken twice. */
const ownMilliseconds = 5_000;

/** The page's side of the API: all that is known of the user, and all that the user can do. */
class Client extends Store {
  tasks = new TaskList();
  notices = new Notices();
  reminders = new Reminders();
  conversation = new Conversation();
  /** @type {Connection} */
  connection = 'signed-out';
  /** What the server says of a connection that it does not take; empty when it says nothing. */
  problem = '';
  /** Why nobody is signed in, if there is a reason to give. */
  reason = '';
  #following = new AbortController();
  /** Whose tasks are shown; empty while nobody is signed in. */
  #owner = '';
  /** @type {Storage | undefined} */
  #storage;
  /** @type {Set<() => void>} */
  #sleepers = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #keeping;
  /** @type {string[]} */
  #news = [];
  /** When the user's own change of a task was answered. @type {Map<string, number>} */
  #own = new Map();

  outbox = new Outbox({
    send: (change, onHeard) =>
      sendChange(change, change.kind === 'chat' ? (text) => this.#progress(change, text, onHeard) : undefined),
    kept: {
      put: async (change) => this.#storage?.put(change),
      delete: async (key) => this.#storage?.delete(key),
      has: async (key) => (await this.#storage?.has(key)) ?? false,
    },
    onDone: (change, answer) => this.#done(change, answer),
    onElsewhere: (change) => {
      this.conversation.mark(change.key, 'sent');
      if (change.kind === 'chat') this.#dropDraft(change);
    },
    onStopped: (change) => void this.#stopped(change),
    onRefused: () => this.#refuse(),
    sleep: (milliseconds) => this.#sleep(milliseconds),
    now: () => Date.now(),
  });

  constructor() {
    super();
    for (const store of [this.tasks, this.notices, this.reminders, this.conversation, this.outbox]) {
      store.subscribe(() => this.changed());
    }
    this.tasks.subscribe(() => this.#keepSoon());
    this.outbox.subscribe(() => {
      for (const { key, state } of this.outbox.all)
        this.conversation.mark(key, state === 'waiting' ? 'waiting' : 'sending');
    });
    window.addEventListener('online', () => this.#wake());
    // What was cleared on another device meanwhile needs no attention here.
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.connection === 'live') void this.readReminders().catch(() => {});
    });
    // Who signs in or out in one tab, does so in all that share the session.
    window.addEventListener('storage', ({ key, newValue }) => {
      if (key === signOutKey && newValue === this.#owner) drafts.clear();
      this.#followSession();
    });
    // Back from another page: what happened meanwhile was not told.
    window.addEventListener('pageshow', () => this.#followSession());
  }

  #followSession() {
    if (session.owner === this.#owner) return;
    if (this.#owner) this.#close('');
    if (session.isOpen) void this.open();
  }

  /** Opens the page for who is signed in, or has just done so at the identity provider. */
  async start() {
    try {
      if (await session.comeBack()) void closeNotifications();
    } catch (error) {
      this.reason = /** @type {Error} */ (error).message;
    }
    this.#followSession();
    this.changed();
  }

  /** @param {string} token @param {boolean} isKept whether also after the tab is closed */
  signIn(token, isKept) {
    session.begin(token, isKept);
    void closeNotifications();
    void this.open();
  }

  /** Shows the user's tasks: as they were kept at once, then live. */
  async open() {
    this.#owner = session.owner;
    if (drafts.names.size === 0) drafts.clear(); // none, or another user's
    const storage = new Storage(this.#owner);
    this.#storage = storage;
    this.#following = new AbortController();
    const { signal } = this.#following;
    this.reason = '';
    this.#setConnection('connecting');
    void follow(
      {
        onReady: async () => {
          await Promise.all([this.tasks.load(loadTasks(signal)), this.readReminders()]);
          this.#wake();
          // A server that was away may have come back as a newer one.
          void navigator.serviceWorker?.getRegistration().then((own) => own?.update().catch(() => {}));
        },
        onEvent: (event, data) => this.#onEvent(event, data),
        onState: (state, problem) => this.#setConnection(state, problem),
        onRefused: () => this.#refuse(),
      },
      signal,
    );
    const [tasks, changes] = await Promise.all([storage.tasks(), storage.changes()]);
    if (this.#storage !== storage) return;
    if (tasks.length > 0) this.tasks.restore(tasks);
    for (const { key, kind, label } of changes) {
      if (kind === 'chat') this.conversation.say({ id: key, isMine: true, text: label, state: 'sending' });
    }
    this.outbox.resume(changes);
    void subscribe().catch(() => {}); // open pages show reminders without it
  }

  /** Shows nothing of the user any more; what waits to be sent stays for the same user. @param {string} reason */
  #close(reason) {
    this.#following.abort();
    clearTimeout(this.#keeping);
    this.#owner = '';
    this.#storage = undefined;
    for (const store of [this.tasks, this.notices, this.conversation, this.outbox, view]) store.clear();
    this.reminders.forget();
    this.#own.clear();
    this.#batches.clear();
    this.#news = [];
    this.reason = reason;
    this.#setConnection('signed-out');
  }

  /** Signs out, also at the identity provider, and leaves nothing of the user in this browser. */
  async signOut() {
    const storage = this.#storage;
    localStorage.setItem(signOutKey, this.#owner);
    localStorage.removeItem(signOutKey);
    const ending = endNotifications();
    const leaving = session.signOut();
    drafts.clear();
    this.#close('');
    await Promise.allSettled([ending, storage?.destroy()]);
    const address = await leaving;
    if (address !== undefined) location.assign(address);
  }

  /** The token is not known, or no longer: what waits to be sent stays until the user is back, and nothing else. */
  #refuse() {
    const storage = this.outbox.all.length === 0 ? this.#storage : undefined;
    void endNotifications(); // nobody is here to be reminded
    const reason = session.isOfProvider
      ? 'Your session has ended. Please sign in again.'
      : 'This token is not known. Please try another.';
    session.end();
    this.#close(reason);
    void storage?.destroy();
  }

  /** Once, however often it is asked for: the next occurrence of a recurring task is another matter. @param {Task} task @param {string} [batch] */
  complete(task, batch) {
    if (this.outbox.isOnItsWay(task.id, 'complete')) return;
    this.#add(task, { kind: 'complete', label: `Complete "${task.title}"`, method: 'POST', path: '/complete', batch });
  }

  /** @param {Task} task */
  reopen(task) {
    this.edit(task, { status: 'TODO' }, 'reopen');
  }

  /** @param {Task} task @param {Partial<Task>} body @param {Change['kind']} [kind] @param {string} [batch] */
  edit(task, body, kind = 'edit', batch) {
    const verb = { reopen: 'Reopen', snooze: 'Snooze' }[String(kind)] ?? 'Change';
    return this.#add(task, { kind, label: `${verb} "${task.title}"`, method: 'PATCH', path: '', body, batch });
  }

  /** @param {Task} task @param {string} [batch] */
  remove(task, batch) {
    this.#add(task, { kind: 'delete', label: `Delete "${task.title}"`, method: 'DELETE', path: '', batch });
  }

  /**
   * Makes a task due at the time; of a recurring one only this occurrence, which is what the chat's snooze does.
   *
   * @param {Task} task @param {number} until in milliseconds @param {string} [batch]
   */
  snooze(task, until, batch) {
    if (!task.recurrence) {
      this.edit(task, { due_date: new Date(until).toISOString() }, 'snooze', batch);
      return;
    }
    const from = Math.max(Date.now(), Date.parse(task.due_date ?? '') || 0);
    const minutes = Math.max(1, Math.round((until - from) / 60_000));
    const body = { message: `snooze ${task.id} for ${minutes} minutes`, time_zone: timeZone };
    const label = `Snooze "${task.title}"`;
    const lane = `task ${task.id}`;
    this.outbox.add({ kind: 'snooze', label, lane, method: 'POST', path: '/v1/chat', body, taskId: task.id, batch });
  }

  /** Leaves out the occurrence that is due next. @param {Task} task */
  skip(task) {
    this.#add(task, { kind: 'skip', label: `Skip "${task.title}"`, method: 'POST', path: '/skip' });
  }

  /** The reminders as they are on the server: others may have been cleared in another browser. */
  async readReminders() {
    const before = this.reminders.ids;
    this.reminders.load(await loadReminders(this.#following.signal), before);
  }

  /** Clears a reminder, or all that are listed, in all browsers of the user. @param {Reminder} [reminder] */
  clearReminders(reminder) {
    const [newest] = this.reminders.all;
    if (!newest) return;
    const path = reminder ? `/v1/reminders/${reminder.id}` : `/v1/reminders?up_to=${newest.id}`;
    const label = reminder ? `Clear the reminder "${reminder.title}"` : 'Clear all reminders';
    this.outbox.add({ kind: 'clear', label, lane: 'reminders', method: 'DELETE', path });
    this.reminders.clear((reminder ? [reminder] : this.reminders.all).map(({ id }) => id));
  }

  /** Undoes the change, or the user's last one. @param {string} [change] @param {string} [batch] */
  undo(change, batch) {
    const body = change === undefined ? {} : { change };
    this.outbox.add({ kind: 'undo', label: 'Undo', lane: 'undo', method: 'POST', path: '/v1/undo', body, batch });
  }

  /**
   * Sends a message. The same text again, while it waits, is the same message: it is only sent sooner.
   *
   * @param {string} message @param {string} [shown] people know tasks by their titles, not by their ids
   */
  say(message, shown = message) {
    this.conversation.remember(shown);
    const body = { message, time_zone: timeZone, conversation: this.conversation.id };
    const same = this.outbox.all.find((change) => change.kind === 'chat' && change.label === shown);
    if (same) {
      this.#wake();
      return same;
    }
    const change = this.outbox.add({
      kind: 'chat',
      label: shown,
      lane: 'chat',
      method: 'POST',
      path: '/v1/chat',
      body,
    });
    this.conversation.say({ id: change.key, isMine: true, text: shown, state: 'sending' });
    return change;
  }

  /** The words stay until the server has answered: whatever gets lost on the way, they are not. @param {Change} message */
  #dropDraft({ label }) {
    if (drafts.get('message', '').trim() === label) drafts.drop('message');
  }

  /** Tries at once what waits. */
  tryNow() {
    // As the browser says when the connection is back: the outbox and the live connection listen.
    window.dispatchEvent(new Event('online'));
  }

  /**
   * @param {Task} task
   * @param {Pick<Change, 'kind' | 'label' | 'method' | 'body' | 'batch'> & { path: string }} change with the end of the path
   */
  #add({ id, version }, { path, ...change }) {
    return this.outbox.add({ ...change, lane: `task ${id}`, path: `/v1/tasks/${id}${path}`, taskId: id, version });
  }

  /** @param {Change} change @param {{ body: unknown, changeId: string | undefined }} answer */
  #done(change, { body, changeId }) {
    if (change.taskId) this.#own.set(change.taskId, Date.now());
    if (change.kind === 'undo') {
      const { tasks, deleted } = /** @type {{ tasks: Task[], deleted: { id: string, version: number }[] }} */ (body);
      for (const task of tasks) this.#putOwn(task);
      for (const { id, version } of deleted) this.tasks.delete(id, version);
      if (!change.batch || !this.#isMoreOf(change.batch)) this.notices.show('Undone');
    } else if (change.kind === 'chat') {
      this.#dropDraft(change);
      this.#answered(change, /** @type {ChatAnswer} */ (body), this.#undoOf(changeId));
    } else if (change.kind === 'clear') {
      // The list has said so already.
    } else if (change.kind === 'delete') {
      const { taskId = '', version = 0 } = change;
      this.tasks.delete(taskId, version + 1);
      this.#tell(change, change.label.replace(/^Delete/, 'Deleted'), changeId);
    } else {
      const task = /** @type {Task} */ (change.path === '/v1/chat' ? /** @type {ChatAnswer} */ (body).task : body);
      if (!task) {
        this.notices.show(/** @type {ChatAnswer} */ (body).reply, { icon: 'alert' });
        return;
      }
      this.#putOwn(task);
      this.#tell(change, sayDone(change, task), changeId);
    }
  }

  /** @param {Task} task */
  #putOwn(task) {
    this.#own.set(task.id, Date.now());
    this.tasks.put(task);
  }

  /** What is done of changes that were made at once. @type {Map<string, { text: string, ids: string[] }>} */
  #batches = new Map();

  /** A toast for each change, or one for all of a batch. @param {Change} change @param {string} text @param {string | undefined} changeId */
  #tell({ batch }, text, changeId) {
    if (!batch) {
      this.notices.show(text, { actions: this.#undoOf(changeId) });
      return;
    }
    const { ids = [] } = this.#batches.get(batch) ?? {};
    this.#batches.set(batch, { text, ids: changeId === undefined ? ids : [...ids, changeId] });
    this.#tellBatch(batch);
  }

  /** Tells of all that were made at once when the last one is answered. @param {string} batch */
  #tellBatch(batch) {
    const done = this.#batches.get(batch);
    if (!done || this.#isMoreOf(batch)) return;
    this.#batches.delete(batch);
    const { text, ids } = done;
    this.notices.show(`${text.split(' ')[0]} ${ids.length === 1 ? '1 task' : `${ids.length} tasks`}`, {
      actions: [{ label: 'Undo', run: () => ids.toReversed().forEach((id) => this.undo(id, `undo ${batch}`)) }],
    });
  }

  /** Whether others that were made at once are still on their way. @param {string} batch */
  #isMoreOf(batch) {
    return this.outbox.all.some((other) => other.batch === batch && /^(?:sending|waiting)$/.test(other.state));
  }

  /** The button that undoes a change; none where nothing was changed. @param {string | undefined} changeId */
  #undoOf(changeId) {
    return changeId === undefined ? [] : [{ label: 'Undo', run: () => this.undo(changeId) }];
  }

  /** @param {Change} change @param {string} text @param {() => void} onHeard */
  #progress({ key }, text, onHeard) {
    onHeard();
    this.conversation.tell(key, text);
    this.notices.speak(text);
  }

  /** @param {Change} change @param {ChatAnswer} answer @param {{ label: string, run: () => void }[]} undo */
  #answered(change, answer, undo) {
    const { message } = /** @type {{ message: string }} */ (change.body);
    this.conversation.mark(change.key, 'sent');
    if (answer.task && undo.length > 0) {
      if (answer.outcome === 'deleted') this.tasks.delete(answer.task.id, answer.task.version + 1);
      else this.#putOwn(answer.task);
    }
    const choices = choicesOf(message, answer);
    const isQuiet = undo.length > 0;
    this.conversation.say({
      id: `answer ${change.key}`,
      isMine: false,
      text: answer.reply,
      state: 'sent',
      choices,
      isQuiet,
    });
    const [text = ''] = answer.reply.split('\n');
    if (isQuiet) this.notices.show(text.replace(/[.:]$/, ''), { actions: undo, isSpoken: false });
  }

  /** @param {Change} change */
  async #stopped(change) {
    if (change.batch) this.#tellBatch(change.batch);
    const isMessage = change.kind === 'chat';
    if (isMessage || change.kind === 'undo' || change.kind === 'clear') {
      this.outbox.discard(change.key);
      this.conversation.mark(change.key, 'failed');
      const text = change.problem ?? 'The server refused it';
      if (isMessage) this.conversation.say({ id: `answer ${change.key}`, isMine: false, text, state: 'failed' });
      else this.notices.show(text, { icon: 'alert' });
      return;
    }
    this.notices.speak(
      `${change.label}: ${change.state === 'conflict' ? 'the task has changed meanwhile' : change.problem}`,
    );
    if (change.state !== 'conflict' || !change.taskId) return;
    // Both versions are shown, so this needs the other one, should the live connection not have brought it yet.
    const { taskId } = change;
    const { signal } = this.#following;
    const task = await loadTask(taskId, signal).catch(() => this.tasks.get(taskId));
    if (signal.aborted) return;
    if (task) this.tasks.put(task);
    else this.tasks.delete(taskId, Infinity);
  }

  /** @param {string} event @param {unknown} data */
  #onEvent(event, data) {
    if (event === 'task') {
      const { task, deleted } = /** @type {{ task?: Task, deleted?: { id: string, version: number } }} */ (data);
      const before = this.tasks.get(task?.id ?? deleted?.id ?? '');
      if (task && this.tasks.put(task)) this.#spread(task.id, sayNews(before, task));
      if (deleted && this.tasks.delete(deleted.id, deleted.version)) {
        this.#spread(deleted.id, `Deleted: ${before?.title}`);
        if (before && view.open?.id === before.id && drafts.names.has(`task ${before.id}`)) {
          const text = `"${before.title}" was deleted elsewhere. Your edit is kept in case that is undone.`;
          this.notices.show(text, { icon: 'alert' });
        }
      }
    }
    if (event === 'reminder') this.#remind(/** @type {Reminder} */ (data));
  }

  /** @param {Reminder} reminder */
  #remind(reminder) {
    if (!this.reminders.add(reminder)) return;
    const text = `${sayDue(reminder.due_date, Date.now())}: ${reminder.title}`;
    this.#speakSoon(text);
    notify(reminder, text);
  }

  /** Speaks of a change by others; the user's own are told of where they were made. @param {string} id @param {string} text */
  #spread(id, text) {
    const own = this.#own.get(id) ?? -Infinity;
    const isOwn = Date.now() - own < ownMilliseconds || this.outbox.all.some(isOnItsWay(id));
    if (!isOwn) this.#speakSoon(text);
  }

  /** @param {string} text */
  #speakSoon(text) {
    this.#news.push(text);
    if (this.#news.length > 1) return;
    setTimeout(() => {
      const news = this.#news.splice(0);
      if (news.length > mostSpoken) this.notices.speak(`${news.length} changes`);
      else for (const one of news) this.notices.speak(one);
    }, speakAfter);
  }

  #keepSoon() {
    const storage = this.#storage;
    if (!storage || !this.tasks.isLoaded) return;
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => void storage.keepTasks(this.tasks.all), keepAfter);
  }

  /** @param {Connection} connection @param {string} [problem] */
  #setConnection(connection, problem = '') {
    if (this.connection === connection && this.problem === problem) return;
    this.connection = connection;
    this.problem = problem;
    this.changed();
  }

  /** @param {number} milliseconds @returns {Promise<void>} */
  #sleep(milliseconds) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#sleepers.add(wake);
    });
  }

  #wake() {
    for (const wake of [...this.#sleepers]) wake();
  }
}

/** @param {string} id @returns {(change: Change) => boolean} */
const isOnItsWay = (id) => (change) => change.taskId === id || change.kind === 'chat' || change.kind === 'undo';

/** @type {Record<string, string>} */
const participles = { Reopen: 'Reopened', Skip: 'Skipped' };

/** @param {Change} change @param {Task} task */
function sayDone({ kind, label }, task) {
  if (kind === 'snooze' && task.due_date) return `Snoozed "${task.title}" until ${sayTime(task.due_date, Date.now())}`;
  const said = label.replace(/^\w+/, (verb) => participles[verb] ?? `${verb}d`);
  const isNext = (kind === 'complete' || kind === 'skip') && task.status !== 'DONE' && task.due_date;
  return isNext ? `${said}. Next: ${sayTime(isNext, Date.now())}` : said;
}

/** @param {Task | undefined} before @param {Task} task */
function sayNews(before, task) {
  if (!before) return `New task: ${task.title}`;
  if (task.status === 'DONE' && before.status !== 'DONE') return `Completed: ${task.title}`;
  return `Changed: ${task.title}`;
}

/**
 * A button for each task that could have been meant: the same message, with the task's id for its words.
 *
 * @param {string} message
 * @param {ChatAnswer} answer
 */
function choicesOf(message, { candidates = [], understood }) {
  const words = understood.arguments['task'];
  if (typeof words !== 'string' || !message.includes(words)) return [];
  return candidates.map((task) => {
    const label = [
      task.title,
      task.due_date && sayTime(task.due_date, Date.now()),
      task.status === 'DONE' && 'done',
      ...task.tags.map((tag) => `#${tag}`),
    ]
      .filter(Boolean)
      .join(', ');
    return {
      label,
      message: message.replace(words, () => task.id),
      shown: message.replace(words, () => `"${label}"`),
    };
  });
}

export const client = new Client();
