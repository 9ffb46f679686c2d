import { choose } from './choice.ts';
import { recall, remember, type Conversation } from './conversation.ts';
import type { TitleReading } from '../quick-add/as-title.ts';
import { mayNameTask, namesTask } from '../quick-add/commands/about-task.ts';
import { findNamedIn } from '../tasks/read-tasks.ts';
import { offerOf, withOffer } from './offer.ts';
import { isRefusal } from '../tasks/task-errors.ts';
import type { Task } from '../tasks/task.ts';
import { toolParameters, type CreateCall, type DirectCall, type ToolArguments, type ToolCall } from './tool-calls.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import { tools } from './tools.ts';
import { sayTask, sayTasks } from './wording.ts';

/** What a message may mean beside what was understood. */
export interface Doubts {
  /** A new task, when no task is found that it could be about. */
  readonly asTitle: TitleReading | undefined;
  /** Whether a new task is one only for want of another meaning: nothing like "add" says so. */
  readonly isBare: boolean;
}

export interface ToolRun {
  readonly result: ToolResult;
  /** Whether the message was taken for the title of a new task. */
  readonly isTitle: boolean;
}

/** Does what was understood, and keeps in mind which task that was about. */
export async function runTool(
  call: ToolCall,
  { change, time }: Pick<ToolContext, 'change' | 'time'>,
  conversation: string | undefined,
  { asTitle, isBare }: Doubts = { asTitle: undefined, isBare: false },
): Promise<ToolRun> {
  const before = await recall(change, conversation);
  const meant = call.tool === 'choose' ? choose(call.arguments.which, before) : call;
  const toolContext = {
    change,
    time,
    conversation: before,
    isTitleLikely: asTitle?.isLikely,
    mayBeTitle: asTitle !== undefined,
  };
  const named = isBare ? await namedIn(toolContext, call) : undefined;
  const found = named ?? (await run(meant.tool, meant.arguments, toolContext));
  // "find a plumber", when no task has it
  const isSearch = meant.tool === 'list_tasks' && Object.keys(meant.arguments).join() === 'text';
  const isNotFound = found.outcome === 'not-found' || (isSearch && found.tasks?.length === 0);
  const isTitle = asTitle !== undefined && isNotFound && !found.candidates?.length;
  const offer = offerOf(meant, found);
  const { pending, ...answer } = isTitle
    ? await run('create_task', asTitle.call.arguments, toolContext)
    : withTitle(withOffer(found, offer), asTitle);
  const result: ToolResult = answer;
  const isOpen = call.tool === 'choose' && call.arguments.which !== 'no' && meant.tool === 'help';
  const after = afterwards(before, pending ?? meant, result, isTitle ? undefined : offer);
  // "yes", to the question which of two: the question stays.
  remember(change, conversation, isOpen ? { ...after, pending: before.pending } : after);
  return { result, isTitle };
}

/** "delete old photos", when there is only a task that has one of the words: it may be a new one all the same. */
function withTitle(result: ToolResult, asTitle: TitleReading | undefined): ToolResult {
  if (!asTitle || result.outcome !== 'not-found' || !result.candidates?.length) return result;
  return {
    ...result,
    reply: `${result.reply}\nTo create a task of that name, say: add ${asTitle.call.arguments.title}`,
  };
}

/** "change tyres", when there is a task called "Tyres", or "tyres": is it that one, or a new one? */
async function namedIn(context: ToolContext, call: ToolCall): Promise<ToolResult | undefined> {
  if (call.tool !== 'create_task') return undefined;
  const { title, due, recurrence } = call.arguments;
  const isDated = (due ?? recurrence) !== undefined;
  if (!mayNameTask(title, isDated)) return undefined;
  const { transaction, userId } = context.change;
  const found = await findNamedIn(transaction, userId, title);
  const named = found.filter((task) => namesTask(title, task.title, isDated));
  const [task, ...more] = named;
  if (!task) return undefined;
  const instead = `To create a task of that name, say: add ${title}`;
  return more.length > 0
    ? {
        outcome: 'listed',
        reply: `Is it about one of these?\n${sayTasks(named, context.time)}\n${instead}`,
        tasks: named,
      }
    : { outcome: 'listed', reply: `${sayTask(task, context.time)}. What should I do with it? ${instead}`, task };
}

/** What the conversation has in mind behind a result. */
function afterwards(
  before: Conversation,
  call: DirectCall,
  { outcome, task, tasks, candidates = [] }: ToolResult,
  offer: CreateCall | undefined,
): Conversation {
  const shown = candidates.length > 0 ? candidates : tasks;
  const listed = shown?.length ? shown.slice(0, longestList).map(({ id }) => id) : before.listed;
  const lastTaskId = task?.id ?? (shown?.length === 1 ? shown[0]!.id : stillMeant(before, outcome, listed, shown));
  return { lastTaskId, listed, pending: candidates.length > 0 ? call : offer };
}

/** The task that "it" meant, unless the answer was about several tasks, and not about that one among them. */
function stillMeant(
  { lastTaskId }: Conversation,
  outcome: ToolResult['outcome'],
  listed: readonly string[],
  shown: readonly Task[] | undefined,
): string | undefined {
  if (!shown || shown.length === 0) return lastTaskId;
  const isAmong = lastTaskId !== undefined && listed.includes(lastTaskId);
  return isAmong && ['listed', 'ambiguous', 'not-found'].includes(outcome) ? lastTaskId : undefined;
}

const longestList = 100;

async function run<Name extends DirectCall['tool']>(
  name: Name,
  parameters: ToolArguments<Name>,
  context: ToolContext,
): Promise<ToolResult> {
  const checked = toolParameters[name].safeParse(parameters);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return notPossible(`${issue?.path.join('.') ?? name} ${issue?.message ?? 'is not allowed'}`);
  }
  try {
    return await tools[name].run(context, checked.data as ToolArguments<Name>);
  } catch (error) {
    if (error instanceof RangeError) return notPossible(error.message);
    if (isRefusal(error))
      return {
        outcome: error.code === 'NothingToUndo' && 'task' in parameters ? 'not-found' : 'not-possible',
        reply: `${error.message}.`,
      };
    throw error;
  }
}

function notPossible(reason: string): ToolResult {
  return { outcome: 'not-possible', reply: `That is not possible: ${reason}. Nothing was changed.` };
}
