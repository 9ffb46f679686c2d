import { resolveWhen, zoned, type UserTime, type When } from '../quick-add/when.ts';
import { maximumReminders } from '../../events/v1/fields.ts';
import { completeTask } from '../tasks/complete-task.ts';
import { listTasks, type TaskFilter } from '../tasks/read-tasks.ts';
import { skipOccurrence } from '../tasks/skip-occurrence.ts';
import { description, newTask, type Task, type TaskPatch } from '../tasks/task.ts';
import { redoChange } from '../tasks/undo-change.ts';
import { createTask, deleteTask, updateTask } from '../tasks/write-task.ts';
import { isWholeList } from '../quick-add/commands/pronouns.ts';
import { taskName } from '../quick-add/commands/sentence.ts';
import { askToDelete } from './ask-to-delete.ts';
import { changeAll } from './change-all.ts';
import { broughtForward, endedOn, firstTiming, previousDue, snoozed, storable } from './due-date.ts';
import { findListed, findTarget, hasWord, tellingWords, type Target } from './find-target.ts';
import { helpText } from './help-text.ts';
import { mostListed, toFilter } from './task-filter.ts';
import type { DirectCall, ToolArguments } from './tool-calls.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import { sayUndone, undo } from './undo.ts';
import { sayCount, sayDate, sayNextDates, sayTask, sayTasks } from './wording.ts';

type ToolName = DirectCall['tool'];

interface Tool<Name extends ToolName> {
  /** For the language model. */
  readonly description: string;
  run(context: ToolContext, parameters: ToolArguments<Name>): Promise<ToolResult>;
}

