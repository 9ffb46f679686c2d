import { Hono } from 'hono';
import webPush from 'web-push';
import { z } from 'zod';
import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../lib/database.ts';
import type { PushNetwork } from '../push/push-endpoint.ts';
import { subscribe, unsubscribe } from '../push/subscriptions.ts';
import { ProblemError } from './problem.ts';
import type { RequestEnvironment } from './request-context.ts';
import { check, readBody } from './validation.ts';

const key = (bytes: number) =>
  z
    .string()
    .max(100)
    .refine((text) => /^[\w-]+={0,2}$/.test(text) && Buffer.from(text, 'base64url').length === bytes, {
      error: `must be ${bytes} bytes in base64url`,
    });

/** As PushSubscription.toJSON() gives it; what else a browser adds is left out. */
export const newSubscription = z.object({
  endpoint: z.string().max(2048).describe('An address of the push service of a known browser'),
  keys: z
    .object({ p256dh: key(65), auth: key(16) })
    .refine(isUsable, { error: 'must be a public key of the curve P-256, and a secret', path: ['p256dh'] }),
});

export const pushDescription = z.object({
  public_key: z.string().nullable().describe('The applicationServerKey; null where no keys are configured'),
});

export const createdSubscription = z.object({ id: z.uuid() });

export interface PushDependencies {
  readonly database: Database;
  readonly clock: Clock;
  /** Undefined where no keys are configured. */
  readonly push: { readonly publicKey: string; readonly network: PushNetwork } | undefined;
}

/** /v1/push: where browsers take reminders while the page is closed. */
export function pushRoutes({ database, clock, push }: PushDependencies): Hono<RequestEnvironment> {
  const routes = new Hono<RequestEnvironment>();
  routes.get('/', (context) => context.json({ public_key: push?.publicKey ?? null }));
  routes.post('/subscriptions', async (context) => {
    if (!push) throw new ProblemError('NotFound', 'No keys for Web Push are configured');
    const { endpoint, keys } = await readBody(context, newSubscription);
    if (!push.network.isEndpoint(endpoint)) {
      // Not repeated: it is a secret of the browser.
      const error = { field: 'endpoint', message: 'must be an address of the push service of a known browser' };
      throw new ProblemError('InvalidRequest', `${error.field} ${error.message}`, [error]);
    }
    const id = await subscribe(database, context.get('userId'), { endpoint, ...keys }, clock.now());
    return context.json({ id }, 201);
  });
  routes.delete('/subscriptions/:id', async (context) => {
    const { id } = check(z.object({ id: z.uuid({ error: 'must be a UUID' }) }), { id: context.req.param('id') });
    await unsubscribe(database, context.get('userId'), id);
    return context.body(null, 204);
  });
  return routes;
}

function isUsable({ p256dh, auth }: { readonly p256dh: string; readonly auth: string }): boolean {
  try {
    webPush.encrypt(p256dh, auth, 'x', 'aes128gcm');
    return true;
  } catch {
    return false;
  }
}
