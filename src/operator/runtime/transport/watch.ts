import { parseAnswer } from './answer.ts';
import type { HttpTransport } from './http-transport.ts';
import { answerTooLarge, hasCode, statusError, streamingUnsupported, type Status } from './kubernetes-error.ts';
import type { KubernetesObject } from '../objects.ts';

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  /** Nothing relevant happened up to this version. */
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: BookmarkMetadata } };

interface BookmarkMetadata {
  readonly resourceVersion: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

type WireEvent<T> = WatchEvent<T> | { readonly type: 'ERROR'; readonly object: Status };

/** The server is asked to end each watch after some time, so one that is still open later is dead, however silent. */
export interface WatchTiming {
  readonly watchSeconds: number;
  readonly graceSeconds: number;
}

export const defaultWatchTiming: WatchTiming = { watchSeconds: 60, graceSeconds: 10 };

/** Longest silence to expect from a healthy watch: it lives this long, and a new one may take half as long to get. */
export function longestSilence({ watchSeconds, graceSeconds }: WatchTiming): number {
  return (watchSeconds + graceSeconds) * 1500;
}

/** Whether it stands between what was there when the watch began, and what happened since. */
export function endsInitialEvents<T>(event: WatchEvent<T>): boolean {
  return event.type === 'BOOKMARK' && event.object.metadata.annotations?.['k8s.io/initial-events-end'] === 'true';
}

const initialEvents = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' } as const;

/**
 * A list and the watch that follows it, as one stream: everything that is there as ADDED (what happens to it meanwhile
 * may follow), a bookmark for which `endsInitialEvents` holds, and then as `watchObjects`.
 *
 * @throws {ExpectedError} StreamingUnsupported, also where a server does not understand and watches all the same, and
 *   where the list is so long that the watch ends before it
 */
export async function* watchFromStart<T extends KubernetesObject>(
  transport: HttpTransport,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  timing: WatchTiming,
  signal: AbortSignal,
  onOpen?: () => void,
): AsyncGenerator<WatchEvent<T>> {
  let isComplete = false;
  try {
    const initialQuery = { ...query, ...initialEvents };
    for await (const event of watchObjects<T>(transport, path, initialQuery, timing, signal, onOpen)) {
      isComplete ||= endsInitialEvents(event);
      // A server that streams lists sends no other bookmark before.
      if (event.type === 'BOOKMARK' && !isComplete) throw streamingUnsupported(`watching ${path}`);
      yield event;
    }
  } catch (error) {
    const isRefused = hasCode(error, 'BadRequest') || hasCode(error, 'Invalid');
    throw isRefused && !isComplete ? streamingUnsupported(`watching ${path}`, error) : error;
  }
  if (!isComplete) throw streamingUnsupported(`watching ${path}`);
}

/** One watch request. Ends when the server ends it; throws on whatever else ends it. */
export async function* watchObjects<T extends KubernetesObject>(
  transport: HttpTransport,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  { watchSeconds, graceSeconds }: WatchTiming,
  signal: AbortSignal,
  onOpen?: () => void,
): AsyncGenerator<WatchEvent<T>> {
  const watchQuery = { ...query, watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(watchSeconds) };
  const dead = AbortSignal.timeout((watchSeconds + graceSeconds) * 1000);
  const request = { method: 'GET', path, query: watchQuery } as const;
  const description = `watching ${path}`;
  const pieces = transport.stream(request, AbortSignal.any([signal, dead]), onOpen);
  for await (const line of lines(pieces, description)) {
    const event = parseAnswer(line, description) as WireEvent<T>;
    if (event.type === 'ERROR') throw statusError(event.object, description);
    yield event;
  }
}

/** Several times what etcd keeps of one object. */
const longestLine = 8 * 1024 ** 2;

async function* lines(pieces: AsyncIterable<string>, description: string): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const ends = piece.split('\n');
    ends[0] = rest + ends[0]!;
    rest = ends.pop()!;
    if (rest.length > longestLine) throw answerTooLarge(longestLine, description);
    yield* ends.filter((line) => line !== '');
  }
}
