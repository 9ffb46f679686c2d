import { startOfDay } from './times.js';

/**
 * @typedef {import('../data/api.js').Task} Task
 * @typedef {'overdue' | 'today' | 'upcoming' | 'none' | 'done'} SectionId
 * @typedef {{ query: string, tag: string, priority: string, sort: 'due' | 'priority' | 'title' | 'newest', pinned?: string | undefined }} Filter the pinned task is let through
 * @typedef {{ id: SectionId, name: string, tasks: Task[] }} Section
 */

/** @type {Record<SectionId, string>} */
export const sectionNames = {
  overdue: 'Overdue',
  today: 'Today',
  upcoming: 'Upcoming',
  none: 'No date',
  done: 'Done',
};

const byTitle = new Intl.Collator(undefined, { numeric: true }).compare;
const priorities = { HIGH: 0, MEDIUM: 1, LOW: 2 };
/** Beyond each date in the years up to 9999. */
const never = 'never';

/** @type {Record<Filter['sort'], (one: Task, other: Task) => number>} */
const orders = {
  due: (one, other) => compare(one.due_date ?? never, other.due_date ?? never),
  priority: (one, other) => priorities[one.priority] - priorities[other.priority],
  title: () => 0,
  newest: (one, other) => compare(other.created_at, one.created_at),
};

/** @param {string} one @param {string} other */
function compare(one, other) {
  return one < other ? -1 : one > other ? 1 : 0;
}

/**
 * All tasks in the order of the page, those that are done last.
 *
 * @param {readonly Task[]} tasks @param {Filter['sort']} sort
 * @param {readonly Task[]} [before] their order before a change: what is nearly sorted is sorted quickly
 */
export function inOrder(tasks, sort, before = []) {
  const left = new Map(tasks.map((task) => [task.id, task]));
  /** @type {Task[]} */
  const ordered = [];
  for (const { id } of before) {
    const task = left.get(id);
    if (task && left.delete(id)) ordered.push(task);
  }
  ordered.push(...left.values());
  const isDone = (/** @type {Task} */ { status }) => Number(status === 'DONE');
  const order = orders[sort];
  return ordered.sort(
    (one, other) =>
      isDone(one) - isDone(other) ||
      (sort === 'due' && isDone(one) && compare(other.updated_at, one.updated_at)) ||
      order(one, other) ||
      orders.due(one, other) ||
      byTitle(one.title, other.title) ||
      compare(one.id, other.id),
  );
}

/**
 * The tasks that the filter lets through, in the sections of the page; sections without tasks are left out.
 *
 * @param {readonly Task[]} ordered @param {Filter} filter @param {number} now in milliseconds
 * @returns {Section[]}
 */
export function toSections(ordered, filter, now) {
  const moment = new Date(now).toISOString();
  const tomorrow = new Date(startOfDay(now, 1)).toISOString();
  const words = fold(filter.query).split(/\s+/).filter(Boolean);
  /** @type {Record<SectionId, Task[]>} */
  const found = { overdue: [], today: [], upcoming: [], none: [], done: [] };
  for (const task of ordered) {
    if (task.id === filter.pinned || matches(task, filter, words)) {
      found[sectionOf(task, moment, tomorrow)].push(task);
    }
  }
  const ids = /** @type {SectionId[]} */ (Object.keys(found));
  return ids.filter((id) => found[id].length > 0).map((id) => ({ id, name: sectionNames[id], tasks: found[id] }));
}

/** @param {Task} task @param {string} now @param {string} tomorrow @returns {SectionId} */
function sectionOf({ status, due_date: due }, now, tomorrow) {
  if (status === 'DONE') return 'done';
  if (!due) return 'none';
  if (due < now) return 'overdue';
  return due < tomorrow ? 'today' : 'upcoming';
}

/** @param {Task} task @param {Filter} filter @param {readonly string[]} words of the query */
function matches(task, { tag, priority }, words) {
  if (tag && !task.tags.includes(tag)) return false;
  if (priority && task.priority !== priority) return false;
  return words.every((word) => searchText(task).includes(word));
}

/** Who searches for "cafe" also means "Café", however that is written. @param {string} text */
const fold = (text) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();

/** A task that changes is another object. @type {WeakMap<Task, string>} */
const searchTexts = new WeakMap();

/** @param {Task} task */
function searchText(task) {
  const known = searchTexts.get(task);
  if (known !== undefined) return known;
  const text = fold([task.title, task.description ?? '', ...task.tags.map((name) => `#${name}`)].join('\n'));
  searchTexts.set(task, text);
  return text;
}

/** The tags of open tasks, the most used first. @param {readonly Task[]} tasks */
export function tagsOf(tasks) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { status, tags } of tasks) {
    if (status !== 'DONE') for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts].sort(([one, first], [other, second]) => second - first || compare(one, other)).map(([tag]) => tag);
}
