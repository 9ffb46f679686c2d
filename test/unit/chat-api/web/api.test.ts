import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const kept = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
Object.assign(globalThis, { sessionStorage: kept, localStorage: kept });
const { ApiError, AwayError, sendChange } = await import('../../../../src/chat-api/web/data/api.js');

describe('sendChange', () => {
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const server = createServer((request, response) => answer(request, response));
  const asked = fetch;
  const progress = jest.fn<(text: string) => void>();
  const message = { key: 'k-1', method: 'POST', path: '/v1/chat', body: { message: 'Pay rent' } };
  const send = () => sendChange(message, progress);

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    // A page asks where it comes from.
    const { port } = server.address() as AddressInfo;
    globalThis.fetch = (path, options) => asked(new URL(path, `http://127.0.0.1:${port}`), options);
  });
  afterAll(async () => {
    globalThis.fetch = asked;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => void progress.mockClear());

  const stream = (...parts: readonly string[]) => {
    answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      for (const part of parts) response.write(part);
      response.end();
    };
  };

  it('tells what the server is doing, and gives the streamed answer with its change', async () => {
    let headers: IncomingMessage['headers'] = {};
    answer = (request, response) => {
      ({ headers } = request);
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('event: progress\ndata: {"text":"Creating \\"Pay');
      response.end(' rent\\""}\n\nevent: answer\ndata: {"reply":"Created"}\nid: c-1\n\n');
    };
    expect(await send()).toEqual({ body: { reply: 'Created' }, changeId: 'c-1' });
    expect(progress.mock.calls).toEqual([['Creating "Pay rent"']]);
    expect(headers).toMatchObject({ accept: expect.stringMatching(/^text\/event-stream/), 'idempotency-key': 'k-1' });
  });

  it('says that something is going on when the server has the message and says nothing yet', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
      progress.mockImplementationOnce(() => void response.end('event: answer\ndata: {}\n\n'));
    };
    expect(await send()).toEqual({ body: {}, changeId: undefined });
    expect(progress.mock.calls).toEqual([['Looking at your tasks']]);
  });

  it('takes an answer that is not streamed, and asks for none where nobody listens', async () => {
    let accepted: string | undefined;
    answer = (request, response) => {
      accepted = request.headers.accept;
      response.writeHead(200, { 'Content-Type': 'application/json', 'Change-Id': 'c-2' }).end('{"reply":"Created"}');
    };
    expect(await send()).toEqual({ body: { reply: 'Created' }, changeId: 'c-2' });
    await sendChange(message);
    expect(accepted).toBe('*/*');
    expect(progress).not.toHaveBeenCalled();
  });

  it('gives up a request of which nothing is heard, so that it can be sent again', async () => {
    const before = globalThis.fetch;
    globalThis.fetch = (_, { signal } = {}) =>
      new Promise((_, reject) => signal!.addEventListener('abort', () => reject(new Error('aborted'))));
    jest.useFakeTimers();
    try {
      const sent = send().catch((error: unknown) => error);
      await jest.advanceTimersByTimeAsync(15_000);
      expect(await sent).toBeInstanceOf(AwayError);
    } finally {
      jest.useRealTimers();
      globalThis.fetch = before;
    }
  });

  it('throws a problem that is streamed, as one that is not', async () => {
    const errors = [{ field: 'message', message: 'must be shorter' }];
    const problem = { status: 422, detail: 'Not this one', errors };
    stream(`event: problem\ndata: ${JSON.stringify(problem)}\n\n`);
    const streamed = await send().catch((error: unknown) => error);
    answer = (_, response) => {
      response.writeHead(422, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify(problem));
    };
    const plain = await send().catch((error: unknown) => error);
    for (const error of [streamed, plain]) {
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status: 422, message: 'Not this one', errors });
    }
  });

  it.each([
    ['nothing', []],
    ['half an event', ['event: answer\ndata: {"re']],
    ['what is no JSON', ['event: answer\ndata: <h1>Welcome</h1>\n\n']],
    ['only progress', ['event: progress\ndata: {"text":"Creating"}\n\n']],
  ])('knows nothing of the outcome when the stream ends with %s', async (_, parts) => {
    stream(...parts);
    await expect(send()).rejects.toBeInstanceOf(AwayError);
  });

  it('knows nothing of the outcome when the stream is cut', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('event: progress\ndata: {"text":"Creating"}\n\n');
      progress.mockImplementationOnce(() => void response.destroy());
    };
    await expect(send()).rejects.toBeInstanceOf(AwayError);
    expect(progress).toHaveBeenCalledTimes(1);
  });
});
