import { createMiddleware } from 'hono/factory';
import type { Clock } from '../../lib/clock.ts';
import { ProblemError } from './problem.ts';
import type { RequestEnvironment } from './request-context.ts';

export interface RateLimit {
  /** How many requests a user may send at once. */
  readonly burst: number;
  /** How many more the user may send each second. */
  readonly perSecond: number;
}

/** Far more than people and their pages send; enough for a script that fills a list. */
export const usualRateLimit: RateLimit = { burst: 2000, perSecond: 200 };

/** Beyond these, users whose allowance is full again are forgotten. */
const rememberedUsers = 10_000;

interface Allowance {
  left: number;
  /** By the monotonic clock. */
  at: number;
}

/** Behind authentication: a user who sends too many requests is answered 429, with when to come again in Retry-After. */
export function limitRate(clock: Pick<Clock, 'monotonic'>, { burst, perSecond }: RateLimit = usualRateLimit) {
  const allowances = new Map<string, Allowance>();
  const leftOf = ({ left, at }: Allowance, now: number) => Math.min(burst, left + ((now - at) / 1000) * perSecond);
  const forgetIdle = (now: number) => {
    for (const [userId, allowance] of allowances) if (leftOf(allowance, now) >= burst) allowances.delete(userId);
  };
  return createMiddleware<RequestEnvironment>(async (context, next) => {
    const now = clock.monotonic();
    const userId = context.get('userId');
    const known = allowances.get(userId);
    if (!known && allowances.size >= rememberedUsers) forgetIdle(now);
    const left = known ? leftOf(known, now) : burst;
    if (left < 1) {
      const seconds = Math.ceil((1 - left) / perSecond);
      context.header('Retry-After', String(seconds));
      throw new ProblemError('TooManyRequests', `A user can send ${perSecond} requests a second; try again later`);
    }
    allowances.set(userId, { left: left - 1, at: now });
    await next();
  });
}
