import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { secureHeaders } from 'hono/secure-headers';
import type { Logger } from '../../lib/log.ts';
import type { Registry } from '../../lib/metrics.ts';
import { chatRoute, type ChatDependencies } from './chat-route.ts';
import { eventsRoute, type EventsDependencies } from './events-route.ts';
import { authenticate, checkCorrelation, correlate, observe } from './middleware.ts';
import { openApiDocument } from './openapi.ts';
import { answerProblem, ProblemError } from './problem.ts';
import { limitRate } from './rate-limit.ts';
import { pushRoutes, type PushDependencies } from './push-routes.ts';
import { reminderRoutes } from './reminder-routes.ts';
import type { RequestContext, RequestEnvironment } from './request-context.ts';
import { taskRoutes } from './task-routes.ts';
import { signInRoute } from './sign-in-route.ts';
import type { Tokens } from './token-directory.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { undoRoutes } from './undo-routes.ts';
import { webPage } from './web-page.ts';

export interface AppDependencies extends ChatDependencies, EventsDependencies, PushDependencies {
  readonly tokens: Tokens;
  /** Undefined without an identity provider. */
  readonly signIn: SignIn | undefined;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** A task of the largest allowed texts, in any encoding, is smaller. */
const maximumBodyBytes = 64 * 1024;

export function createApp(dependencies: AppDependencies): Hono<RequestEnvironment> {
  const { tokens, signIn, logger, registry, clock } = dependencies;
  const app = new Hono<RequestEnvironment>();
  app.use(correlate(logger), observe(registry), securityHeaders(signIn));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));
  app.use('/v1/*', noStore);
  app.route('/v1/sign-in', signInRoute(signIn));
  app.use('/v1/*', authenticate(tokens, signIn?.verifier), checkCorrelation(), limitRate(clock));
  app.use(bodyLimit({ maxSize: maximumBodyBytes, onError: tooLarge }));
  const document = openApiDocument();
  app.get('/openapi.json', (context) => context.json(document));
  app.route('/v1/tasks', taskRoutes(dependencies));
  app.route('/v1/chat', chatRoute(dependencies));
  app.route('/v1/reminders', reminderRoutes(dependencies));
  app.route('/v1/events', eventsRoute(dependencies));
  app.route('/v1/push', pushRoutes(dependencies));
  app.route('/v1', undoRoutes(dependencies));
  app.route('/', webPage());
  app.notFound((context) =>
    answerProblem(context, new ProblemError('NotFound', `Nothing is served at ${context.req.path}`)),
  );
  app.onError((error, context) => answerProblem(context, error));
  return app;
}

async function noStore(context: RequestContext, next: () => Promise<void>): Promise<void> {
  context.header('Cache-Control', 'no-store');
  await next();
}

function refuseMethod(context: RequestContext, allowed: string[]): Response {
  context.header('Allow', allowed.join(', '));
  const { method, path } = context.req;
  return answerProblem(
    context,
    new ProblemError('MethodNotAllowed', `${path} supports ${allowed.join(', ')}, not ${method}`),
  );
}

function tooLarge(): never {
  throw new ProblemError('BodyTooLarge', `The body has more than ${maximumBodyBytes} bytes`);
}

/** The page runs its own files only, asks nobody but this server and the identity provider, and nobody may frame it. */
function securityHeaders(signIn: SignIn | undefined) {
  const connectSrc = () => ["'self'", ...(signIn?.origins() ?? [])].join(' ');
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: [connectSrc],
      manifestSrc: ["'self'"],
      workerSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    // TLS, if any, ends in front of this server; whether all of a host's names have it is not ours to say.
    strictTransportSecurity: false,
  });
}
