import { ExpectedError } from '../../../lib/errors.ts';

export type KubernetesErrorCode =
  | 'BadRequest'
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Expired'
  | 'Invalid'
  | 'TooManyRequests'
  | 'ApiServerFailed'
  | 'ApiServerTimeout'
  | 'ApiServerUnreachable'
  | 'AnswerTooLarge'
  | 'Redirected'
  | 'StreamingUnsupported';

/** What the API server answers when it does not do what it was asked (metav1.Status). */
export interface Status {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
}

const codes: ReadonlyMap<number, KubernetesErrorCode> = new Map([
  [400, 'BadRequest'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'NotFound'],
  [409, 'Conflict'],
  [410, 'Expired'],
  [422, 'Invalid'],
  [429, 'TooManyRequests'],
  [504, 'ApiServerTimeout'],
]);

const retryable = new Set<string>([
  'Conflict',
  'Expired',
  'TooManyRequests',
  'ApiServerFailed',
  'ApiServerTimeout',
  'ApiServerUnreachable',
  'AnswerTooLarge',
] satisfies KubernetesErrorCode[]);

export function statusError(status: Status, request: string): ExpectedError<KubernetesErrorCode> {
  const code = codeOf(status);
  const message = `${request}: ${status.message ?? status.reason ?? `HTTP status ${status.code}`}`;
  return new ExpectedError(code, message, { retryable: retryable.has(code) });
}

function codeOf({ code = 500, reason }: Status): KubernetesErrorCode {
  if (reason === 'AlreadyExists') return reason;
  return codes.get(code) ?? (code < 500 ? 'BadRequest' : 'ApiServerFailed');
}

/** For whatever keeps a request from being answered at all. */
export function transportError(error: Error, request: string): ExpectedError<KubernetesErrorCode> {
  const late = error.name === 'TimeoutError';
  return new ExpectedError(
    late ? 'ApiServerTimeout' : 'ApiServerUnreachable',
    `${request}: ${late ? 'the API server did not answer in time' : `the API server cannot be reached: ${error.message}`}`,
    { retryable: true, cause: error },
  );
}

/** For an answer that is longer than the limit, or has no end. */
export function answerTooLarge(limitBytes: number, request: string): ExpectedError<KubernetesErrorCode> {
  const message = `${request}: the answer is larger than ${Math.floor(limitBytes / 1024)} KiB and was not read further`;
  return new ExpectedError('AnswerTooLarge', message, { retryable: true });
}

export function streamingUnsupported(request: string, cause?: unknown): ExpectedError<KubernetesErrorCode> {
  return new ExpectedError('StreamingUnsupported', `${request}: the API server does not stream lists`, { cause });
}

export function notJson(request: string): ExpectedError<KubernetesErrorCode> {
  return new ExpectedError('ApiServerFailed', `${request}: the answer is not JSON`, { retryable: true });
}

/** A redirect would take the request, and the token in it, to whoever the answer names. */
export function redirectError(code: number, request: string): ExpectedError<KubernetesErrorCode> {
  const message =
    `${request}: the API server, or a proxy in front of it, answered with a redirect (HTTP status ${code}). ` +
    `Redirects are not followed: set the server's address to the one that answers.`;
  return new ExpectedError('Redirected', message);
}

/** Whether it came from the API server, and usually passes by itself. */
export function isTransient(error: unknown): boolean {
  return error instanceof ExpectedError && retryable.has(String(error.code));
}

export function hasCode(error: unknown, code: KubernetesErrorCode): boolean {
  return error instanceof ExpectedError && error.code === code;
}

/** Whether nothing came from the API server at all, which says nothing about the request. */
export function isAway(error: unknown): boolean {
  return hasCode(error, 'ApiServerUnreachable') || hasCode(error, 'ApiServerTimeout');
}

/** Whether a write was refused because the namespace is being deleted, which the API server calls forbidden. */
export function isTerminating(error: unknown): boolean {
  return hasCode(error, 'Forbidden') && (error as Error).message.includes('is being terminated');
}
