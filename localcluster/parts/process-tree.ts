import { readdir, readFile } from 'node:fs/promises';

/**
 * A process and all its descendants, each parent before its children: they are looked up only when the caller asks for
 * the next one, so that a caller who stops each process as it comes finds them complete.
 */
export async function* processTree(pid: number): AsyncGenerator<number> {
  yield pid;
  for (const child of await childrenOf(pid)) yield* processTree(child);
}

async function childrenOf(pid: number): Promise<number[]> {
  const tasks = `/proc/${pid}/task`;
  try {
    const threads = await readdir(tasks);
    const lists = await Promise.all(threads.map((thread) => readFile(`${tasks}/${thread}/children`, 'utf8')));
    return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  } catch (error) {
    if (hasEnded(error)) return [];
    throw error;
  }
}

/** Sends a signal to a process that may have ended meanwhile. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasEnded(error)) throw error;
  }
}

/** Whether every thread has stopped, which takes a moment after SIGSTOP; what has ended has stopped as well. */
export async function isStopped(pid: number): Promise<boolean> {
  const tasks = `/proc/${pid}/task`;
  const threads = await orWhenEnded(readdir(tasks), []);
  const states = await Promise.all(
    threads.map((thread) => orWhenEnded(readFile(`${tasks}/${thread}/stat`, 'utf8'), '')),
  );
  // The state follows the name, which is in brackets and may hold anything.
  return states.every((state) => state === '' || /\) [TtXZ] [^)]*$/.test(state));
}

async function orWhenEnded<T>(read: Promise<T>, otherwise: T): Promise<T> {
  return read.catch((error: unknown) => {
    if (hasEnded(error)) return otherwise;
    throw error;
  });
}

/** What reading from /proc and signalling say of a process that is gone. */
function hasEnded(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}
