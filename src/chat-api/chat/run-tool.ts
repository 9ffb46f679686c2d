import { ExpectedError } from '../../lib/errors.ts';
import { lastTaskOf, rememberTask } from './conversation.ts';
import { toolParameters, type ToolArguments, type ToolCall, type ToolName } from './tool-calls.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import { tools } from './tools.ts';

/** A message as the title of a new task, when no task is found that it could be about. */
export interface TitleReading {
  readonly call: ToolCall;
  /** Whether it is a title unless a task has that very title. */
  readonly isLikely: boolean;
}

export interface ToolRun {
  readonly result: ToolResult;
  /** Whether the message was taken for the title of a new task. */
  readonly isTitle: boolean;
}

/** Does what was understood, and keeps in mind which task that was about. */
export async function runTool(
  call: ToolCall,
  context: ToolContext,
  conversation: string | undefined,
  asTitle?: TitleReading,
): Promise<ToolRun> {
  const lastTaskId = await lastTaskOf(context.change, conversation);
  const toolContext = { ...context, lastTaskId, isTitleLikely: asTitle?.isLikely };
  const found = await run(call.tool, call.arguments, toolContext);
  const isTitle = asTitle !== undefined && found.outcome === 'not-found' && !found.candidates?.length;
  const result = isTitle ? await run(asTitle.call.tool, asTitle.call.arguments, toolContext) : found;
  if (result.task) rememberTask(context.change, conversation, result.task.id);
  return { result, isTitle };
}

async function run<Name extends ToolName>(
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

/** What was found before anything was written. */
function isRefusal(error: unknown): error is ExpectedError {
  return error instanceof ExpectedError && (error.code === 'NothingToUndo' || error.code === 'ChangedSince');
}

function notPossible(reason: string): ToolResult {
  return { outcome: 'not-possible', reply: `That is not possible: ${reason}. Nothing was changed.` };
}
