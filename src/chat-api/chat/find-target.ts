import { readDate } from '../quick-add/date-phrase.ts';
import { zoned, type UserTime } from '../quick-add/when.ts';
import { isLastOne, isPronoun, isSeveral, placeOf } from '../quick-add/commands/pronouns.ts';
import { isFunctionWord } from '../quick-add/commands/follow-up.ts';
import type { ChangeContext } from '../tasks/change-context.ts';
import { findByWords, findTask } from '../tasks/read-tasks.ts';
import type { Task } from '../tasks/task.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import { sayTasks } from './wording.ts';

/** The one task that was meant, or an answer that says why there is not exactly one. */
export type Target = { readonly task: Task } | { readonly problem: ToolResult };

/** Whether a task is named by its id, as programs do. */
export const isTaskId = (words: string) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(words);

/**
 * Finds a task by words of its title, by "it", or by its id.
 *
 * @param done looks among the tasks that are done instead of the open ones
 */
export async function findTarget(context: ToolContext, words: string, { done = false } = {}): Promise<Target> {
  const { transaction, userId } = context.change;
  if (isSeveral(words)) return { problem: oneAtATime };
  const { lastTaskId, listed } = context.conversation;
  if (isLastOne(words)) return findLast(context, words);
  if (isPronoun(words)) return findById(context, lastTaskId, words);
  const place = placeOf(words);
  if (place !== undefined) return findById(context, listed.at(place > 0 ? place - 1 : place), words);
  if (isTaskId(words)) return findById(context, words, words);
  const found = await findByWords(transaction, userId, wordsOf(words), { match: 'all', done });
  const best = mostAlike(found, words);
  const ofDay = best.length === 0 && found.length === 0 ? await findOnDay(context, words, done) : undefined;
  if (ofDay) return ofDay;
  const isMeant = best.length === 1 && (!context.isTitleLikely || isExact(best[0]!, words));
  if (isMeant) return { task: best[0]! };
  if (best.length > 0) return { problem: ambiguous(context, words, best) };
  return { problem: await notFound(context, words, found) };
}

/** "tomorrow's gym", "friday's call with Bob": the task of that name which is due then; if it is not, who knows. */
async function findOnDay(context: ToolContext, words: string, done: boolean): Promise<Target | undefined> {
  const [, day = '', name = ''] = /^((?:today|tomorrow|tonight|\w+day))['’]s\s+(\S.*)$/i.exec(words) ?? [];
  const date = day && readDate(day.replace(/^tonight$/i, 'today'), context.time);
  if (!date || 'problem' in date) return undefined;
  const { transaction, userId } = context.change;
  const named = mostAlike(await findByWords(transaction, userId, wordsOf(name), { match: 'all', done }), name);
  const due = named.filter(({ due_date }) => due_date && dayOf(due_date, context.time) === date.when);
  if (due.length === 1) return { task: due[0]! };
  const possible = due.length > 0 ? due : named;
  return possible.length > 0 ? { problem: ambiguous(context, words, possible) } : undefined;
}

const dayOf = (date: string, { zone }: UserTime) => zoned(new Date(date), zone).toPlainDate().toString();

const oneAtATime: ToolResult = {
  outcome: 'not-possible',
  reply:
    'I can complete, delete or move several tasks at once, but other changes only one task at a time. Nothing was changed.',
};

async function findById(context: ToolContext, id: string | undefined, words: string): Promise<Target> {
  const task = id && (await findTask(context.change.transaction, context.change.userId, id));
  if (task) return { task };
  const reply = isTaskId(words)
    ? 'That task no longer exists. Nothing was changed.'
    : `I do not know which task you mean by "${words}". Please name it. Nothing was changed.`;
  return { problem: { outcome: 'not-found', reply, candidates: [] } };
}

/** The last one of the list, or the one that was last spoken of: if they are two, nobody knows which is meant. */
async function findLast(context: ToolContext, words: string): Promise<Target> {
  const { listed, lastTaskId } = context.conversation;
  const ids = [...new Set([lastTaskId, listed.at(-1)].filter((id) => id !== undefined))];
  const tasks: Task[] = [];
  for (const id of ids) {
    const task = await findTask(context.change.transaction, context.change.userId, id);
    if (task) tasks.push(task);
  }
  return tasks.length > 1 ? { problem: ambiguous(context, words, tasks) } : findById(context, tasks[0]?.id, words);
}

/** Those of a list that are still there. */
export async function findListed({ change }: ToolContext, ids: readonly string[]): Promise<readonly Task[]> {
  const found = await Promise.all(ids.map((id) => findTask(change.transaction, change.userId, id)));
  return found.filter((task) => task !== undefined);
}

function wordsOf(text: string): string[] {
  const words = text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.length > 0 ? words : [text];
}

/** Those with the very title; else those with all the words, as whole words. */
export function mostAlike(tasks: readonly Task[], words: string): readonly Task[] {
  const asked = wholeWords(words);
  const ranks: ((task: Task) => boolean)[] = [
    ({ title }) => title === words,
    (task) => isExact(task, words),
    ({ title }) => {
      const ofTitle = wholeWords(title);
      return asked.size > 0 && [...asked].every((word) => ofTitle.has(word));
    },
  ];
  for (const rank of ranks) {
    const alike = tasks.filter(rank);
    if (alike.length > 0) return alike;
  }
  return [];
}

function wholeWords(text: string): Set<string> {
  return new Set(fold(text).match(/[\p{L}\p{M}\p{N}]+/gu));
}

/** Whether it is the task's title, save for case and articles. */
function isExact({ title }: Task, words: string): boolean {
  const bare = (text: string) => fold(text).replace(/\b(?:the|a|an|my) /g, '');
  return bare(title) === bare(words);
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
}

function ambiguous({ time }: ToolContext, words: string, candidates: readonly Task[]): ToolResult {
  const reply =
    candidates.length > 1
      ? `"${words}" could be any of these. Nothing was changed:\n${sayTasks(candidates, time)}`
      : `Did you mean this one? Nothing was changed:\n${sayTasks(candidates, time)}`;
  return { outcome: 'ambiguous', reply, candidates };
}

/** Open tasks that have one of the words which tell a title from the others, as a whole word. */
export async function findSimilar({ transaction, userId }: ChangeContext, words: string): Promise<readonly Task[]> {
  const telling = tellingWords(words);
  if (telling.length === 0) return [];
  const found = await findByWords(transaction, userId, telling, { match: 'any', done: false });
  return found.filter(({ title }) => hasWord(title, telling));
}

/** Whether a title has one of the words, as a whole word. */
export function hasWord(title: string, words: readonly string[]): boolean {
  const ofTitle = wholeWords(title);
  return words.some((word) => ofTitle.has(word));
}

/** The words of a text that may tell a title from others: "and" and "old" are in too many, or in other words. */
export function tellingWords(text: string): readonly string[] {
  return [...wholeWords(text)].filter((word) => word.length >= 3 && !isFunctionWord(word));
}

/** @param alike tasks that have the words as parts of other words */
async function notFound({ change, time }: ToolContext, words: string, alike: readonly Task[]): Promise<ToolResult> {
  const near = alike.length > 0 ? alike : await findSimilar(change, words);
  const candidates = near.slice(0, 5);
  const question = candidates.length > 0 ? ` Did you mean one of these?\n${sayTasks(candidates, time)}` : '';
  const reply = `No open task matches "${words}". Nothing was changed.${question}`;
  return { outcome: 'not-found', reply, candidates };
}
