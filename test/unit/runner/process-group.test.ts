import { describe, expect, it } from '@jest/globals';
import { runGroup } from '../../runner/process-group.ts';

const forever = 'setInterval(() => {}, 1000);';

function command(program: string): string[] {
  return [process.execPath, '--eval', program];
}

function exists(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}

describe('runGroup', () => {
  it('gives the exit code, and undefined when a signal ended the program', async () => {
    const { signal } = new AbortController();
    expect(await runGroup(command('process.exitCode = 3'), { signal })).toBe(3);
    expect(await runGroup(command(`process.kill(process.pid, 'SIGKILL')`), { signal })).toBeUndefined();
  });

  it('gives every message before the exit code', async () => {
    const messages: unknown[] = [];
    const program = 'for (let count = 0; count < 100; count++) process.send(count);';
    const onMessage = (message: unknown): void => void messages.push(message);
    await runGroup(command(program), { signal: new AbortController().signal, onMessage });
    expect(messages).toEqual(Array.from({ length: 100 }, (_, count) => count));
  });

  it.each([
    ['when told to stop', forever],
    ['when the program ends', 'setTimeout(() => process.exit(), 200);'],
  ])('leaves no process of the group behind %s', async (_, afterwards) => {
    const stop = new AbortController();
    const program = `
      const child = require('node:child_process').spawn(process.execPath, ['--eval', ${JSON.stringify(forever)}]);
      process.send(child.pid, () => { ${afterwards} });`;
    let grandchild = 0;
    await runGroup(command(program), {
      signal: stop.signal,
      onMessage: (message) => {
        grandchild = Number(message);
        expect(exists(grandchild)).toBe(true);
        if (afterwards === forever) stop.abort();
      },
    });
    expect(grandchild).toBeGreaterThan(0);
    expect(exists(grandchild)).toBe(false);
  });

  it('starts nothing when it was told to stop before', async () => {
    expect(await runGroup(['/does/not/exist'], { signal: AbortSignal.abort() })).toBeUndefined();
  });

  it('fails when the program cannot be started', async () => {
    const { signal } = new AbortController();
    const onMessage = (): void => {};
    await expect(runGroup(['/does/not/exist'], { signal, onMessage })).rejects.toThrow('ENOENT');
  });
});
