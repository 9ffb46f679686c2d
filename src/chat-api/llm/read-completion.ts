import { z } from 'zod';
import { readText } from '../../lib/bounded-text.ts';

/** A call of a tool as a model writes it: the arguments are JSON text. */
export interface WrittenCall {
  readonly name: string;
  readonly arguments: string;
}

const longestAnswerBytes = 256 * 1024;
const mostCalls = 10;

const callPart = z.object({
  index: z.int().min(0).optional(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }),
});
const part = z.object({ tool_calls: z.array(callPart).nullish() });
const completion = z.object({ choices: z.array(z.object({ message: part })).min(1) });
/** A chunk without a choice counts the tokens. */
const chunk = z.object({ choices: z.array(z.object({ delta: part })) });

/**
 * The calls of a chat completion, each as soon as it is complete. A server that cannot stream answers with the whole
 * completion at once.
 *
 * @throws when the answer is no completion, is too long, or has no call or too many
 */
export async function* readCalls(response: Response): AsyncGenerator<WrittenCall> {
  if (!response.body) throw new Error('The language model gave no answer');
  const isStream = response.headers.get('Content-Type')?.startsWith('text/event-stream');
  const parts = isStream ? readChunks(response.body) : readWhole(response.body);
  const calls: { name: string; arguments: string }[] = [];
  for await (const { tool_calls } of parts) {
    for (const [position, { index = position, function: said }] of (tool_calls ?? []).entries()) {
      if (index > calls.length || index >= mostCalls) throw new Error('The language model called too many tools');
      if (index === calls.length) {
        // The next call has begun, so the one before is complete.
        if (index > 0) yield calls[index - 1]!;
        calls.push({ name: '', arguments: '' });
      }
      const call = calls[index]!;
      call.name += said.name ?? '';
      call.arguments += said.arguments ?? '';
    }
  }
  const last = calls.at(-1);
  if (!last) throw new Error('The language model called no tool');
  yield last;
}

type Part = z.output<typeof part>;

async function* readWhole(body: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  yield completion.parse(JSON.parse(await readText(body, longestAnswerBytes))).choices[0]!.message;
}

/** The chunks of a stream of server-sent events, which ends in `[DONE]`. */
async function* readChunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Part> {
  let bytes = 0;
  let rest = '';
  const decoder = new TextDecoder();
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > longestAnswerBytes) throw new Error(`The language model gave more than ${longestAnswerBytes} bytes`);
    const lines = (rest + decoder.decode(piece, { stream: true })).split(/\r?\n/);
    rest = lines.pop()!;
    for (const line of lines) {
      const data = /^data: ?(.*)$/.exec(line)?.[1];
      if (data === '[DONE]') return;
      if (data !== undefined)
        yield* chunk
          .parse(JSON.parse(data))
          .choices.slice(0, 1)
          .map(({ delta }) => delta);
    }
  }
  throw new Error('The language model broke off');
}
