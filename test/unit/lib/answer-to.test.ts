import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createGetJson } from '../../../src/chat-api/sign-in/get-json.ts';
import { RedpandaAdmin } from '../../../src/operator/brokers/redpanda-admin.ts';

/** To another protocol, as nobody has asked it to. */
const switching = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.write(switching)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => void server.close());

it.each([
  ['an identity provider', () => createGetJson()(new URL(url)), 'IdentityProviderUnreachable'],
  ['a broker', () => new RedpandaAdmin({ beforeWrite: () => {} }).get(url), 'AdminUnavailable'],
])('a request to %s ends when the server switches to another protocol', async (_, ask, code) => {
  await expect(ask()).rejects.toMatchObject({ code, retryable: true });
});
