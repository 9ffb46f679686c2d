import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModel } from '../../src/chat-api/llm/ask-model.ts';
import type { ReminderStore } from '../../src/chat-api/live/reminders.ts';
import type { PublishedMessage, Publisher } from '../../src/chat-api/outbox/publish.ts';
import { createChatApi } from '../../src/chat-api/program.ts';
import { ExpectedError } from '../../src/lib/errors.ts';
import type { PushNetwork } from '../../src/chat-api/push/push-endpoint.ts';
import type { PushKeys } from '../../src/chat-api/push/push-sender.ts';
import type { SignInConfiguration } from '../../src/chat-api/sign-in/sign-in.ts';
import { systemClock, type Clock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';

/** A chat API that runs in the test's own process. */
export interface RunningChatApi {
  /** http://127.0.0.1:port */
  readonly url: string;
  readonly metricsUrl: string;
  readonly reminders: ReminderStore;
  readonly tokensDirectory: string;
  /** Asks as alice, unless the headers say otherwise. */
  ask(path: string, request?: Asking): Promise<Answered>;
  stop(): Promise<void>;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // Tests say what they expect of it.
  readonly body: Record<string, unknown>;
}

export interface ChatApiSettings {
  readonly signIn?: SignInConfiguration | undefined;
  readonly push?: { readonly keys: PushKeys; readonly network: PushNetwork };
  readonly llm?: LanguageModel;
  readonly clock?: Clock;
  /** Beside alice and bob; see `tokenOf`. */
  readonly users?: readonly string[];
}

export const tokenOf = (user: string): string => `token-of-${user}`;
export const alice = tokenOf('alice');
export const bob = tokenOf('bob');

export async function startChatApi(
  databaseUri: string,
  publisher: Publisher,
  { signIn, push, llm, clock = systemClock, users = [] }: ChatApiSettings = {},
): Promise<RunningChatApi> {
  const folder = await mkdtemp(join(tmpdir(), 'chat-api-'));
  const tokensDirectory = join(folder, 'tokens');
  await mkdir(tokensDirectory);
  await writeFile(join(tokensDirectory, 'alice'), `${alice}\n`);
  for (const user of ['bob', ...users]) await writeFile(join(tokensDirectory, user), tokenOf(user));
  const { components, server, health, reminders } = createChatApi({
    configuration: {
      databaseUri,
      topics: { events: 'task-events', updates: 'task-updates', reminders: 'reminders' },
      authTokensDirectory: tokensDirectory,
      llm,
      signIn,
      pushKeys: push?.keys,
      httpPort: 0,
      metricsPort: 0,
      podName: 'chat-api-test',
    },
    publisher,
    logger: createLogger({ name: 'chat-api', level: 'silent' }),
    clock,
    random: Math.random,
    host: '127.0.0.1',
    ...(push && { pushNetwork: push.network }),
  });
  const context = { signal: new AbortController().signal, fail: (error: Error) => void console.error(error) };
  for (const component of components) await component.start(context);
  const url = `http://127.0.0.1:${server.port}`;
  return {
    url,
    metricsUrl: `http://127.0.0.1:${health.port}`,
    reminders,
    tokensDirectory,
    ask: (path, request) => ask(url + path, request),
    stop: async () => {
      for (const component of components.toReversed()) await component.stop();
      await rm(folder, { recursive: true });
    },
  };
}

async function ask(url: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Answered> {
  const response = await fetch(url, {
    method,
    headers: {
      Authorization: `Bearer ${alice}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

/** Stands for Kafka where a test is not about it: keeps what is published, by topic, and fails when told to. */
export class MemoryPublisher implements Publisher {
  readonly sent: { readonly topic: string; readonly message: PublishedMessage }[] = [];
  failure: Error | undefined;
  /** What a topic takes at most. */
  limit = 1_048_588;

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  maximumBytes(): number {
    return this.limit;
  }

  send(topic: string, messages: readonly PublishedMessage[]): ReturnType<Publisher['send']> {
    if (this.failure) return Promise.reject(this.failure);
    const bytes = messages.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);
    if (bytes > this.limit) return Promise.reject(new ExpectedError('MessageTooLarge', 'The batch is too large'));
    this.sent.push(...messages.map((message) => ({ topic, message })));
    return Promise.resolve(new Map());
  }
}
