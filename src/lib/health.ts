import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { toError } from './errors.ts';
import type { Component } from './lifecycle.ts';
import type { Logger } from './log.ts';
import type { Registry } from './metrics.ts';

/** Throws, or rejects, with the reason why something is not well. */
export type Check = () => Promise<void> | void;

export interface HealthServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** All addresses when left out, as probes and scrapers come from outside the pod. */
  readonly host?: string;
  readonly registry: Registry;
  readonly logger: Logger;
  /** Whether requests may be sent here, by name: what /readyz asks. */
  readonly readiness?: Readonly<Record<string, Check>>;
  /** What /readyz tells beside that, by name: something for a person to look at, while requests may still be sent here. */
  readonly advice?: Readonly<Record<string, Check>>;
  /** Whether a restart would help, by name: what /livez asks. Never the state of another service. */
  readonly liveness?: Readonly<Record<string, Check>>;
  /** Further paths, each answered with JSON: `{ '/status': () => ({ outbox }) }`. */
  readonly routes?: Readonly<Record<string, () => unknown>>;
}

export interface HealthServer extends Component {
  /** The port it listens on, once started. */
  readonly port: number;
}

/** Kubelet's probes give up after a second by default; the answer must say which check is slow before that. */
const checkMilliseconds = 800;

/** A small HTTP server for kubelet, Prometheus and the operator: /livez, /readyz, /metrics and the given routes. */
export function createHealthServer(options: HealthServerOptions): HealthServer {
  const server = createServer((request, response) => {
    const path = pathOf(request);
    answer(options, path, response).catch((error: unknown) => {
      options.logger.error({ path, err: toError(error) }, 'Could not answer');
      if (!response.headersSent) sendJson(response, 500, { error: toError(error).message });
    });
  });
  return {
    name: 'health',
    get port() {
      return (server.address() as AddressInfo).port;
    },
    start: async () => {
      server.listen(options.port, options.host);
      await once(server, 'listening');
    },
    stop: () => close(server),
  };
}

/** Whoever scans ports asks for what is no URL, such as `//`, and must not end the program. */
function pathOf({ url = '/' }: IncomingMessage): string {
  return URL.parse(url, 'http://localhost')?.pathname ?? url;
}

async function answer(options: HealthServerOptions, path: string, response: ServerResponse): Promise<void> {
  const { registry, readiness = {}, advice = {}, liveness = {}, routes = {} } = options;
  if (path === '/livez') return sendChecks(response, liveness);
  if (path === '/readyz') return sendChecks(response, readiness, advice);
  if (path === '/metrics') {
    const body = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(body);
    return;
  }
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (route) sendJson(response, 200, await route());
  else sendJson(response, 404, { error: `nothing at ${path}`, paths: paths(routes) });
}

function paths(routes: Readonly<Record<string, unknown>>): string[] {
  return ['/livez', '/readyz', '/metrics', ...Object.keys(routes)];
}

type Checks = Readonly<Record<string, Check>>;

/** 200 or 503, and which check fails why: `{"ok": false, "checks": {"kafka": {"ok": false, "message": "..."}}}` */
async function sendChecks(response: ServerResponse, checks: Checks, advice: Checks = {}): Promise<void> {
  const [results, advised] = await Promise.all([runChecks(checks), runChecks(advice)]);
  const ok = Object.values(results).every((result) => result.ok);
  sendJson(response, ok ? 200 : 503, { ok, checks: { ...results, ...advised } });
}

async function runChecks(checks: Checks): Promise<Record<string, CheckResult>> {
  const running = Object.entries(checks).map(async ([name, check]) => [name, await runCheck(check)] as const);
  return Object.fromEntries(await Promise.all(running));
}

interface CheckResult {
  readonly ok: boolean;
  readonly message?: string;
}

async function runCheck(check: Check): Promise<CheckResult> {
  const answered = new AbortController();
  const tooSlow = delay(checkMilliseconds, undefined, { signal: answered.signal }).then(() => {
    throw new Error(`no answer within ${checkMilliseconds} ms`);
  });
  try {
    await Promise.race([check(), tooSlow]);
    return { ok: true };
  } catch (error) {
    return { ok: false, message: toError(error).message };
  } finally {
    tooSlow.catch(() => {});
    answered.abort();
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

/** Also ends kept-alive connections: their clients are probes, which come again. */
async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
