import { join } from 'node:path';
import { startProgram, type ProgramProcess } from './program-process.ts';

const sources = join(import.meta.dirname, '../../src/bin/reminder-worker.ts');

export type ReminderWorkerProcess = ProgramProcess;

/** Starts a worker; resolves when it is ready. */
export function startReminderWorker(
  environment: Readonly<Record<string, string>>,
  program = sources,
): Promise<ReminderWorkerProcess> {
  return startProgram('reminder-worker', program, environment);
}
