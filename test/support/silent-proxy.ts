import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can fall silent: connections stay open, and nothing passes any more. */
export interface SilentProxy {
  readonly port: number;
  /** Connections that are open now pass nothing from here on; new ones do. */
  silence(): void;
  /** Neither do new ones, until they may again. */
  silenceAll(): void;
  speak(): void;
  stop(): Promise<void>;
}

export async function startSilentProxy(serverPort: number): Promise<SilentProxy> {
  const open = new Set<Socket>();
  const silenced = new WeakSet<Socket>();
  let isSilent = false;
  const silence = () => {
    for (const socket of open) silenced.add(socket.unpipe().resume());
  };
  const server = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1');
    const between = (one: Socket, other: Socket) => {
      open.add(one);
      one
        .on('error', () => {})
        .on('close', () => {
          open.delete(one);
          // The end of a process is told to the other side; that of a machine is not.
          if (!silenced.has(one)) other.destroy();
        });
    };
    between(near, far);
    between(far, near);
    near.pipe(far).pipe(near);
    if (isSilent) silence();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    silence,
    silenceAll: () => {
      isSilent = true;
      silence();
    },
    speak: () => {
      isSilent = false;
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
