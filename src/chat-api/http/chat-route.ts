import { Hono } from 'hono';
import { z } from 'zod';
import { runCalls } from '../chat/run-calls.ts';
import type { ToolCall } from '../chat/tool-calls.ts';
import { toldTasks, type Question } from '../llm/ask-model.ts';
import { isBareTitle, readAsTitle } from '../quick-add/as-title.ts';
import type { ChangeContext } from '../tasks/change-context.ts';
import type { TextSpan } from '../quick-add/text-span.ts';
import type { UserTime } from '../quick-add/when.ts';
import { listTasks } from '../tasks/read-tasks.ts';
import { timeZone } from '../tasks/task.ts';
import { rehearseChange, runChange, toResponse, type ChangeDependencies } from './changes.ts';
import { streamAnswer } from './chat-stream.ts';
import { claimKey, type Answer, type Claim } from './idempotency.ts';
import type { RequestEnvironment } from './request-context.ts';
import { readBody } from './validation.ts';

export const chatRequest = z.strictObject({
  message: z
    .string()
    .min(1)
    .max(2000, { error: 'must have at most 2000 characters' })
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'), { error: 'must be Unicode text without NUL' }),
  time_zone: timeZone.default('UTC'),
  conversation: z
    .string()
    .regex(/^[\w-]{1,100}$/, { error: 'must be 1 to 100 letters, digits, - or _' })
    .optional()
    .describe(
      'Any name that the client chooses; within a conversation, "it" means the task last spoken of, and "the second one" that of the last list',
    ),
  dry_run: z.boolean().default(false).describe('Says what would happen, by the grammar alone; nothing is changed'),
  locale: z
    .string()
    .max(35)
    .refine((name) => isLocale(name), { error: "must be a language tag such as 'en-US'" })
    .optional()
    .describe(
      'BCP 47: the order of day and month in 4/5, the first day of the week, 12 or 24 hours; else by Accept-Language, else by time_zone',
    ),
});

export interface Understanding {
  /** One at least. */
  readonly calls: readonly ToolCall[];
  readonly spans: readonly TextSpan[];
  readonly isByModel: boolean;
}

/** Reads a message: what it asks for. The open tasks are read only if they are needed. */
export type Understand = (question: {
  readonly message: string;
  readonly time: UserTime;
  /** Asked for at each pause in typing, and changing nothing: not worth a language model's time and money. */
  readonly dryRun: boolean;
  readonly openTasks: () => Promise<Question['openTasks']>;
  /**
   * Asked before a language model is: false when the message is a repetition, whose answer is that of the first one
   * however it is read.
   */
  readonly isFirst?: () => Promise<boolean>;
  /** Told of each call of a language model as it comes. Only when all have come is any of them carried out. */
  readonly onCall?: ((call: ToolCall) => void) | undefined;
}) => Promise<Understanding>;

export interface ChatDependencies extends ChangeDependencies {
  readonly understand: Understand;
}

/** POST /v1/chat: a message in plain English, or whatever the language model knows. */
export function chatRoute(dependencies: ChatDependencies): Hono<RequestEnvironment> {
  const route = new Hono<RequestEnvironment>();
  route.post('/', async (context) => {
    const { message, time_zone, conversation, dry_run, locale } = await readBody(context, chatRequest);
    const time = {
      now: dependencies.clock.now(),
      zone: time_zone,
      locale: locale ?? acceptedLocale(context.req.header('Accept-Language')),
    };
    const openTasks = () =>
      listTasks(
        dependencies.database,
        context.get('userId'),
        { status: ['TODO', 'IN_PROGRESS'] },
        { limit: toldTasks },
      );
    const run = async (onCall?: (call: ToolCall) => void) => {
      let claim: Claim | undefined;
      const isFirst = async () => {
        const claimed = await claimKey(context, dependencies.database, time.now, await context.req.text());
        if (claimed !== 'taken') claim = claimed;
        return claimed !== 'taken';
      };
      const question = { message, time, dryRun: dry_run, openTasks, isFirst, onCall };
      const { calls, spans, isByModel } = await dependencies.understand(question);
      const asTitle = isByModel ? undefined : readAsTitle(message, time);
      const doubts = { asTitle, isBare: !isByModel && isBareTitle(message) };
      const make = async (change: ChangeContext): Promise<Answer> => {
        const { result, isTitle } = await runCalls(calls, { change, time }, conversation, doubts);
        const [understood, ...also] = isTitle ? [asTitle!.call] : calls;
        const rehearsed = dry_run && { dry_run, spans: isTitle ? asTitle!.spans : spans };
        const more = { ...(also.length > 0 && { also }), ...rehearsed, ...(conversation && { conversation }) };
        return { status: 200, body: { ...result, understood, ...more } };
      };
      if (dry_run) return rehearseChange(dependencies, context, make);
      try {
        return await runChange(dependencies, context, make, claim);
      } catch (error) {
        await claim?.release().catch(() => {
          // It ends by itself.
        });
        throw error;
      }
    };
    const isStreamed = context.req.header('Accept')?.includes('text/event-stream');
    return isStreamed ? streamAnswer(context, run) : toResponse(context, await run());
  });
  return route;
}

function isLocale(name: string): boolean {
  try {
    return Intl.getCanonicalLocales(name).length === 1;
  } catch {
    return false;
  }
}

/** The first English of a country: a browser that only says "en" or "de" says nothing of how its user writes English. */
function acceptedLocale(header: string | undefined): string | undefined {
  return /(?:^|,)\s*(en-[A-Za-z]{2})\b/.exec(header?.slice(0, 500) ?? '')?.[1];
}
