import { afterEach, describe, expect, it } from '@jest/globals';
import { readEvents } from '../../../../src/chat-api/web/data/event-stream.js';

const encoder = new TextEncoder();
const iterator = Object.getOwnPropertyDescriptor(ReadableStream.prototype, Symbol.asyncIterator)!;

afterEach(() => {
  Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, iterator);
});

async function all(response: Response) {
  const events = [];
  for await (const event of readEvents(response)) events.push(event);
  return events;
}

describe('the events of an answer', () => {
  it('are read as they come, however they are cut', async () => {
    const text = 'id: 1\nevent: task\ndata: {"title":"Zoë"}\n\n: still there\n\ndata: 2\n\n';
    const bytes = encoder.encode(text);
    for (const size of [1, 7, bytes.length]) {
      const body = new ReadableStream({
        start: (controller) => {
          for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
          controller.close();
        },
      });
      expect(await all(new Response(body))).toEqual([
        { id: '1', event: 'task', data: { title: 'Zoë' } },
        { id: '', event: '', data: 2 },
      ]);
    }
  });

  it('are read in browsers whose streams cannot be iterated, such as older Safari', async () => {
    const response = new Response('data: 1\n\n');
    Reflect.deleteProperty(ReadableStream.prototype, Symbol.asyncIterator);
    expect(await all(response)).toEqual([{ id: '', event: '', data: 1 }]);
  });

  it('end the stream when nobody wants more', async () => {
    let isCancelled = false;
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(encoder.encode('data: 1\n\n')),
      cancel: () => void (isCancelled = true),
    });
    for await (const { data } of readEvents(new Response(body))) {
      expect(data).toBe(1);
      break;
    }
    await new Promise(setImmediate);
    expect(isCancelled).toBe(true);
  });

  it('fail where the stream is cut', async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new TypeError('network error')) });
    await expect(all(new Response(body))).rejects.toThrow('network error');
  });
});
