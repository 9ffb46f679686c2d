import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';

/** How a client proves who it is, and knows its server; all PEM. */
export interface ClientIdentity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const timeoutMilliseconds = 5000;

/** Whether a GET succeeds; a server that is down, or does not know us yet, answers no. */
export async function answers(url: string, identity: ClientIdentity): Promise<boolean> {
  const sent = request(url, { ...identity, timeout: timeoutMilliseconds, agent: false });
  sent.on('timeout', () => sent.destroy(new Error('no answer')));
  sent.end();
  try {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode === 200;
  } catch {
    return false;
  }
}
