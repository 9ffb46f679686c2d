import { streamSSE } from 'hono/streaming';
import { sayCall } from '../chat/say-call.ts';
import type { ToolCall } from '../chat/tool-calls.ts';
import type { Answer } from './idempotency.ts';
import { describeProblem } from './problem.ts';
import type { RequestContext } from './request-context.ts';

/**
 * Streams an answer as server-sent events: `progress {text}` for each call of a language model as it comes, and in the
 * end either `answer`, with the same document as without a stream and the Change-Id as its id, or `problem`.
 * A client that leaves early changes nothing in what is done.
 */
export function streamAnswer(
  context: RequestContext,
  run: (onCall: (call: ToolCall) => void) => Promise<Answer>,
): Response {
  // nginx passes the stream on as it comes
  context.header('X-Accel-Buffering', 'no');
  return streamSSE(context, async (stream) => {
    const send = (event: string, data: unknown, id?: string) =>
      stream.writeSSE({ event, data: JSON.stringify(data), ...(id && { id }) });
    try {
      const { headers, body } = await run((call) => {
        const text = sayCall(call);
        if (text) void send('progress', { text });
      });
      await send('answer', body, headers?.['Change-Id']);
    } catch (error) {
      await send('problem', describeProblem(context, error));
    }
  });
}