/** What a chat can do: one table for the grammar and for the language model. */
export const tools: { readonly [Name in ToolName]: Tool<Name> } = {
  create_task: {
    description: 'Creates a task',
    run: async (context, parameters) => {
      const task = await create(context, parameters);
      return {
        outcome: 'created',
        reply: withRemarks(`Created ${sayTask(task, context.time)}.`, [
          ...nextDates(task, context.time),
          ...(parameters.remarks ?? []),
        ]),
        task,
      };
    },
  },
  create_tasks: {
    description: 'Creates several tasks',
    run: async (context, { tasks }) => {
      const created: Task[] = [];
      for (const parameters of tasks) created.push(await create(context, parameters));
      const remarks = tasks.flatMap((parameters) => parameters.remarks ?? []);
      const reply = `Created ${sayCount(created.length)}:\n${sayTasks(created, context.time)}`;
      return { outcome: 'created', reply: withRemarks(reply, remarks), tasks: created };
    },
  },
  update_task: {
    description:
      'Changes fields of a task: title, description, priority, status, recurrence, tags; takes a due date away',
    run: (context, { task: words, ...changes }) =>
      onTarget(
        context,
        words,
        async (task) => {
          const recurs = changes.status === 'DONE' && task.recurrence !== null;
          if (recurs) return complete(context, task);
          const changed = await updateTask(context.change, task.id, ({ task: now }) =>
            toPatch(now, changes, context.time),
          );
          const isUndated = changes.add_reminders && !changed.due_date;
          const undated = isUndated ? ['It has no due date yet; the reminder will apply once it has one.'] : [];
          const next = (changes.recurrence ?? changes.ends) ? nextDates(changed, context.time) : [];
          const remarks = [...unlisted(task, changed), ...next, ...undated, ...(changes.remarks ?? [])];
          return saidChange(
            task,
            changed,
            'updated',
            withRemarks(`Changed: ${sayTask(changed, context.time)}.`, remarks),
          );
        },
        { orDone: changes.status === 'TODO' },
      ),
  },
  complete_task: {
    description: 'Marks a task as done; a recurring one moves to its next occurrence',
    run: (context, { task: words, remarks }) =>
      onTarget(context, words, async (task) => {
        const result = await complete(context, task);
        return { ...result, reply: withRemarks(result.reply, remarks) };
      }),
  },
  reschedule_task: {
    description: 'Sets when a task is due',
    run: (context, { task: words, due, remarks }) =>
      onTarget(context, words, async (task) => {
        const date = storable(resolveWhen(due, context.time, previousDue(task)));
        const result = await reschedule(context, task, date, false);
        return { ...result, reply: withRemarks(result.reply, remarks) };
      }),
  },
  snooze_task: {
    description: 'Makes a task due later, or earlier; of a recurring task, only this occurrence',
    run: (context, { task: words, by, earlier }) =>
      onTarget(context, words, (task) =>
        earlier
          ? bringForward(context, task, by)
          : reschedule(context, task, snoozed(task.due_date, by, context.time), true),
      ),
  },
  skip_occurrence: {
    description: 'Leaves the next occurrence of a recurring task out',
    run: (context, { task: words, from, until }) =>
      onTarget(context, words, (task) => skip(context, task, { from, until })),
  },
  show_task: {
    description: 'Shows a task',
    run: (context, { task: words }) =>
      onTarget(context, words, (task) =>
        Promise.resolve({
          outcome: 'listed',
          reply: [
            `${sayTask(task, context.time)}.`,
            ...(task.description ? [`Its note: ${excerpt(task.description)}`] : []),
            'What should I do with it?',
          ].join(task.description ? '\n' : ' '),
          task,
        }),
      ),
  },
  delete_task: {
    description: 'Deletes a task',
    run: async (context, { task: words }) => {
      const result = await onTarget(
        context,
        words,
        async (task) => {
          await deleteTask(context.change, task.id);
          return { outcome: 'deleted', reply: `Deleted ${sayTask(task, context.time)}.`, task };
        },
        { mayBeSeveral: false },
      );
      const several = result.outcome === 'not-found' ? await findEach(context, words) : undefined;
      return several ? askToDelete(several, context.time) : result;
    },
  },
  list_tasks: {
    description: 'Lists tasks, the soonest due first',
    run: async ({ change, time, mayBeTitle }, parameters) => {
      const filter = toFilter(parameters, time);
      const exact = await listTasks(change.transaction, change.userId, filter, { limit: mostListed });
      const { tasks, remark } =
        exact.length > 0 || !filter.text || mayBeTitle ? { tasks: exact } : await listAlike(change, filter);
      const count = tasks.length < mostListed ? `${tasks.length}` : `${mostListed} or more`;
      const list = tasks.length === 0 ? 'No matching tasks.' : sayTasks(tasks, time);
      const reply = parameters.count && tasks.length > 0 ? `${sayCount(count)}:\n${list}` : list;
      return { outcome: 'listed', reply: remark ? `${remark}\n${reply}` : reply, tasks };
    },
  },
  change_all: {
    description: 'Completes, deletes or moves several tasks at once, after the user has confirmed their number',
    run: changeAll,
  },
  undo: {
    description: "Undoes the user's last change, or the last ones; again, the one before",
    run: undo,
  },
  redo: {
    description: 'Makes the change again that was undone last',
    run: async ({ change, time }) => sayUndone(await redoChange(change), time, 'Redone'),
  },
  help: {
    description: 'Says what the chat understands; also when a message asks for nothing that the tools can do',
    run: (_context, { problem, reply }) =>
      Promise.resolve({ outcome: 'help', reply: reply ?? [problem, helpText].filter(Boolean).join('\n') }),
  },
};

/** Where no title has the text as it is: those with all of its words, open or done; else those with one of them. */
async function listAlike(
  { transaction, userId }: ToolContext['change'],
  { text = '', ...filter }: TaskFilter,
): Promise<{ tasks: readonly Task[]; remark?: string }> {
  const words = tellingWords(text);
  if (words.length === 0) return { tasks: [] };
  const list = (more: TaskFilter) => listTasks(transaction, userId, { ...filter, ...more }, { limit: mostListed });
  const withAll = await list({ words });
  if (withAll.length > 0) return { tasks: withAll };
  const isOpen = !filter.status?.includes('DONE');
  const done = isOpen ? await list({ words, status: ['DONE'] }) : [];
  if (done.length > 0) return { tasks: done, remark: 'No open task matches, but what is done does:' };
  const withAny = (await list({ anyWord: words })).filter(({ title }) => hasWord(title, words));
  return withAny.length > 0
    ? { tasks: withAny, remark: `No task has all of these words: ${words.join(', ')}. Some have one of them:` }
    : { tasks: [] };
}

function nextDates(task: Task, time: UserTime): readonly string[] {
  const said = sayNextDates(task, time);
  return said ? [said] : [];
}

