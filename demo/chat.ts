import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';

const answer = z.object({ reply: z.string(), task: z.object({ id: z.string() }).optional() });

/** What the chat API made of a message. */
export interface Answer {
  /** In plain words, for the user. */
  readonly reply: string;
  /** The task that was made or changed. */
  readonly taskId: string;
  /** When the request began, and when its answer was there; milliseconds since the epoch. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** Says something to the chat API, as a user would on the page. */
export type Chat = (message: string) => Promise<Answer>;

export function chatWith(api: string, token: string): Chat {
  return async (message) => {
    const askedAt = Date.now();
    const response = await fetchWhenReachable(`${api}/v1/chat`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({ message, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone }),
    });
    const body = await response.text();
    const answeredAt = Date.now();
    if (!response.ok) throw new Error(`"${message}" was answered ${response.status}: ${body}`);
    const { reply, task } = answer.parse(JSON.parse(body));
    if (!task) throw new Error(`"${message}" touched no task: ${reply}`);
    return { reply, taskId: task.id, askedAt, answeredAt };
  };
}

/** A pod that was replaced is Ready before each node's proxy leads to it; the new rules may take seconds. */
const reachableMilliseconds = 30_000;

/** Sends again what got no answer at all, as the page does. Only for requests with an Idempotency-Key. */
async function fetchWhenReachable(url: string, init: RequestInit): Promise<Response> {
  const deadline = performance.now() + reachableMilliseconds;
  for (;;) {
    try {
      return await fetch(url, init);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await setTimeout(250);
    }
  }
}
