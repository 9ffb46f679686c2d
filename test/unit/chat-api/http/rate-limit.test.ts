import { expect, it } from '@jest/globals';
import { Hono } from 'hono';
import { answerProblem } from '../../../../src/chat-api/http/problem.ts';
import { limitRate } from '../../../../src/chat-api/http/rate-limit.ts';
import type { RequestEnvironment } from '../../../../src/chat-api/http/request-context.ts';

it('answers a user who sends too many requests with 429 and when to come again, and others as ever', async () => {
  let now = 0;
  const app = new Hono<RequestEnvironment>();
  app.use(async (context, next) => {
    context.set('userId', context.req.header('user')!);
    await next();
  });
  app.use(limitRate({ monotonic: () => now }, { burst: 3, perSecond: 0.5 }));
  app.get('/', (context) => context.text('ok'));
  app.onError((error, context) => answerProblem(context, error));
  const ask = async (user: string) => app.request('/', { headers: { user } });
  for (let count = 0; count < 3; count++) expect((await ask('ann')).status).toBe(200);
  const refused = await ask('ann');
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 'TooManyRequests' });
  expect(refused.headers.get('Retry-After')).toBe('2');
  expect((await ask('ben')).status).toBe(200);
  now += 2000;
  expect((await ask('ann')).status).toBe(200);
  expect((await ask('ann')).status).toBe(429);
});
