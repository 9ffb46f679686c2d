import { alice } from './chat-api.ts';

/** A server-sent event as a client gets it. */
export interface StreamedEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads server-sent events; `next` waits for an event of a kind. */
export interface EventStream {
  readonly status: number;
  readonly received: readonly StreamedEvent[];
  next(event: string): Promise<StreamedEvent>;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Opens /v1/events. */
export async function openEventStream(url: string, lastEventId?: string, token = alice): Promise<EventStream> {
  const closing = new AbortController();
  const response = await fetch(`${url}/v1/events`, {
    headers: { Authorization: `Bearer ${token}`, ...(lastEventId && { 'Last-Event-ID': lastEventId }) },
    signal: closing.signal,
  });
  return followEvents(response, () => closing.abort());
}

/** The server-sent events of an answer, as they come. */
export function followEvents(response: Response, close: () => void): EventStream {
  const received: StreamedEvent[] = [];
  const waiting = new Set<() => void>();
  let seen = 0;
  const read = async () => {
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop()!;
      received.push(...blocks.flatMap(parse));
      for (const wake of waiting) wake();
    }
  };
  return {
    status: response.status,
    received,
    next: async (event) => {
      for (;;) {
        const index = received.findIndex((item, at) => at >= seen && item.event === event);
        if (index >= 0) {
          seen = index + 1;
          return received[index]!;
        }
        await new Promise<void>((resolve) => waiting.add(resolve));
        waiting.clear();
      }
    },
    ended: read().catch(() => {}),
    close,
  };
}

function parse(block: string): StreamedEvent[] {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  const data = fields.get('data');
  if (!data) return [];
  const parsed = JSON.parse(data) as Record<string, unknown>;
  return [{ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: parsed }];
}
