import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lastLines } from '../artifacts/tools.ts';
import { startGuarded, type GuardedProcess } from './guard.ts';
import { isStopped, processTree, signalProcess } from './process-tree.ts';

/** One program that a test starts, stops and breaks. */
export interface Program {
  /** Tells it from its neighbours: kafka-2, kube-apiserver. */
  readonly name: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Its data, its log and its temporary files are here. */
  readonly folder: string;
  /** The user to run it as, for a program that refuses root. */
  readonly user?: number | undefined;
  /** Asks it to end in good order; SIGTERM when left out. */
  readonly stopSignal?: NodeJS.Signals;
  /** Asked again and again until it says yes. */
  readonly isReady: (part: Part) => Promise<boolean>;
}

/** A program that did not come up; the message has the end of its log. */
export class PartError extends Error {
  readonly code: 'PartExited' | 'PartNotReady';
  constructor(code: PartError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PartError';
    this.code = code;
  }
}

const lookMilliseconds = 20;
const readyMilliseconds = 60_000;
const stopMilliseconds = 10_000;

/** A process that tests can end, break and start again on the same ports and data. */
export class Part {
  readonly name: string;
  /** What the program prints, over all its starts. */
  readonly logFile: string;
  readonly #program: Program;
  #process: GuardedProcess | undefined;
  #logStart = 0;
  #keepsAlive = true;

  constructor(program: Program) {
    this.name = program.name;
    this.logFile = join(program.folder, `${program.name}.log`);
    this.#program = program;
  }

  /** The process id, while the program runs. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /**
   * Starts the program and waits until it is ready; one that runs already is left alone.
   *
   * @throws {PartError} when it ends instead (at once), or is not ready within a minute (and is killed)
   */
  async start(): Promise<void> {
    if (this.#process) return;
    const { command, folder, environment = {}, user } = this.#program;
    this.#logStart = await size(this.logFile);
    const started = await startGuarded({ command, folder, environment, user, logFile: this.logFile });
    this.#process = started;
    if (!this.#keepsAlive) started.unref();
    void started.exited.then(() => {
      if (this.#process === started) this.#process = undefined;
    });
    await this.#ready(started);
  }

  /** No longer keeps this process from ending by itself, which ends the program, now and after each start. */
  unref(): void {
    this.#keepsAlive = false;
    this.#process?.unref();
  }

  /** Asks the program to end, resuming it if it is paused, and waits until it has; after ten seconds it is killed. */
  async stop(): Promise<void> {
    await this.resume();
    const impatience = setTimeout(() => void this.kill(), stopMilliseconds);
    await this.#end(this.#program.stopSignal ?? 'SIGTERM');
    clearTimeout(impatience);
  }

  /** Ends the program as a crash would, with SIGKILL; its folder stays as it is at that moment. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /**
   * Freezes the program and all its processes: when it resolves, connections stay open and nothing answers. Parents first:
   * a frozen parent starts no child that would be missed.
   */
  async pause(): Promise<void> {
    if (!this.#process) return;
    for await (const pid of processTree(this.#process.pid)) {
      signalProcess(pid, 'SIGSTOP');
      while (!(await isStopped(pid))) await delay(lookMilliseconds);
    }
  }

  async resume(): Promise<void> {
    if (!this.#process) return;
    for await (const pid of processTree(this.#process.pid)) signalProcess(pid, 'SIGCONT');
  }

  /** What the program has printed since it was last started. */
  async readLog(): Promise<string> {
    const log = await readFile(this.logFile);
    return log.subarray(this.#logStart).toString();
  }

  async #ready(started: GuardedProcess): Promise<void> {
    let exitCode: number | undefined;
    void started.exited.then((code) => (exitCode = code));
    const begin = performance.now();
    while (!(await this.#program.isReady(this))) {
      if (exitCode !== undefined) throw await this.#error('PartExited', `ended with ${exitCode} before it was ready`);
      const waited = performance.now() - begin;
      if (waited > readyMilliseconds) {
        await this.kill();
        throw await this.#error('PartNotReady', `was not ready after ${readyMilliseconds / 1000} s`);
      }
      // A look costs the processor time that the program needs to become ready.
      await Promise.race([delay(Math.max(lookMilliseconds, Math.min(100, waited / 20))), started.exited]);
    }
  }

  async #error(code: PartError['code'], what: string): Promise<PartError> {
    return new PartError(code, `${this.name} ${what}\n${lastLines(await this.readLog())}`);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const ending = this.#process;
    if (!ending) return;
    signalProcess(ending.pid, signal);
    await ending.exited;
  }
}

async function size(file: string): Promise<number> {
  return existsSync(file) ? (await stat(file)).size : 0;
}
