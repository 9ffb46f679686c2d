import { z } from 'zod';
import { toolParameters, type ToolCall, type ToolName } from '../chat/tool-calls.ts';
import { tools } from '../chat/tools.ts';
import { zoned, type UserTime } from '../quick-add/when.ts';

/** A server that speaks OpenAI's chat completions. */
export interface LanguageModel {
  /** For example https://host/v1 */
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: string | undefined;
}

/** How long a person waits before the grammar answers instead, in milliseconds. */
const patienceMilliseconds = 10_000;

const completion = z.object({
  choices: z.tuple(
    [
      z.object({
        message: z.object({
          tool_calls: z.tuple(
            [z.object({ function: z.object({ name: z.string(), arguments: z.string() }) })],
            z.unknown(),
          ),
        }),
      }),
    ],
    z.unknown(),
  ),
});

/**
 * Lets the model choose one of the chat's tools for a message.
 *
 * @throws when it does not answer in time, or with anything but a call of a tool with arguments that the tool takes
 */
export async function askModel(
  { baseUrl, model, apiKey }: LanguageModel,
  message: string,
  time: UserTime,
): Promise<ToolCall> {
  const response = await fetch(`${baseUrl.replace(/\/$/, '')}/chat/completions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(apiKey && { Authorization: `Bearer ${apiKey}` }) },
    body: JSON.stringify({
      model,
      temperature: 0,
      messages: [
        { role: 'system', content: instructions(time) },
        { role: 'user', content: message },
      ],
      tools: toolDescriptions,
      tool_choice: 'required',
    }),
    signal: AbortSignal.timeout(patienceMilliseconds),
  });
  if (!response.ok) throw new Error(`The language model answered ${response.status}`);
  const { choices } = completion.parse(await response.json());
  const { name, arguments: parameters } = choices[0].message.tool_calls[0].function;
  if (!isToolName(name)) throw new Error(`The language model called ${name}, which is no tool`);
  return { tool: name, arguments: toolParameters[name].parse(JSON.parse(parameters)) } as ToolCall;
}

function instructions({ now, zone }: UserTime): string {
  return [
    'You manage the tasks of a user. Call exactly one tool for the message.',
    `On the clock of the user it is ${zoned(now, zone).toString({ smallestUnit: 'second' })}.`,
    'Name a task by the words that the user used for it.',
  ].join(' ');
}

const toolDescriptions = Object.entries(tools).map(([name, { description }]) => ({
  type: 'function',
  function: { name, description, parameters: z.toJSONSchema(toolParameters[name as ToolName], { io: 'input' }) },
}));

function isToolName(name: string): name is ToolName {
  return Object.hasOwn(toolParameters, name);
}
