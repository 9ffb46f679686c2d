import { resolve } from 'node:path';
import { Part } from '../../localcluster/parts/part.ts';
import { findPlace } from '../../localcluster/parts/place.ts';
import { compileCache } from './compile-cache.ts';

/** A program as it runs in its pod: a process of its own, which tests can stop, kill and start again. */
export interface ProgramProcess {
  readonly process: Part;
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** Ends the process, at once and unasked. */
  leave(): Promise<void>;
}

/** Starts a program; resolves when it is ready. */
export async function startProgram(
  name: string,
  program: string,
  environment: Readonly<Record<string, string>>,
): Promise<ProgramProcess> {
  const place = await findPlace(name, 1);
  const port = String(place.ports[0]!);
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.text() };
  };
  const process = new Part({
    name,
    // It runs in a folder of its own.
    command: [nodeProgram, resolve(program)],
    environment: { ...compileCache, METRICS_PORT: port, ...environment },
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
