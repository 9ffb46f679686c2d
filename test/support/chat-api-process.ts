import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reservePorts } from '../../localcluster/parts/ports.ts';
import { alice } from './chat-api.ts';
import { compileCache } from './compile-cache.ts';
import { until } from './until.ts';

/** The chat API as a process of its own, as a pod would run it. */
export interface ChatApiProcess {
  readonly url: string;
  readonly metricsUrl: string;
  readonly pid: number;
  /** What it has logged so far. */
  log(): string;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
  /** Asks it to end; resolves with its exit code. */
  stop(): Promise<number | null>;
}

const sources = new URL('../../src/bin/chat-api.ts', import.meta.url).pathname;

export interface ProcessOptions {
  /** The compiled program, say; the sources when left out. */
  readonly program?: string | undefined;
  readonly nodeOptions?: string;
  /** Tokens by user; alice's alone when left out. */
  readonly tokens?: Readonly<Record<string, string>>;
}

/** Starts the program and waits until it is ready. */
export async function startChatApiProcess(
  databaseUri: string,
  bootstrapServers: string,
  { program = sources, nodeOptions = '', tokens = { alice } }: ProcessOptions = {},
): Promise<ChatApiProcess> {
  const reservation = await reservePorts(2);
  const [httpPort, metricsPort] = reservation.ports;
  const directory = await mkdtemp(join(tmpdir(), 'chat-api-tokens-'));
  for (const [user, token] of Object.entries(tokens)) await writeFile(join(directory, user), token);
  const child = spawn(process.execPath, [program], {
    env: {
      ...compileCache,
      KAFKA_BOOTSTRAP_SERVERS: bootstrapServers,
      DATABASE_URI: databaseUri,
      AUTH_TOKENS_DIRECTORY: directory,
      HTTP_PORT: String(httpPort),
      METRICS_PORT: String(metricsPort),
      NODE_OPTIONS: nodeOptions,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const exited = once(child, 'exit').then(async ([code]) => {
    await Promise.all([rm(directory, { recursive: true }), reservation.release()]);
    return code as number | null;
  });
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  const metricsUrl = `http://127.0.0.1:${metricsPort}`;
  const url = `http://127.0.0.1:${httpPort}`;
  // The page is served once everything before it has started.
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`The program ended:\n${output}`);
    return (await fetch(url).catch(() => undefined))?.ok ?? false;
  });
  return {
    url,
    metricsUrl,
    pid: child.pid!,
    log: () => output,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}
