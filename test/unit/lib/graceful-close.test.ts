import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { closingGracefully } from '../../../src/lib/graceful-close.ts';

let server: Server;
let close: () => Promise<void>;
/** The answers that have not been given. */
let open: ServerResponse[];

beforeEach(async () => {
  open = [];
  server = createServer((_, response) => void open.push(response));
  close = closingGracefully(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => server.closeAllConnections());

async function send(bytes: string): Promise<Socket> {
  const [connected, socket] = [
    once(server, 'connection'),
    connect((server.address() as AddressInfo).port, '127.0.0.1'),
  ];
  await connected;
  socket.write(bytes);
  return socket;
}

async function request(): Promise<Socket> {
  const [arrived, socket] = [once(server, 'request'), await send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')];
  await arrived;
  return socket;
}

describe('a server that closes', () => {
  it.each([
    ['nothing', ''],
    ['a part of a request', 'GET / HTTP/1.1\r\nHost:'],
  ])('does not wait for a connection on which %s has arrived', async (_, bytes) => {
    const socket = await send(bytes);
    await close();
    expect(await text(socket)).toBe('');
  });

  it('does not wait for a connection that is kept alive, or for the part of a request behind an answer', async () => {
    const [kept, partial] = [await request(), await request()];
    const answered = Promise.all(open.map((response) => once(response, 'close')));
    for (const response of open) response.end('done');
    await answered;
    partial.on('error', () => {}).write('GET / HTT'); // it is cut off
    await close();
    expect(await text(kept)).toMatch(/done/);
  });

  it('gives its answers, then ends their connections', async () => {
    const socket = await request();
    const closed = close();
    open[0]!.end('done');
    await closed;
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 OK[^]*done/);
  });

  it('answers all requests that were sent at once', async () => {
    const socket = await send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(2));
    while (open.length < 2) await once(server, 'request');
    const closed = close();
    open[0]!.end('first');
    open[1]!.end('second');
    await closed;
    expect(await text(socket)).toMatch(/first[^]*second/);
  });

  it('has nothing to do when it does not listen', async () => {
    await close();
    await close();
  });
});
