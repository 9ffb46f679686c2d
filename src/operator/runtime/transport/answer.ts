import type { IncomingMessage } from 'node:http';
import { readText } from '../../../lib/bounded-text.ts';
import { parseExactJson } from '../../../lib/exact-json.ts';
import { answerTooLarge, hasCode, notJson } from './kubernetes-error.ts';

/**
 * More than any list page or object takes in practice: an object is 1.5 MB at most where etcd is left as it comes. A page
 * that is larger is asked for again in smaller ones.
 */
export const largestAnswerBytes = 64 * 1024 ** 2;

/** A refusal is a sentence or two. */
const largestRefusalBytes = 64 * 1024;

/**
 * The body of an answer as text.
 *
 * @throws {ExpectedError} AnswerTooLarge as soon as there is more than the limit, and closes the connection
 */
export function readAnswer(response: IncomingMessage, limitBytes: number, request: string): Promise<string> {
  return readText(response as AsyncIterable<Buffer>, limitBytes, () => answerTooLarge(limitBytes, request));
}

/** The text of a refusal; undefined for one that is longer than any that the API server writes. */
export async function readRefusal(response: IncomingMessage, request: string): Promise<string | undefined> {
  try {
    return await readAnswer(response, largestRefusalBytes, request);
  } catch (error) {
    if (hasCode(error, 'AnswerTooLarge')) return undefined;
    throw error;
  }
}

/** Reads what nobody needs, so that its connection can be used again, unless that would take long. */
export function drain(response: IncomingMessage): void {
  let left = largestRefusalBytes;
  response.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) response.destroy();
  });
}

/** @throws {ExpectedError} ApiServerFailed for what is not JSON: without the text, which may hold a secret */
export function parseAnswer(text: string, request: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    throw notJson(request);
  }
}
