import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Which of the ports on 127.0.0.1 have a listener, each with who that is: "nginx -g daemon off; (process 812)", or "another process"
 * where /proc does not tell.
 */
export async function findListeners(ports: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const sockets = new Map(tables.flatMap((table) => [...parseListeners(table)]));
  const taken = ports.filter((port) => sockets.has(port));
  if (taken.length === 0) return new Map();
  const holders = await findHolders(new Set(taken.map((port) => `socket:[${sockets.get(port)}]`)));
  return new Map(taken.map((port) => [port, holders.get(`socket:[${sockets.get(port)}]`) ?? 'another process']));
}

/** The addresses, as /proc/net prints them, whose listeners keep 127.0.0.1 from being listened on. */
const overlapping = new Set(['0100007F', '00000000', '0'.repeat(32), '0000000000000000FFFF00000100007F']);
const listening = '0A';

/** The inode of each port's listener, out of the text of /proc/net/tcp or tcp6. */
export function parseListeners(table: string): ReadonlyMap<number, string> {
  const listeners = new Map<number, string>();
  for (const line of table.split('\n').slice(1)) {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state === listening && overlapping.has(address)) listeners.set(Number.parseInt(port, 16), inode);
  }
  return listeners;
}

/** Looks through the open files of every process that this user may look into. */
async function findHolders(sockets: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const holders = new Map<string, string>();
  for (const process of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const files = await readdir(`/proc/${process}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${process}/fd/${file}`).catch(() => '');
      if (sockets.has(target)) holders.set(target, `${await nameOf(process)} (process ${process})`);
    }
  }
  return holders;
}

const longestName = 100;

/** The command that started it, without its folder. */
async function nameOf(process: string): Promise<string> {
  const command = await readFile(`/proc/${process}/cmdline`, 'utf8').catch(() => '');
  const [program = '', ...args] = command.split('\0');
  return [basename(program), ...args].join(' ').replace(/\s+/g, ' ').trim().slice(0, longestName) || 'a program';
}