/** What has changed that a list of tasks does not show. */
function unlisted(old: Task, { priority, description }: Task): readonly string[] {
  const isMedium = priority === 'MEDIUM' && old.priority !== priority;
  const isNoted = description !== null && description !== old.description;
  return [
    ...(isMedium ? ['Its priority is medium now.'] : []),
    ...(isNoted ? [`Its note: ${excerpt(description)}`] : []),
    ...(isNoted && old.description && !description.startsWith(old.description)
      ? [`Before, it was: ${excerpt(old.description)}`]
      : []),
  ];
}

const excerpt = (text: string) => (text.length > 300 ? `${text.slice(0, 300).toWellFormed()} …` : text);

function withRemarks(reply: string, remarks: readonly string[] = []): string {
  return [reply, ...remarks].join('\n');
}

function create(
  { change, time }: ToolContext,
  { due, recurrence, from_completion, except, remarks: _, ...fields }: ToolArguments<'create_task'>,
): Promise<Task> {
  return createTask(change, {
    ...newTask.parse(fields),
    ...firstTiming(due, recurrence, time, { except, fromCompletion: from_completion }),
  });
}

async function onTarget(
  context: ToolContext,
  words: string,
  act: (task: Task) => Promise<ToolResult>,
  { orDone = false, mayBeSeveral = true } = {},
): Promise<ToolResult> {
  const { listed } = context.conversation;
  if (isWholeList(words) && listed.length > 0) return onEach(await findListed(context, listed), words, act);
  const find = async (name: string, among: ToolContext) => {
    const target = await findTarget(among, name);
    return 'problem' in target && orDone ? findTarget(among, name, { done: true }) : target;
  };
  const target = await find(words, context);
  if (!('problem' in target)) return act(target.task);
  if (!mayBeSeveral || target.problem.outcome !== 'not-found') return target.problem;
  // By words alone, "feed the cat and the dog" would be about walking the dog.
  const several = await findEach(context, words, find);
  return several ? onEach(several, words, act) : target.problem;
}

/** "call mum and buy milk": two tasks, if no one is called that, and each of the names is a task's whole title. */
async function findEach(
  context: ToolContext,
  words: string,
  find: (name: string, among: ToolContext) => Promise<Target> = (name, among) => findTarget(among, name),
): Promise<readonly Task[] | undefined> {
  const among = { ...context, isTitleLikely: true };
  const names = words
    .replace(/^both\s+/i, '')
    .split(/\s*(?:[,;&]|\band\b)\s*/i)
    .filter((name) => name !== '');
  if (names.length < 2 || names.length > 5) return undefined;
  const found = new Map<string, Task>();
  for (const name of names) {
    const target = await find(taskName(name) || name, among);
    if ('problem' in target) return undefined;
    found.set(target.task.id, target.task);
  }
  return found.size === names.length ? [...found.values()] : undefined;
}

/** "move both to friday": of the last list, and each as if it had been named alone. */
async function onEach(
  tasks: readonly Task[],
  words: string,
  act: (task: Task) => Promise<ToolResult>,
): Promise<ToolResult> {
  const isMany = tasks.length > mostAtOnce;
  if (isMany || tasks.length === 0 || (/^both/i.test(words) && tasks.length !== 2)) {
    const reply = `The last list has ${sayCount(tasks.length)}. Which of them do you mean? Nothing was changed.`;
    return { outcome: 'not-possible', reply };
  }
  const results: ToolResult[] = [];
  for (const task of tasks) results.push(await act(task));
  const reply = results.map((result) => result.reply).join('\n');
  return { outcome: results[0]!.outcome, reply, tasks: results.flatMap(({ task }) => task ?? []) };
}

const mostAtOnce = 20;

async function skip(
  { change, time }: ToolContext,
  task: Task,
  { from, until }: { from: string | undefined; until: string | undefined },
): Promise<ToolResult> {
  if (!task.recurrence || !task.due_date)
    return {
      outcome: 'not-possible',
      reply: `"${task.title}" does not repeat, so there is no occurrence to skip. Nothing was changed.`,
    };
  const due = zoned(new Date(task.due_date), time.zone).toPlainDate().toString();
  if ((from && due < from) || (until && due > until))
    return {
      outcome: 'not-possible',
      reply: `"${task.title}" has no occurrence then; it is next due ${sayDate(new Date(task.due_date), time)}. Nothing was changed.`,
    };
  const skipped = await skipOccurrence(change, task.id);
  const reply =
    skipped.status === 'DONE'
      ? `That was the last occurrence, so "${skipped.title}" is done.`
      : `Skipped. "${skipped.title}" is next due ${sayDate(new Date(skipped.due_date!), time)}.`;
  return { outcome: skipped.status === 'DONE' ? 'completed' : 'rescheduled', reply, task: skipped };
}

