import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a language model is asked. */
export interface AskedModel {
  readonly tools: readonly { readonly function: { readonly name: string } }[];
  readonly messages: readonly { readonly content: string }[];
}

/** Stands for a language model, none of which can run in a test: it answers what it is told to, and keeps the question. */
export class StandInModel {
  /** Without one, it never answers. */
  answer: { readonly status: number; readonly body: unknown } | undefined;
  asked: AskedModel | undefined;
  /** Streams its calls, in pieces as a model does; the last piece comes when this has resolved. */
  streamsUntil: Promise<void> | undefined;
  readonly #server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      this.asked = JSON.parse(text) as AskedModel;
      if (!this.answer) return;
      const { status, body } = this.answer;
      if (this.streamsUntil) return void this.#stream(response, (body as Completion).choices[0].message.tool_calls);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });

  async #stream(response: ServerResponse, calls: Completion['choices'][0]['message']['tool_calls']): Promise<void> {
    const send = (index: number, part: object) => {
      const chunk = { choices: [{ delta: { tool_calls: [{ index, function: part }] } }] };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [index, { function: called }] of calls.entries()) {
      const middle = Math.floor(called.arguments.length / 2);
      send(index, { name: called.name, arguments: called.arguments.slice(0, middle) });
      if (index === calls.length - 1) await this.streamsUntil;
      send(index, { arguments: called.arguments.slice(middle) });
    }
    response.end('data: {"choices":[]}\n\ndata: [DONE]\n\n');
  }

  async start(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

interface Completion {
  readonly choices: readonly [
    {
      readonly message: {
        readonly tool_calls: readonly { readonly function: { readonly name: string; readonly arguments: string } }[];
      };
    },
  ];
}

/** A model's answer that calls tools, with their arguments as JSON text. */
export function callsOf(...called: readonly (readonly [name: string, parameters: string])[]) {
  const tool_calls = called.map(([name, parameters]) => ({ function: { name, arguments: parameters } }));
  return { status: 200, body: { choices: [{ message: { tool_calls } }] } };
}
