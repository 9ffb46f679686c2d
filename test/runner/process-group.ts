import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** How long a group that was asked to end has for it, before it is killed. */
const graceMilliseconds = 10_000;
const lookMilliseconds = 50;

export interface GroupOptions {
  /** Ends the whole group when it aborts. */
  readonly signal: AbortSignal;
  /** What the program says through `process.send`. Without it there is no such channel. */
  readonly onMessage?: (message: unknown) => void;
}

/**
 * Runs a program in a process group of its own, with this program's output, and leaves nobody of that group behind.
 * Returns its exit code, or undefined if a signal ended it.
 *
 * @throws {Error} if the program cannot be started
 */
export async function runGroup(command: readonly string[], options: GroupOptions): Promise<number | undefined> {
  const [program = '', ...args] = command;
  if (options.signal.aborted) return undefined;
  const channel = options.onMessage ? (['ipc'] as const) : [];
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', ...channel], detached: true });
  if (options.onMessage) child.on('message', options.onMessage);
  // The last messages may come after the exit: only the closed channel says that all have been read.
  const lastMessage = options.onMessage ? once(child, 'disconnect') : undefined;
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const stop = () => void endGroup(child.pid);
  options.signal.addEventListener('abort', stop);
  try {
    const [[code]] = await Promise.all([exit, lastMessage]);
    return code ?? undefined;
  } finally {
    options.signal.removeEventListener('abort', stop);
    await endGroup(child.pid);
  }
}

/** Asks every process of the group to end, waits until they have, and kills what is still there after the grace. */
async function endGroup(leader: number | undefined): Promise<void> {
  if (leader === undefined) return;
  const deadline = performance.now() + graceMilliseconds;
  for (let alive = signalGroup(leader, 'SIGTERM'); alive; alive = signalGroup(leader, 0)) {
    if (performance.now() > deadline) return void signalGroup(leader, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
  }
}

/** Whether there was anybody to receive it. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch {
    return false;
  }
}
