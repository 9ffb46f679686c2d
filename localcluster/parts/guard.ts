import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { nodePrograms } from '../artifacts/go-programs.ts';
import { lastLines } from '../artifacts/tools.ts';
import { ensure } from '../cache.ts';
import { readSettings } from '../settings.ts';
import { partsFolder } from './parts-folder.ts';

/** A folder that is gone when it is removed, or when this process has ended, in whatever way. */
export interface GuardedFolder {
  readonly path: string;
  /** No longer keeps this process from ending by itself, which removes it. */
  unref(): void;
  remove(): Promise<void>;
}

/** What to run, and what it must not outlive: this process; and which folder must not either. */
export interface GuardedCommand {
  readonly command: readonly string[];
  /** Where it runs and keeps its temporary files. */
  readonly folder: string;
  /** Gets its stdout and stderr, appended. */
  readonly logFile: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The user to run it as, for a program that refuses root. */
  readonly user?: number | undefined;
}

export interface GuardedProcess {
  readonly pid: number;
  /** Its exit code (128 + the signal that ended it), when it and everything it had started are gone. */
  readonly exited: Promise<number>;
  /** No longer keeps this process from ending by itself, which ends that one. */
  unref(): void;
}

async function guardProgram(): Promise<string> {
  return join(await ensure(readSettings(), nodePrograms), 'guard');
}

/** A new, empty folder for parts. */
export async function createGuardedFolder(name: string): Promise<GuardedFolder> {
  const path = join(await partsFolder(), `kafka-events-${name}-${randomUUID().slice(0, 8)}`);
  // The guard is there before the folder, so that there is no moment at which the folder could be left behind.
  const guard = spawnGuard(await guardProgram(), ['--remove', path], { stdio: ['pipe', 'ignore', 'inherit'] });
  await mkdir(path, { mode: 0o700 });
  return {
    path,
    unref: () => unref(guard),
    remove: async () => {
      guard.stdin?.end();
      await exitCode(guard);
    },
  };
}

/** @throws {Error} if the command cannot be run; the log tells why */
export async function startGuarded(guarded: GuardedCommand): Promise<GuardedProcess> {
  const { command, folder, logFile, environment = {}, user } = guarded;
  const log = await open(logFile, 'a');
  const userOption = user === undefined ? [] : ['--user', String(user)];
  const guard = spawnGuard(await guardProgram(), ['--remove', folder, ...userOption, '--', ...command], {
    stdio: ['pipe', log.fd, log.fd, 'pipe'],
    cwd: folder,
    env: { LANG: 'C.UTF-8', TMPDIR: folder, ...environment },
  });
  const exited = exitCode(guard);
  // Read from the start: what nobody reads is thrown away when the process exits.
  const reported = reportedPid(guard.stdio[3] as Readable);
  await log.close();
  const pid = await reported;
  if (pid === undefined) throw new Error(`${command[0]} could not be run: guard exited with ${await exited}`);
  return { pid, exited, unref: () => unref(guard) };
}

/** Runs a command to its end. @throws {Error} with the end of its log if it fails */
export async function runGuarded(guarded: GuardedCommand): Promise<void> {
  const { exited } = await startGuarded(guarded);
  const code = await exited;
  if (code === 0) return;
  throw new Error(`${guarded.command[0]} ended with ${code}\n${lastLines(await readFile(guarded.logFile, 'utf8'))}`);
}

interface SpawnGuardOptions {
  readonly stdio: StdioOptions;
  readonly cwd?: string;
  readonly env?: Record<string, string>;
}

/** In a session of its own: Ctrl-C is for this process, whose end the guard sees in any case. */
function spawnGuard(program: string, args: readonly string[], options: SpawnGuardOptions): ChildProcess {
  return spawn(program, args, { ...options, detached: true });
}

function unref(guard: ChildProcess): void {
  guard.unref();
  (guard.stdin as Socket).unref();
}

async function exitCode(guard: ChildProcess): Promise<number> {
  if (guard.exitCode === null && guard.signalCode === null) await once(guard, 'exit');
  return guard.exitCode ?? -1;
}

async function reportedPid(report: Readable): Promise<number | undefined> {
  let line = '';
  for await (const chunk of report) line += String(chunk);
  return line ? Number(line) : undefined;
}
