import http from 'node:http';
import https from 'node:https';
import { rootCertificates } from 'node:tls';
import { answerTo } from '../../lib/answer-to.ts';
import { readText } from '../../lib/bounded-text.ts';
import { ExpectedError, toError } from '../../lib/errors.ts';

/** Reads a JSON document. @throws {ExpectedError} IdentityProviderUnreachable, which names the address and the cause */
export type GetJson = (url: URL) => Promise<unknown>;

export interface GetJsonOptions {
  /** PEM certificates that are trusted beside the public ones. */
  readonly certificates?: string | undefined;
  /** From the look at the name to the last byte. */
  readonly timeoutMilliseconds?: number;
}

/** Discovery documents and key sets have some kilobytes. */
const longestBytes = 512 * 1024;

/** Follows no redirection: the address of an identity provider is what somebody decided to trust. */
export function createGetJson({ certificates, timeoutMilliseconds = 5000 }: GetJsonOptions = {}): GetJson {
  const trusted = certificates === undefined ? {} : { ca: [...rootCertificates, certificates] };
  const get = async (url: URL): Promise<unknown> => {
    const send = url.protocol === 'https:' ? https.request : http.request;
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const headers = { accept: 'application/json', 'user-agent': 'kafka-events' };
    const request = send(url, { ...trusted, headers, signal, agent: false });
    const answer = answerTo(request);
    request.end();
    const response = await answer;
    const text = await readText(response as AsyncIterable<Buffer>, longestBytes);
    if (response.statusCode !== 200) throw new Error(`it answered ${response.statusCode}`);
    return JSON.parse(text);
  };
  return async (url) => {
    try {
      return await get(url);
    } catch (error) {
      const { name, message, code = '' } = toError(error) as NodeJS.ErrnoException;
      const why = name === 'AbortError' ? `it has not answered within ${timeoutMilliseconds} ms` : message || code;
      throw new ExpectedError('IdentityProviderUnreachable', `${url.origin}${url.pathname} cannot be read: ${why}`, {
        retryable: true,
        cause: error,
      });
    }
  };
}
