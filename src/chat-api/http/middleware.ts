import { randomUUID } from 'node:crypto';
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import { z } from 'zod';
import type { Logger } from '../../lib/log.ts';
import { Histogram, type Registry } from '../../lib/metrics.ts';
import { ProblemError } from './problem.ts';
import type { RequestEnvironment } from './request-context.ts';
import { isJsonWebToken, type TokenVerifier } from '../sign-in/verify-token.ts';
import type { Tokens } from './token-directory.ts';
import { userIdOf } from './user-id.ts';
import { check } from './validation.ts';

const headers = z.object({ 'X-Correlation-ID': z.uuid({ error: 'must be a UUID' }).optional() });
const validTraceparent = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Gives each request a correlation id, its own logger, and one line in the log when it is answered. */
export function correlate(logger: Logger) {
  return createMiddleware<RequestEnvironment>(async (context, next) => {
    const given = context.req.header('X-Correlation-ID');
    const traceparent = context.req.header('traceparent');
    const correlationId = z.uuid().safeParse(given).data ?? randomUUID();
    context.set('correlationId', correlationId);
    context.set('traceparent', traceparent && validTraceparent.test(traceparent) ? traceparent : undefined);
    context.set('logger', logger.child({ correlation_id: correlationId }));
    context.header('X-Correlation-ID', correlationId);
    await next();
  });
}

/** Behind {@link authenticate}: who is not known is told nothing else. */
export function checkCorrelation() {
  return createMiddleware<RequestEnvironment>(async (context, next) => {
    check(headers, { 'X-Correlation-ID': context.req.header('X-Correlation-ID') });
    await next();
  });
}

/** Logs and measures by the route, not by the address, which has ids in it. */
export function observe(registry: Registry) {
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to its answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  return createMiddleware<RequestEnvironment>(async (context, next) => {
    const start = performance.now();
    await next();
    const seconds = (performance.now() - start) / 1000;
    const { method } = context.req;
    const { status } = context.res;
    const route = status === 404 && routePath(context).endsWith('*') ? 'unknown' : routePath(context, -1);
    duration.observe({ method, route, status }, seconds);
    context.get('logger').debug({ method, route, status, seconds }, 'Answered');
  });
}

/**
 * Lets requests with a valid bearer token through, as the token's user: one of ours, or one of the identity provider's.
 *
 * @param verifier undefined without an identity provider
 */
export function authenticate(tokens: Tokens, verifier: TokenVerifier | undefined) {
  const findUser = async (token: string): Promise<{ name: string; expiresAt?: Date } | undefined> => {
    const name = await tokens.authenticate(token);
    if (name !== undefined) return { name };
    return isJsonWebToken(token) ? verifier?.verify(token) : undefined;
  };
  return createMiddleware<RequestEnvironment>(async (context, next) => {
    const token = /^Bearer +(\S+)$/i.exec(context.req.header('Authorization') ?? '')?.[1];
    const user = token && (await findUser(token));
    if (!user) {
      const problem = token ? 'The bearer token is not known' : 'The header Authorization must be "Bearer <token>"';
      throw new ProblemError('Unauthenticated', problem);
    }
    context.set('userId', userIdOf(user.name));
    context.set('tokenExpiresAt', user.expiresAt);
    await next();
  });
}
