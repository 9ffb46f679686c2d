import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { chatWith } from '../../../demo/chat.ts';

const server = createServer();

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

it('says the same thing again, with the same key, where no answer came at all', async () => {
  const keys: unknown[] = [];
  server.on('request', (request, response) => {
    keys.push(request.headers['idempotency-key']);
    if (keys.length < 3) request.socket.destroy();
    else response.end('{"reply":"Created.","task":{"id":"1"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const chat = chatWith(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token');
  expect(await chat('Pay rent')).toMatchObject({ reply: 'Created.', taskId: '1' });
  expect(keys).toEqual([keys[0], keys[0], keys[0]]);
  expect(keys[0]).toEqual(expect.any(String));
});
