import { lastTaskOf, rememberTask } from './conversation.ts';
import { toolParameters, type ToolArguments, type ToolCall, type ToolName } from './tool-calls.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import { tools } from './tools.ts';

/** Does what was understood, and keeps in mind which task that was about. */
export async function runTool(
  call: ToolCall,
  context: ToolContext,
  conversation: string | undefined,
): Promise<ToolResult> {
  const lastTaskId = await lastTaskOf(context.change, conversation);
  const result = await run(call.tool, call.arguments, { ...context, lastTaskId });
  if (result.task) await rememberTask(context.change, conversation, result.task.id);
  return result;
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
    throw error;
  }
}

function notPossible(reason: string): ToolResult {
  return { outcome: 'not-possible', reply: `That is not possible: ${reason}. Nothing was changed.` };
}