async function complete({ change, time }: ToolContext, task: Task): Promise<ToolResult> {
  const changed = await completeTask(change, task.id);
  const next = changed.status === 'DONE' ? '' : ` Next: ${sayDate(new Date(changed.due_date!), time)}.`;
  return saidChange(task, changed, 'completed', `Done: "${changed.title}".${next}`);
}

async function reschedule({ change, time }: ToolContext, task: Task, due_date: string, keepSeries: boolean) {
  const changed = await updateTask(change, task.id, { due_date }, { keepSeries });
  return saidChange(
    task,
    changed,
    'rescheduled',
    `"${changed.title}" is now due ${sayDate(new Date(due_date), time)}.`,
  );
}

async function bringForward(context: ToolContext, task: Task, by: string): Promise<ToolResult> {
  const { time } = context;
  if (!task.due_date)
    return {
      outcome: 'not-possible',
      reply: `"${task.title}" has no due date, so it cannot be earlier. Nothing was changed.`,
    };
  const due = broughtForward(task.due_date, by, time);
  if (new Date(due) > time.now) return reschedule(context, task, due, true);
  const reply = `"${task.title}" would be due ${sayDate(new Date(due), time)}, which is over. Nothing was changed.`;
  return { outcome: 'not-possible', reply };
}

function saidChange(old: Task, task: Task, outcome: ToolResult['outcome'], reply: string): ToolResult {
  if (task.version !== old.version) return { outcome, reply, task };
  return { outcome: 'unchanged', reply: `"${task.title}" already has these values; no change was made.`, task };
}

type Changes = Omit<ToolArguments<'update_task'>, 'task'>;

function toPatch(
  task: Task,
  {
    due,
    recurrence,
    from_completion,
    add_tags,
    remove_tags,
    add_reminders,
    remove_reminders,
    add_description,
    ends,
    remarks: _,
    ...fields
  }: Changes,
  time: UserTime,
): TaskPatch {
  const tags = [...new Set([...task.tags, ...(add_tags ?? [])])].filter((tag) => !remove_tags?.includes(tag));
  return {
    ...fields,
    ...(add_description && { description: withLine(task.description, add_description) }),
    tags: tags.slice(0, 20),
    ...(add_reminders && { reminders: joined(remove_reminders ? [] : task.reminders, add_reminders) }),
    ...(remove_reminders && !add_reminders && { reminders: [] }),
    // A recurrence has nothing to begin with when the due date goes.
    ...(due === null && { due_date: null, recurrence: null }),
    ...(recurrence === null && { recurrence: null }),
    ...(recurrence && firstTiming(firstDue(task, due, time), recurrence, time, { fromCompletion: from_completion })),
    ...(ends && { recurrence: endedOn(task, ends, time) }),
    ...(!recurrence && due && { due_date: storable(resolveWhen(due, time, previousDue(task))) }),
  };
}

function withLine(old: string | null, line: string): string {
  const text = old ? `${old}\n${line}` : line;
  if (!description.safeParse(text).success) throw new RangeError('the note would be too long');
  return text;
}

function joined(old: readonly number[] = [], more: readonly number[]): number[] {
  const all = [...new Set([...old, ...more])].toSorted((a, b) => a - b);
  if (all.length > maximumReminders) throw new RangeError(`A task has at most ${maximumReminders} reminders`);
  return all;
}

/**
 * Where a recurrence begins: on the day on which the task is due, at the time that was said with it; a day that is over
 * leaves its time of day.
 */
function firstDue({ due_date }: Task, due: When | null | undefined, time: UserTime): When | undefined {
  if (!due_date) return due ?? undefined;
  const previous = new Date(due_date);
  if (due) return resolveWhen(due, time, previous).toISOString();
  return previous > time.now ? due_date : zoned(previous, time.zone).toPlainTime().toString({ smallestUnit: 'minute' });
}
