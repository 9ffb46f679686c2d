import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('program.fixture.ts', import.meta.url));

interface Run {
  readonly lines: readonly string[];
  readonly exitCode: number | null;
  readonly log: string;
}

/** Runs the program, and sends it a signal at each of these lines. */
async function run(args: readonly string[], signalAt: Readonly<Record<string, NodeJS.Signals>>): Promise<Run> {
  const child = spawn(process.execPath, [program, ...args]);
  const lines: string[] = [];
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += String(chunk);
    if (String(chunk).includes('"Started"') && signalAt.started) child.kill(signalAt.started);
  });
  child.stdout.on('data', (chunk) => {
    for (const line of String(chunk).trim().split('\n')) {
      lines.push(line);
      const signal = signalAt[line];
      if (signal) child.kill(signal);
    }
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { lines, exitCode, log };
}

const startsAndStops = ['start first', 'start second', 'start third', 'stop third', 'stop second', 'stop first', 'end'];

describe('runProgram, in a process of its own', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'starts in order, and on %s stops in reverse and exits with 0',
    async (signal) => {
      const { lines, exitCode } = await run([''], { started: signal });
      expect(lines).toEqual(startsAndStops);
      expect(exitCode).toBe(0);
    },
  );

  it('stops what was started, and exits with 1, when a component fails to start', async () => {
    const { lines, exitCode, log } = await run(['fails to start'], {});
    expect(lines).toEqual(['start first', 'stop second', 'stop first', 'end']);
    expect(exitCode).toBe(1);
    expect(log).toContain('no port');
  });

  it('stops at a signal while a component is still starting', async () => {
    const { lines, exitCode } = await run(['never starts'], { 'starting second': 'SIGTERM' });
    expect(lines).toEqual(['start first', 'starting second', 'stop second', 'stop first', 'end']);
    expect(exitCode).toBe(0);
  });

  it('stops in order, and exits with 1, when a component fails later', async () => {
    const { lines, exitCode, log } = await run(['fails later'], {});
    expect(lines).toEqual(['start first', 'start third', 'stop third', 'stop second', 'stop first', 'end']);
    expect(exitCode).toBe(1);
    expect(log).toContain('lease lost');
  });

  it('stops the others, and exits with 1, when one fails to stop', async () => {
    const { lines, exitCode, log } = await run(['fails to stop'], { started: 'SIGTERM' });
    expect(lines).toEqual(['start first', 'start second', 'start third', 'stop third', 'stop first', 'end']);
    expect(exitCode).toBe(1);
    expect(log).toContain('busy');
  });

  it('gives up, with exit code 1, when a component does not stop within the limit', async () => {
    const { lines, exitCode, log } = await run(['never stops', '50'], { started: 'SIGTERM' });
    expect(lines.slice(-3)).toEqual(['stop third', 'stopping second', 'end']);
    expect(exitCode).toBe(1);
    expect(log).toContain('"component":"second","limitMilliseconds":50');
  });

  it('gives up at a second signal', async () => {
    const { lines, exitCode } = await run(['never stops'], { started: 'SIGTERM', 'stopping second': 'SIGINT' });
    expect(lines.slice(-2)).toEqual(['stopping second', 'end']);
    expect(exitCode).toBe(1);
  });
});
