import { readFile } from 'node:fs/promises';
import { processTree } from '../../../localcluster/parts/process-tree.ts';

/** Seconds of processor time that programs have taken since they started, by name. */
export type ProcessorTime = ReadonlyMap<string, number>;

const ticksPerSecond = 100;

/** Of this process and all that it has started. */
export async function processorTime(): Promise<ProcessorTime> {
  const seconds = new Map<string, number>();
  for await (const pid of processTree(process.pid)) {
    const name = await programName(pid);
    if (name !== undefined) seconds.set(name, (seconds.get(name) ?? 0) + (await secondsOf(pid)));
  }
  return seconds;
}

export function spent(since: ProcessorTime, until: ProcessorTime): Map<string, number> {
  const entries = [...until].map(([name, seconds]) => [name, seconds - (since.get(name) ?? 0)] as const);
  return new Map(entries.toSorted(([, one], [, other]) => other - one));
}

/** Megabytes that a process holds now, and has held at most. */
export async function memory(pid: number): Promise<{ readonly now: number; readonly most: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { now: megabytes('VmRSS'), most: megabytes('VmHWM') };
}

export async function secondsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // After the name, which is in brackets: the 12th and 13th fields are user and system time.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' ? 0 : (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function programName(pid: number): Promise<string | undefined> {
  if (pid === process.pid) return 'this benchmark';
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  const line = words.join(' ');
  if (line.includes('kafka.Kafka')) return 'kafka';
  const program = /bin\/(operator|reminder-worker|chat-api)\.[jt]s/.exec(line);
  if (program) return program[1];
  // Its processes say here what they do.
  if (/^(\S*\/)?postgres\b/.test(line)) return 'postgres';
  return words.find((word) => /^(etcd|kube-[a-z-]+)$/.test(word)) ?? words[0]?.split('/').at(-1);
}
