import type { ClientRequest, IncomingMessage } from 'node:http';

/** The answer to a request, as soon as its head is there. @throws {Error} whatever ends the request before that */
export function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
    // After an answer that switches to another protocol, Node closes the connection and tells nothing else.
    request.on('close', () => reject(new Error('the connection was closed without an answer')));
  });
}
