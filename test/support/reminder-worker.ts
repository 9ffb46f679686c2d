import { join, resolve } from 'node:path';
import { Part } from '../../localcluster/parts/part.ts';
import { findPlace } from '../../localcluster/parts/place.ts';

const sources = join(import.meta.dirname, '../../src/bin/reminder-worker.ts');

/** The program as it runs in its pod: a process of its own, which tests can stop, kill and start again. */
export interface ReminderWorkerProcess {
  readonly process: Part;
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** Ends the process, at once and unasked. */
  leave(): Promise<void>;
}

/** Starts a worker; resolves when it is ready. */
export async function startReminderWorker(
  environment: Readonly<Record<string, string>>,
  program = sources,
): Promise<ReminderWorkerProcess> {
  const place = await findPlace('reminder-worker', 1);
  const port = String(place.ports[0]!);
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.text() };
  };
  const process = new Part({
    name: 'reminder-worker',
    // It runs in a folder of its own.
    command: [nodeProgram, resolve(program)],
    environment: { METRICS_PORT: port, ...environment },
    folder: place.folder,
    isReady: () =>
      get('/readyz').then(
        ({ status }) => status === 200,
        () => false,
      ),
  });
  await process.start();
  return { process, get, leave: () => place.leave([process]) };
}

const nodeProgram = globalThis.process.execPath;
