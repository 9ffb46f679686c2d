import { afterEach, describe, expect, it } from '@jest/globals';
import { createHealthServer, type HealthServer, type HealthServerOptions } from '../../../src/lib/health.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { createRegistry, Counter } from '../../../src/lib/metrics.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const context = { signal: new AbortController().signal, fail: () => {} };
let server: HealthServer | undefined;
afterEach(() => server?.stop());

async function start(options: Partial<HealthServerOptions>): Promise<(path: string) => Promise<Response>> {
  const started = createHealthServer({
    port: 0,
    host: '127.0.0.1',
    registry: createRegistry('test'),
    logger,
    ...options,
  });
  server = started;
  await started.start(context);
  return (path) => fetch(`http://127.0.0.1:${started.port}${path}`);
}

describe('the health server', () => {
  it('says that all is well', async () => {
    const get = await start({ readiness: { kafka: () => {}, database: () => Promise.resolve() } });
    const response = await get('/readyz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ ok: true, checks: { kafka: { ok: true }, database: { ok: true } } });
    expect((await get('/livez')).status).toBe(200);
  });

  it('says which check fails, and why', async () => {
    const database = () => Promise.reject(new Error('The database cannot be reached'));
    const get = await start({ readiness: { kafka: () => {}, database } });
    const response = await get('/readyz?verbose');
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({
      ok: false,
      checks: { kafka: { ok: true }, database: { ok: false, message: 'The database cannot be reached' } },
    });
    expect((await get('/livez')).status).toBe(200);
  });

  it('tells advice, which sends no requests elsewhere', async () => {
    const outbox = () => Promise.reject(new Error('stuck: the first event has waited for 75 s'));
    const get = await start({ readiness: { database: () => {} }, advice: { outbox } });
    const response = await get('/readyz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ok: true,
      checks: { database: { ok: true }, outbox: { ok: false, message: 'stuck: the first event has waited for 75 s' } },
    });
  });

  it.each(['//', '///readyz', '//[', '/%', '/?%'])(
    'has nothing at %s, and answers what is asked next',
    async (path) => {
      const get = await start({});
      expect((await get(path)).status).toBe(404);
      expect((await get('/livez')).status).toBe(200);
    },
  );

  it('says that a check hangs before kubelet gives up', async () => {
    const get = await start({ liveness: { loop: () => new Promise(() => {}) } });
    const response = await get('/livez');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { loop: { message: 'no answer within 800 ms' } } });
  });

  it('gives metrics, with the program as a label', async () => {
    const registry = createRegistry('chat-api');
    new Counter({ name: 'tasks_created_total', help: 'Tasks created.', registers: [registry] }).inc(2);
    const get = await start({ registry });
    const text = await (await get('/metrics')).text();
    expect(text).toContain('tasks_created_total{program="chat-api"} 2');
    expect(text).toContain('process_resident_memory_bytes');
  });

  it("answers the program's own routes, and says what there is elsewhere", async () => {
    const get = await start({ routes: { '/status': () => ({ outbox: { pending: 3 } }) } });
    expect(await (await get('/status')).json()).toEqual({ outbox: { pending: 3 } });
    const missing = await get('/toString');
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ paths: ['/livez', '/readyz', '/metrics', '/status'] });
  });

  it('answers 500 when a route fails, and goes on', async () => {
    const get = await start({ routes: { '/status': () => Promise.reject(new Error('no database')) } });
    const response = await get('/status');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: 'no database' });
    expect((await get('/livez')).status).toBe(200);
  });

  it('fails to start on a port that is taken', async () => {
    const get = await start({});
    await get('/livez');
    const second = createHealthServer({ port: server!.port, host: '127.0.0.1', registry: createRegistry('x'), logger });
    await expect(second.start(context)).rejects.toThrow('EADDRINUSE');
    await second.stop();
  });
});
