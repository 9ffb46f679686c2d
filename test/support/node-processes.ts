import { readdir, readFile, readlink } from 'node:fs/promises';

/** A process of a node, seen from the machine. */
export interface NodeProcess {
  readonly pid: number;
  /** The program, and of `kube` the program within it: kube-apiserver, kubelet, containerd. */
  readonly name: string;
}

/** Every process in the PID namespace of the node whose first process this is. */
export async function nodeProcesses(firstPid: number): Promise<NodeProcess[]> {
  const namespace = await pidNamespace(String(firstPid));
  const processes: NodeProcess[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || (await pidNamespace(entry)) !== namespace) continue;
    const [path = '', program = ''] = (await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const name = path.split('/').at(-1) ?? '';
    processes.push({ pid: Number(entry), name: name === 'kube' ? program : name });
  }
  return processes;
}

/** Undefined for a process that ended meanwhile. */
async function pidNamespace(pid: string): Promise<string | undefined> {
  return readlink(`/proc/${pid}/ns/pid`).catch(() => undefined);
}
