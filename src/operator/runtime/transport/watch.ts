import type { HttpTransport } from './http-transport.ts';
import { statusError, type Status } from './kubernetes-error.ts';
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

/** Longest silence to expect from a healthy watch: it lives this long, and a new one may take half as long to get. */
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
  onOpen?: () => void,
): AsyncGenerator<WatchEvent<T>> {
  const watchQuery = { ...query, watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(watchSeconds) };
  const dead = AbortSignal.timeout((watchSeconds + graceSeconds) * 1000);
  const request = { method: 'GET', path, query: watchQuery } as const;
  for await (const line of lines(transport.stream(request, AbortSignal.any([signal, dead]), onOpen))) {
    const event = JSON.parse(line) as WireEvent<T>;
    if (event.type === 'ERROR') throw statusError(event.object, `watching ${path}`);
    yield event;
  }
}

async function* lines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const ends = (rest + piece).split('\n');
    rest = ends.pop()!;
    yield* ends.filter((line) => line !== '');
  }
}
