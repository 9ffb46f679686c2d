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
 * The tasks that the filter lets through, in the sections of the page and in order; sections without tasks are left out.
 *
 * @param {readonly Task[]} tasks @param {Filter} filter @param {number} now in milliseconds
 * @returns {Section[]}
 */
export function toSections(tasks, filter, now) {
  const moment = new Date(now).toISOString();
  const tomorrow = new Date(startOfDay(now, 1)).toISOString();
  /** @type {Record<SectionId, Task[]>} */
  const found = { overdue: [], today: [], upcoming: [], none: [], done: [] };
  for (const task of tasks)
    if (task.id === filter.pinned || matches(task, filter)) found[sectionOf(task, moment, tomorrow)].push(task);
  const order = orders[filter.sort];
  const ids = /** @type {SectionId[]} */ (Object.keys(found));
  for (const id of ids) {
    found[id].sort(
      id === 'done' && filter.sort === 'due'
        ? (one, other) => compare(other.updated_at, one.updated_at)
        : (one, other) => order(one, other) || orders.due(one, other) || byTitle(one.title, other.title),
    );
  }
  return ids.filter((id) => found[id].length > 0).map((id) => ({ id, name: sectionNames[id], tasks: found[id] }));
}

/** @param {Task} task @param {string} now @param {string} tomorrow @returns {SectionId} */
function sectionOf({ status, due_date: due }, now, tomorrow) {
  if (status === 'DONE') return 'done';
  if (!due) return 'none';
  if (due < now) return 'overdue';
  return due < tomorrow ? 'today' : 'upcoming';
}

/** @param {Task} task @param {Filter} filter */
function matches(task, { query, tag, priority }) {
  if (tag && !task.tags.includes(tag)) return false;
  if (priority && task.priority !== priority) return false;
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = [task.title, task.description ?? '', ...task.tags.map((name) => `#${name}`)].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
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
