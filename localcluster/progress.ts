/** Tells how far a step is; called as often as there is news. */
export type Report = (howFar: string) => void;

const quietMilliseconds = 10_000;

/**
 * Does one step of work and tells about it on stderr: that it began, how far it is (at once on a terminal, every ten
 * seconds in a log), and how long it took. stdout stays free for what a command is asked to print.
 */
export async function step<T>(title: string, work: (report: Report) => Promise<T>): Promise<T> {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  const terminal = process.stderr.isTTY;
  let saidAt = started;
  say(`  … ${title}`);
  const report: Report = (howFar) => {
    if (!terminal && performance.now() - saidAt < quietMilliseconds) return;
    saidAt = performance.now();
    if (terminal) process.stderr.write(`\x1b[2K\r    ${title}: ${howFar}, ${seconds()}`);
    else say(`    ${title}: ${howFar}, ${seconds()}`);
  };
  try {
    const result = await work(report);
    say(`${terminal ? '\x1b[2K\r' : ''}  ✓ ${title} (${seconds()})`);
    return result;
  } catch (error) {
    say(`${terminal ? '\x1b[2K\r' : ''}  ✗ ${title} (${seconds()})`);
    throw error;
  }
}

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
