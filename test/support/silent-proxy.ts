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
  let isSilent = false;
  const silence = () => {
    for (const socket of open) socket.unpipe().resume();
  };
  const server = createServer((near) => {
    const far = connect(serverPort, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => open.delete(socket));
    }
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
