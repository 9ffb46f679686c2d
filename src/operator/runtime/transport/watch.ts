import { parseAnswer } from './answer.ts';
import type { HttpTransport } from './http-transport.ts';
import { answerTooLarge, statusError, type Status } from './kubernetes-error.ts';
import type { KubernetesObject } from '../objects.ts';

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  /** Nothing of interest happened up to this version. */
  | { readonly type: 'BOOKMARK'; readonly object: { readonly metadata: { readonly resourceVersion: string } } };

type WireEvent<T> = WatchEvent<T> | { readonly type: 'ERROR'; readonly object: Status };

/** The server is asked to end each watch after some time, so one that is still open later is dead, however silent. */
export interface WatchTiming {
  readonly watchSeconds: number;
  readonly graceSeconds: number;
}

export const defaultWatchTiming: WatchTiming = { watchSeconds: 60, graceSeconds: 10 };

/** How long nothing is heard at most while all is well: a watch lives so long, and it takes half as long to get a new one. */
export function longestSilence({ watchSeconds, graceSeconds }: WatchTiming): number {
  return (watchSeconds + graceSeconds) * 1500;
}

/** One watch request. Ends when the server ends it; throws on whatever else ends it. */
export async function* watchObjects<T extends KubernetesObject>(
  transport: HttpTransport,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  { watchSeconds, graceSeconds }: WatchTiming,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent<T>> {
  const watchQuery = { ...query, watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(watchSeconds) };
  const dead = AbortSignal.timeout((watchSeconds + graceSeconds) * 1000);
  const request = { method: 'GET', path, query: watchQuery } as const;
  const description = `watching ${path}`;
  for await (const line of lines(transport.stream(request, AbortSignal.any([signal, dead])), description)) {
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
