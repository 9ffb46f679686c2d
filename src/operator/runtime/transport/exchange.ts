import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { answerTo } from '../../../lib/answer-to.ts';

/** Sockets that have been through their handshake. */
const connected = new WeakSet<Socket>();

/**
 * Sends a request and resolves to the head of its answer.
 *
 * @param beforeSending called once the connection stands, which may be long after the call, and right before the
 *   request is written: what it throws is thrown, and nothing is sent
 */
export function exchange(
  options: RequestOptions,
  body: string | undefined,
  beforeSending: () => void = () => {},
): Promise<IncomingMessage> {
  const outgoing = request(options);
  // Its listeners stay: a connection that breaks in mid-answer tells the request as well as the answer.
  const answer = answerTo(outgoing);
  const send = () => {
    try {
      beforeSending();
      outgoing.end(body);
    } catch (error) {
      outgoing.destroy(error as Error);
    }
  };
  outgoing.once('socket', (socket) => {
    if (connected.has(socket)) return send();
    socket.once('secureConnect', () => {
      connected.add(socket);
      send();
    });
  });
  return answer;
}
