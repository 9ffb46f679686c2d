import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import type { Observed } from '../../../../src/operator/runtime/objects.ts';
import { readPodReport } from '../../../../src/operator/workloads/chat-api/pod-report.ts';
import { readStatusAt } from '../../../../src/operator/workloads/pod-status.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<number> {
  const server = createServer(listener).listen(0, host);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const status = { outbox: { pending: 3, oldestSeconds: 1.4 } };

describe('the status of a pod', () => {
  it.each(['127.0.0.1', '::1'])('is read at %s', async (host) => {
    const port = await serve((_, response) => response.end(JSON.stringify(status)), host);
    expect(await readStatusAt(host, port)).toEqual(status);
  });

  it('is not read from an address that the pod leads to', async () => {
    const asked: string[] = [];
    const elsewhere = await serve((request, response) => {
      asked.push(request.url!);
      response.end(JSON.stringify(status));
    });
    const port = await serve((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${elsewhere}/secret` }).end(),
    );
    await expect(readStatusAt('127.0.0.1', port)).rejects.toThrow();
    expect(asked).toEqual([]);
  });

  it('is given up when it has no end, before it takes memory', async () => {
    let sent = 0;
    const closed = Promise.withResolvers<void>();
    const port = await serve((_, response) => {
      const chunk = Buffer.alloc(16 * 1024, ' ');
      const write = () => {
        do sent += chunk.length;
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', write).on('close', () => closed.resolve());
      write();
    });
    await expect(readStatusAt('127.0.0.1', port)).rejects.toThrow('more than 65536 bytes');
    await closed.promise;
    // Beside what was read, what lies in the buffers of the sockets.
    expect(sent).toBeLessThan(16 * 1024 ** 2);
  });

  it.each([
    ['nothing', (_: unknown) => {}],
    ['byte by byte', (write: (text: string) => void) => setInterval(() => write(' '), 20).unref()],
  ])('is given up after two seconds when it comes as %s', async (_, trickle) => {
    const port = await serve((_request, response) => {
      response.flushHeaders();
      trickle((text) => response.write(text));
    });
    const begun = performance.now();
    await expect(readStatusAt('127.0.0.1', port)).rejects.toThrow(/timeout/i);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

describe('the outbox', () => {
  const pod = {
    metadata: { name: 'chat-1', namespace: 'tasks' },
    status: { podIP: '10.0.0.1', conditions: [{ type: 'Ready', status: 'True' }] },
  } as unknown as Observed<V1Pod>;

  it.each([
    ['a number of events below zero', { pending: -1, oldestSeconds: 0 }],
    ['more events than any database has', { pending: 1e300, oldestSeconds: 0 }],
    ['events that are older than this project', { pending: 1, oldestSeconds: 1e12 }],
    ['half an answer', { pending: 1 }],
    ['half an event that is set aside', { pending: 1, oldestSeconds: 1, setAside: 0.5 }],
  ])('is unknown where a pod tells of %s', async (_, outbox) => {
    expect(await readPodReport([pod], () => Promise.resolve({ outbox }))).toBeUndefined();
  });

  it('is what the first pod with an answer tells', async () => {
    const report = await readPodReport([pod], () => Promise.resolve(status));
    expect(report?.outbox).toEqual({ pending: 3, oldestSeconds: 1 });
  });

  it('has the number of events that are set aside', async () => {
    const outbox = { pending: 3, oldestSeconds: 1.2, setAside: 2 };
    const expected = { pending: 3, oldestSeconds: 1, setAside: 2 };
    expect((await readPodReport([pod], () => Promise.resolve({ outbox })))?.outbox).toEqual(expected);
  });
});

describe('sign-in', () => {
  const podAt = (podIP: string) =>
    ({
      metadata: { name: `chat-${podIP}`, namespace: 'tasks' },
      status: { podIP, conditions: [{ type: 'Ready', status: 'True' }] },
    }) as unknown as Observed<V1Pod>;

  it('has trouble when any pod has', async () => {
    const read = (ip: string) =>
      Promise.resolve({ ...status, signIn: ip === '10.0.0.2' ? { trouble: 'it is away' } : {} });
    expect((await readPodReport([podAt('10.0.0.1')], read))?.signInTrouble).toBeUndefined();
    expect((await readPodReport(['10.0.0.1', '10.0.0.2'].map(podAt), read))?.signInTrouble).toBe('it is away');
  });
});
