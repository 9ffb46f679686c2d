import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { feed, parsePosition, type FeedDependencies } from '../live/feed.ts';
import type { Clock } from '../../lib/clock.ts';
import { ProblemError } from './problem.ts';
import type { RequestEnvironment } from './request-context.ts';

export interface EventsDependencies extends FeedDependencies {
  /** Aborts when the program stops: streams end, and their pages connect to another replica. */
  readonly stopping: AbortSignal;
}

/** Each stream asks the database now and then; one user's forgotten tabs must not ask for all. */
const streamsPerUser = 20;

/** How soon a page connects again, in milliseconds. */
const retry = 1000;

/** GET /v1/events: tasks and reminders as server-sent events, for as long as the token is valid. */
export function eventsRoute(dependencies: EventsDependencies): Hono<RequestEnvironment> {
  const streams = new Map<string, number>();
  const count = (userId: string, change: number) => {
    const open = (streams.get(userId) ?? 0) + change;
    if (open > 0) streams.set(userId, open);
    else streams.delete(userId); // or each user who was ever here would take memory
  };
  const route = new Hono<RequestEnvironment>();
  route.get('/', (context) => {
    const userId = context.get('userId');
    const tokenExpiresAt = context.get('tokenExpiresAt');
    // Whoever asks for the headers alone reads no stream, and so would never end one.
    if (context.req.method === 'HEAD') return context.body(null, 200, { 'Content-Type': 'text/event-stream' });
    if ((streams.get(userId) ?? 0) >= streamsPerUser) {
      throw new ProblemError('TooManyStreams', `A user can have ${streamsPerUser} live connections; close some first`);
    }
    const position = parsePosition(context.req.header('Last-Event-ID'));
    // nginx passes the stream on as it comes
    context.header('X-Accel-Buffering', 'no');
    count(userId, 1);
    return streamSSE(context, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      const expired = expiry(dependencies.clock, tokenExpiresAt, gone.signal);
      const signal = AbortSignal.any([gone.signal, expired, dependencies.stopping]);
      try {
        await stream.write(`retry: ${retry}\n\n`);
        for await (const item of feed(dependencies, userId, position, signal)) {
          if (item.kind === 'heartbeat') await stream.write(': still here\n\n');
          else await stream.writeSSE({ id: item.id, event: item.event, data: JSON.stringify(item.data) });
        }
      } catch (error) {
        // The page connects again, and goes on from its last position.
        context.get('logger').warn({ err: error }, 'A live connection ended early');
      } finally {
        gone.abort();
        count(userId, -1);
      }
    });
  });
  return route;
}

/** Aborts when the token expires; the page opens a new stream with a new token. */
function expiry(clock: Clock, at: Date | undefined, gone: AbortSignal): AbortSignal {
  const expired = new AbortController();
  if (at) void clock.sleep(at.getTime() - clock.now().getTime(), gone).then(() => expired.abort());
  return expired.signal;
}
