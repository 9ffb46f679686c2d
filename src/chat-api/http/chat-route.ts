import { Hono } from 'hono';
import { z } from 'zod';
import { runTool } from '../chat/run-tool.ts';
import { readAsTitle, readMessage, type Reading } from '../quick-add/command.ts';
import type { UserTime } from '../quick-add/when.ts';
import { timeZone } from '../tasks/task.ts';
import { answerChange, answerRehearsal, type ChangeDependencies } from './changes.ts';
import type { RequestEnvironment } from './request-context.ts';
import { readBody } from './validation.ts';

export const chatRequest = z.strictObject({
  message: z
    .string()
    .min(1)
    .max(2000)
    .refine((text) => text.isWellFormed() && !text.includes('\u0000'), { error: 'must be Unicode text without NUL' }),
  time_zone: timeZone.default('UTC'),
  conversation: z
    .string()
    .regex(/^[\w-]{1,100}$/, { error: 'must be 1 to 100 letters, digits, - or _' })
    .optional()
    .describe('Any name of the client\'s own; within a conversation, "it" means the task last spoken of'),
  dry_run: z.boolean().default(false).describe('Says what would happen, by the grammar alone; nothing is changed'),
  locale: z
    .string()
    .max(35)
    .refine((name) => isLocale(name), { error: "must be a language tag such as 'en-US'" })
    .optional()
    .describe('BCP 47: the order of day and month in 4/5; else by Accept-Language, else by time_zone'),
});

/** Reads a message: what it asks for. */
export type Understand = (message: string, time: UserTime) => Promise<Reading>;

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
    // Asked for at each pause in typing, and changing nothing: not worth a language model's time and money.
    const reading = dry_run ? readMessage(message, time) : await dependencies.understand(message, time);
    const asTitle = readAsTitle(message, time);
    const answer = dry_run ? answerRehearsal : answerChange;
    return answer(dependencies, context, async (change) => {
      const { result, isTitle } = await runTool(reading.call, { change, time }, conversation, asTitle);
      const { call: understood, spans } = isTitle ? asTitle! : reading;
      const rehearsed = dry_run && { dry_run, spans };
      return { status: 200, body: { ...result, understood, ...rehearsed, ...(conversation && { conversation }) } };
    });
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
