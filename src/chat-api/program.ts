import type { Clock } from '../lib/clock.ts';
import type { ChatApiConfiguration } from './configuration.ts';
import { openDatabase } from '../lib/database.ts';
import { createHealthServer, type HealthServer } from '../lib/health.ts';
import type { Component } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/log.ts';
import { createRegistry, type Registry } from '../lib/metrics.ts';
import { createHousekeeping } from './housekeeping.ts';
import { createApp } from './http/app.ts';
import { RefusedChanges } from './http/refused-changes.ts';
import { createServer, type HttpServer } from './http/server.ts';
import { UserTurns } from './http/user-turns.ts';
import { TokenDirectory, type Tokens } from './http/token-directory.ts';
import { Announcements } from './live/announcements.ts';
import { ReminderStore } from './live/reminders.ts';
import { observeOutbox, createOutboxMetrics } from './outbox/outbox-metrics.ts';
import { OutboxProgress } from './outbox/outbox-progress.ts';
import { outboxHeads, outboxStatus } from './outbox/outbox-status.ts';
import type { Publisher } from './outbox/publish.ts';
import { Relay } from './outbox/relay.ts';
import { listSetAside } from './outbox/set-aside.ts';
import { publicPushNetwork, type PushNetwork } from './push/push-endpoint.ts';
import { PushSender } from './push/push-sender.ts';
import { createSchema } from './schema.ts';
import { createSignIn } from './sign-in/sign-in.ts';
import { createUnderstanding } from './understanding.ts';
import { createWarmUp } from './warm-up.ts';

export interface ChatApiOptions {
  readonly configuration: Pick<
    ChatApiConfiguration,
    | 'databaseUri'
    | 'topics'
    | 'authTokensDirectory'
    | 'llm'
    | 'signIn'
    | 'pushKeys'
    | 'httpPort'
    | 'metricsPort'
    | 'podName'
  >;
  readonly publisher: Publisher;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly random: () => number;
  /** All addresses when left out. */
  readonly host?: string;
  /** The push services of browsers when left out. */
  readonly pushNetwork?: PushNetwork;
}

export interface ChatApi {
  /** In the order in which they start. */
  readonly components: readonly Component[];
  readonly server: HttpServer;
  readonly health: HealthServer;
  /** For the reminders that fire. */
  readonly reminders: ReminderStore;
}

/** The chat API, put together: everything but its connections to Kafka. */
export function createChatApi(options: ChatApiOptions): ChatApi {
  const { configuration, publisher, logger, clock, random, host, pushNetwork: network = publicPushNetwork } = options;
  const { databaseUri: uri, topics, authTokensDirectory: directory, pushKeys, podName } = configuration;
  const registry = createRegistry('chat-api');
  const database = openDatabase({ uri, applicationName: podName, logger, maximumConnections: 12 });
  // Events and readiness do not wait for a connection while requests have all of theirs.
  const background = openDatabase({ uri, applicationName: podName, logger, maximumConnections: 8 });
  const schema = createSchema(database, clock, logger);
  const announcements = new Announcements({ database: background, logger, clock });
  const relay = new Relay({
    database: background,
    publisher,
    metrics: createOutboxMetrics(registry),
    logger,
    clock,
    random,
  });
  announcements.onChange(() => relay.wake());
  const progress = new OutboxProgress({
    readHeads: () => outboxHeads(background),
    failureOf: (topic) => relay.failureOf(topic),
    clock,
  });
  observeOutbox(registry, { database: background, progress, now: () => clock.now() });
  const announce = (userId: string) => announcements.announce(userId);
  const pushSender =
    pushKeys && new PushSender({ database: background, keys: pushKeys, network, registry, clock, random, logger });
  const reminders = new ReminderStore({
    database: background,
    clock,
    announce: (userId) => {
      announce(userId);
      pushSender?.wake();
    },
  });
  const tokens = new TokenDirectory({ directory, clock, logger });
  const signIn = configuration.signIn && createSignIn(configuration.signIn, { clock, logger });
  const stopping = new AbortController();
  const refusedChanges = new RefusedChanges(registry, clock);
  const turns = new UserTurns(clock);
  const appFor = (tokens: Tokens, registry: Registry) =>
    createApp({
      database,
      refusedChanges,
      turns,
      announcements,
      announce,
      tokens,
      signIn,
      topics,
      push: pushKeys && { publicKey: pushKeys.publicKey, network },
      understand: createUnderstanding(configuration.llm, logger),
      stopping: stopping.signal,
      logger,
      registry,
      clock,
    });
  const app = appFor(tokens, registry);
  const server = createServer({ app, port: configuration.httpPort, host, endStreams: () => stopping.abort() });
  let isStarted = false;
  const started = () => {
    if (!isStarted) throw new Error('still starting');
  };
  const health = createHealthServer({
    port: configuration.metricsPort,
    ...(host && { host }),
    registry,
    logger,
    // Not Kafka: without it, requests are answered and events wait.
    readiness: { database: async () => void (await background.query('SELECT 1')), schema: schema.check, started },
    advice: { outbox: () => progress.check(), changes: () => refusedChanges.check() },
    routes: {
      '/status': async () => ({
        outbox: await outboxStatus(background, clock.now()),
        ...(signIn && { signIn: { trouble: signIn.trouble() } }),
      }),
      '/outbox/set-aside': () => listSetAside(background),
    },
  });
  const components: Component[] = [
    {
      name: 'database',
      start: () => {},
      stop: () => Promise.all([database.close(), background.close()]).then(() => {}),
    },
    health,
    { name: 'sign-in', start: () => void signIn?.trouble(), stop: () => {} },
    { name: 'tokens', start: () => tokens.load(), stop: () => {} },
    schema,
    announcements,
    relay,
    createHousekeeping(background, clock, logger),
    ...(pushSender ? [pushSender] : []),
    createWarmUp({ database, publisher, topics, clock, logger, appFor }),
    server,
    { name: 'readiness', start: () => void (isStarted = true), stop: () => {} },
  ];
  return { components, server, health, reminders };
}
