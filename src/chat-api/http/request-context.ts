import type { Context } from 'hono';
import type { Logger } from '../../lib/log.ts';

/** What middleware leaves for the routes. */
export interface RequestVariables {
  /** UUID, from the client or made here; in the answer, the log and the events. */
  correlationId: string;
  /** W3C trace context, when the client sent a valid one. */
  traceparent: string | undefined;
  logger: Logger;
  /** Of the authenticated user. */
  userId: string;
  /** From then on the user's token is refused; undefined for one that does not expire. */
  tokenExpiresAt: Date | undefined;
}

export interface RequestEnvironment {
  Variables: RequestVariables;
}

export type RequestContext = Context<RequestEnvironment>;
