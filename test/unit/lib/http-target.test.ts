import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { AddressRules } from '../../../src/lib/address-rules.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createTarget, type Target } from '../../../src/lib/http-target.ts';

let server: Server;
let target: Target;

afterEach(async () => {
  target.close();
  server.close();
  await once(server, 'close');
});

/** Sends a request to a server that answers with these bytes, whatever it is asked, and closes no connection. */
async function post(answer: string) {
  server = createServer((socket) => socket.on('error', () => {}).once('data', () => socket.write(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const rules = new AddressRules(['127.0.0.0/8']);
  const url = new URL(`http://127.0.0.1:${port}/`);
  target = createTarget({ url, rules, timeoutMilliseconds: 500, clock: systemClock });
  return target.post({}, Buffer.from('{}'));
}

describe('a request to a target', () => {
  it('fails when the target switches to another protocol, as nobody has asked it to', async () => {
    const answer = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
    await expect(post(answer)).rejects.toMatchObject({
      code: 'TargetUnreachable',
      retryable: true,
      message: expect.stringMatching(
        /^127\.0\.0\.1:\d+ cannot be reached: the connection was closed without an answer$/,
      ),
    });
  });

  it('fails when the target only says that it may go on', async () => {
    await expect(post('HTTP/1.1 100 Continue\r\n\r\n')).rejects.toMatchObject({ code: 'TargetTimeout' });
  });

  it('has its answer although the body never ends', async () => {
    expect(await post('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n')).toMatchObject({
      status: 200,
    });
  });
});
