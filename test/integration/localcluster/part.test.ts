import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Part, type Program } from '../../../localcluster/parts/part.ts';
import { findPlace, type Place } from '../../../localcluster/parts/place.ts';
import { until } from '../../support/until.ts';

let place: Place;
let parts: Part[];

beforeEach(async () => {
  place = await findPlace('part-test', 1);
  parts = [];
});

afterEach(() => place.leave(parts));

function shellPart(script: string, program: Partial<Program> = {}): Part {
  const part = new Part({
    name: 'shell',
    command: ['/bin/sh', '-c', script],
    folder: place.folder,
    isReady: async (part) => (await part.readLog()).includes('ready'),
    ...program,
  });
  parts.push(part);
  return part;
}

async function stateOf(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return /^State:\t(\w)/m.exec(status)?.[1];
}

const isRunning = async (pid: number) => !['Z', 'X', undefined].includes(await stateOf(pid));

describe('starting', () => {
  it('tells at once that a program ended, with the end of its log', async () => {
    const started = shellPart('seq 100; echo no such port >&2; exit 3').start();
    await expect(started).rejects.toMatchObject({
      code: 'PartExited',
      message: expect.stringMatching(/^shell ended with 3 before it was ready\n(\d+\n)+no such port$/) as unknown,
    });
  });

  it('tells that a program cannot be run', async () => {
    const part = shellPart('', { command: ['/no/such/program'] });
    await expect(part.start()).rejects.toThrow(/\/no\/such\/program/);
  });

  it('shows of the log only what this start has printed', async () => {
    const part = shellPart('echo ready $$; exec sleep 1000');
    await part.start();
    const first = part.pid;
    await part.kill();
    await part.start();
    expect(await part.readLog()).toBe(`ready ${part.pid}\n`);
    expect(await readFile(part.logFile, 'utf8')).toBe(`ready ${first}\nready ${part.pid}\n`);
  });
});

describe('ending', () => {
  it('lets a program end in good order', async () => {
    const part = shellPart('trap "echo bye; exit" TERM; echo ready; while :; do sleep 0.01; done');
    await part.start();
    await part.stop();
    expect(await part.readLog()).toBe('ready\nbye\n');
    expect(part.pid).toBeUndefined();
  });

  it('ends a paused program in good order too', async () => {
    const part = shellPart('trap "echo bye; exit" TERM; echo ready; while :; do sleep 0.01; done');
    await part.start();
    await part.pause();
    await part.stop();
    expect(await part.readLog()).toBe('ready\nbye\n');
  });

  it('takes along whatever the program has started, even what moved to another session', async () => {
    const part = shellPart('setsid sleep 1000 & echo child $!; (setsid sleep 1000 & echo child $!); echo ready; wait');
    await part.start();
    const children = [...(await part.readLog()).matchAll(/child (\d+)/g)].map((match) => Number(match[1]));
    expect(children).toHaveLength(2);
    await part.kill();
    expect(await Promise.all(children.map(isRunning))).toEqual([false, false]);
  });

  it('comes to a program whose guard is killed', async () => {
    const part = shellPart('echo ready; exec sleep 1000');
    await part.start();
    const pid = part.pid!;
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    process.kill(Number(/^PPid:\t(\d+)/m.exec(status)![1]), 'SIGKILL');
    await until(async () => !(await isRunning(pid)));
    await until(() => part.pid === undefined);
  });

  it('notices a program that ends by itself', async () => {
    const part = shellPart('echo ready; sleep 0.1');
    await part.start();
    await until(() => part.pid === undefined);
  });
});

it('pauses and resumes a program with all its children', async () => {
  const part = shellPart('sleep 1000 & echo child $!; echo ready; wait');
  await part.start();
  const pids = [part.pid!, Number(/child (\d+)/.exec(await part.readLog())![1])];
  await part.pause();
  await until(async () => (await Promise.all(pids.map(stateOf))).every((state) => state === 'T'));
  await part.resume();
  await until(async () => (await Promise.all(pids.map(stateOf))).every((state) => state === 'S'));
});

describe('a place', () => {
  it('has ports that nobody else is given or listens on', async () => {
    const places = await Promise.all(Array.from({ length: 10 }, () => findPlace('part-test', 20)));
    const ports = [place, ...places].flatMap((one) => one.ports);
    expect(new Set(ports).size).toBe(201);
    await Promise.all(ports.map(listenOnce));
    await Promise.all(places.map((one) => one.leave([])));
  });

  it('is gone when it is left, with what is in it', async () => {
    const another = await findPlace('part-test', 0);
    await writeFile(join(another.folder, 'file'), 'text');
    await another.leave([]);
    expect(existsSync(another.folder)).toBe(false);
  });
});

async function listenOnce(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}
