import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { processTree } from '../../../localcluster/parts/process-tree.ts';
import { until } from '../../support/until.ts';
import type { AllParts } from './all-parts.ts';

/** A test process that has started all parts. */
interface Owner {
  readonly process: ChildProcess;
  readonly report: AllParts;
  /** Process ids of the guards, the parts and all that these have started, with their command lines. */
  readonly commands: ReadonlyMap<number, string>;
  readonly folders: readonly string[];
}

let owners: Owner[];
let sharedBefore: string[];

// Two at once, as the test files of two jest workers are.
beforeEach(async () => {
  sharedBefore = await readdir('/dev/shm');
  owners = await Promise.all([startOwner(), startOwner()]);
});

afterEach(() => {
  for (const owner of owners) owner.process.kill('SIGKILL');
});

async function startOwner(): Promise<Owner> {
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'all-parts.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(owner.stdout), 'line')) as [string];
  const report = JSON.parse(line) as AllParts;
  const commands = new Map<number, string>();
  for await (const pid of processTree(owner.pid!)) commands.set(pid, await commandOf(pid));
  return { process: owner, report, commands, folders: report.parts.map(({ logFile }) => dirname(logFile)) };
}

/** Empty for a process that is gone, even if its parent has not collected it yet. */
async function commandOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

async function running({ commands }: Owner): Promise<string[]> {
  const alive: string[] = [];
  for (const [pid, command] of commands) if (command && (await commandOf(pid)) === command) alive.push(command);
  return alive;
}

/** System V segments and POSIX shared memory stay when the processes that made them are killed, if nobody removes them. */
async function sharedMemory({ report }: Owner): Promise<string[]> {
  const table = await readFile('/proc/sysvipc/shm', 'utf8');
  const makers = new Set(report.parts.map(({ pid }) => String(pid)));
  const segments = table.split('\n').filter((line) => makers.has(line.trim().split(/\s+/)[4] ?? ''));
  const files = (await readdir('/dev/shm')).filter((name) => !sharedBefore.includes(name));
  return [...segments, ...files.filter((name) => name.startsWith('PostgreSQL.'))];
}

it('is nothing when the test process is killed, and another one goes on undisturbed', async () => {
  const [killed, other] = owners as [Owner, Owner];
  const names = killed.report.parts.map(({ name }) => name);
  expect(names).toEqual(['kafka-1', 'postgres', 'etcd', 'kube-apiserver', 'kube-controller-manager']);
  for (const { pid } of killed.report.parts) expect(killed.commands.has(pid!)).toBe(true);
  expect(killed.folders.every(existsSync)).toBe(true);
  expect(await sharedMemory(killed)).toHaveLength(1); // so that the next look for it is one that could find something

  killed.process.kill('SIGKILL');
  await until(async () => (await running(killed)).length === 0);
  expect(killed.folders.filter(existsSync)).toEqual([]);
  expect(await sharedMemory(killed)).toEqual([]);

  for (const { pid } of other.report.parts) expect(await commandOf(pid!)).toBe(other.commands.get(pid!));
  expect(other.folders.every(existsSync)).toBe(true);
  const client = new Client({ connectionString: other.report.postgres });
  await client.connect();
  await client.end();
});
