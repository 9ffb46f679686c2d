import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { findListeners, parseListeners } from '../../../../localcluster/machine/ports.ts';

const heading = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

function row(address: string, state: string, inode: number): string {
  return `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000 100 0 0 10 0`;
}

describe('parseListeners', () => {
  it.each([
    ['127.0.0.1', '0100007F:403B'],
    ['every address', '00000000:403B'],
    ['every IPv6 address', '00000000000000000000000000000000:403B'],
    ['127.0.0.1 as an IPv6 address', '0000000000000000FFFF00000100007F:403B'],
  ])('finds a listener on %s', (_, address) => {
    expect(parseListeners([heading, row(address, '0A', 4711)].join('\n'))).toEqual(new Map([[16_443, '4711']]));
  });

  it.each([
    ['a connection', row('0100007F:403B', '01', 4711)],
    ['a listener on another address', row('0200007F:403B', '0A', 4711)],
    ['a listener on ::1', row('00000000000000000000000001000000:403B', '0A', 4711)],
  ])('passes over %s', (_, line) => {
    expect(parseListeners([heading, line].join('\n'))).toEqual(new Map());
  });
});

(process.platform === 'linux' ? describe : describe.skip)('findListeners', () => {
  let server: Server;
  let port: number;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });

  afterEach(() => {
    server.close();
  });

  it('names the process that listens', async () => {
    const listeners = await findListeners([port]);
    expect(listeners.get(port)).toMatch(new RegExp(`^node .+ \\(process ${process.pid}\\)$`));
  });

  it('finds none on a port that was closed', async () => {
    server.close();
    await once(server, 'close');
    expect(await findListeners([port])).toEqual(new Map());
  });
});
