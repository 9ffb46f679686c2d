import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Has a server close as soon as the requests that have arrived are answered. Node would wait longer: for connections that
 * browsers open in advance, for requests of which only a part has arrived, and for what is kept alive after an answer.
 *
 * @param server does not listen yet
 * @returns closes it
 */
export function closingGracefully(server: Server): () => Promise<void> {
  /** How many requests are being answered on each connection. */
  const answering = new Map<Socket, number>();
  let isClosing = false;
  server.on('connection', (socket) => {
    answering.set(socket, 0);
    socket.once('close', () => answering.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    answering.set(socket, answering.get(socket)! + 1);
    response.once('close', () => {
      const left = answering.get(socket)! - 1;
      if (!socket.destroyed) answering.set(socket, left);
      if (isClosing && left === 0) socket.destroySoon();
    });
  });
  return async () => {
    if (!server.listening) return;
    isClosing = true;
    const closed = once(server, 'close');
    server.close();
    for (const [socket, requests] of answering) if (requests === 0) socket.destroySoon();
    await closed;
  };
}
