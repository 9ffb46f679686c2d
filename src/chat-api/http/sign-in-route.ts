import { Hono } from 'hono';
import { z } from 'zod';
import type { SignIn } from '../sign-in/sign-in.ts';
import type { RequestEnvironment } from './request-context.ts';

export const signIn = z.object({
  bearer_tokens: z.literal(true).describe('Tokens that an administrator hands out'),
  openid_connect: z
    .object({
      issuer: z.string(),
      client_id: z.string(),
      scopes: z.array(z.string()),
      audience: z.string().describe('Of the tokens that the API takes'),
      bearer: z.enum(['access_token', 'id_token']).describe('Which of the tokens to send to the API'),
      endpoints: z
        .object({
          authorization: z.string(),
          token: z.string(),
          end_session: z.string().nullable(),
          revocation: z.string().nullable(),
        })
        .nullable()
        .describe('Null while the API could not reach the issuer yet'),
    })
    .nullable()
    .describe('Authorization code with PKCE; null where it is not configured'),
});

/** GET /v1/sign-in: how to sign in, for those who have not yet. */
export function signInRoute(issuer: SignIn | undefined): Hono<RequestEnvironment> {
  const route = new Hono<RequestEnvironment>();
  route.get('/', async (context) => {
    const description: z.input<typeof signIn> = {
      bearer_tokens: true,
      openid_connect: (await issuer?.describe()) ?? null,
    };
    return context.json(description);
  });
  return route;
}
