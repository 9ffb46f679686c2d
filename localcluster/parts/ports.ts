import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';

/** Ports on 127.0.0.1 that no other part takes, in this process or another, until they are released. */
export interface PortReservation {
  readonly ports: readonly number[];
  /** No longer keeps this process from ending by itself, which releases them. */
  unref(): void;
  release(): Promise<void>;
}

/** Below the ports that the kernel gives to outgoing connections, which could take a part's port while it is down. */
const firstPort = 10_000;
const lastPort = 15_999;

/**
 * A port is reserved by listening on an abstract Unix socket of its number: the kernel lets one process do so, and ends
 * it with the process, however that dies. The port itself stays free for the program that is to listen on it.
 */
export async function reservePorts(count: number): Promise<PortReservation> {
  const reserved: { port: number; holder: Server }[] = [];
  while (reserved.length < count) {
    const port = randomInt(firstPort, lastPort + 1);
    const holder = await listen({ path: `\0kafka-events.port.${port}` });
    if (!holder) continue;
    if (await isFree(port)) reserved.push({ port, holder });
    else await close(holder);
  }
  return {
    ports: reserved.map(({ port }) => port),
    unref: () => reserved.forEach(({ holder }) => holder.unref()),
    release: async () => {
      await Promise.all(reserved.map(({ holder }) => close(holder)));
    },
  };
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen({ host: '127.0.0.1', port });
  if (server) await close(server);
  return server !== undefined;
}

/** @returns the listening server, or undefined if another listens there already */
async function listen(options: ListenOptions): Promise<Server | undefined> {
  const server = createServer();
  try {
    server.listen(options);
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
