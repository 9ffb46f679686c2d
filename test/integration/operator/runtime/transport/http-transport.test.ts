import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock, type Clock } from '../../../../../src/lib/clock.ts';
import { ExpectedError } from '../../../../../src/lib/errors.ts';
import {
  HttpTransport,
  type HttpTransportOptions,
} from '../../../../../src/operator/runtime/transport/http-transport.ts';
import { configMaps } from '../../../../../src/operator/kinds.ts';
import { KubernetesClient } from '../../../../../src/operator/runtime/transport/kubernetes-client.ts';
import { startFaultyProxy, type FaultyProxy } from '../../../../support/faulty-proxy.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';
import { apiServerThrough } from '../../../../support/through.ts';

let kubernetes: Kubernetes;
let proxy: FaultyProxy;
let namespace: string;
let transport: HttpTransport;
let client: KubernetesClient;
let answers: string[];
/** How long the transport has waited, each time, in milliseconds. */
let waits: number[];

beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes?.stop());
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
  proxy = await startFaultyProxy(kubernetes);
  connect();
});
afterEach(async () => {
  transport.close();
  await proxy.stop();
});

/** Waits no time, and notes how much it would have been. */
const clock: Clock = {
  ...systemClock,
  sleep: (milliseconds) => {
    waits.push(milliseconds);
    return Promise.resolve();
  },
};

function connect(options: HttpTransportOptions = {}): void {
  [answers, waits] = [[], []];
  const onAnswer = (method: string, code: string) => answers.push(`${method} ${code}`);
  transport = new HttpTransport(apiServerThrough(kubernetes, proxy.port), { onAnswer, clock, ...options });
  client = new KubernetesClient(transport);
}

const create = (name: string, by = client) => by.create(configMaps, { metadata: { namespace, name } });
const read = (name: string) => client.get(configMaps, { namespace, name });
const later = (status: number, seconds: number) => ({ status, headers: { 'retry-after': String(seconds) } });
const failure = (request: Promise<unknown>) =>
  request.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a request that the server refuses for now', () => {
  it('is sent again when the server says, whatever it asks for', async () => {
    proxy.refuse(/POST/, later(429, 1), later(503, 3));
    expect(await create('patient')).toMatchObject({ metadata: { name: 'patient' } });
    expect(answers).toEqual(['POST 429', 'POST 503', 'POST 201']);
    expect(waits).toEqual([1000, 3000]);
  });

  it('is given up when that takes too long', async () => {
    proxy.refuse(/GET/, later(429, 4), later(429, 4), later(429, 4), later(429, 4));
    expect(await failure(read('any'))).toMatchObject({ code: 'TooManyRequests', retryable: true });
    expect(answers).toHaveLength(3);
    expect(waits).toEqual([4000, 4000]);
  });

  it('is sent a bounded number of times, however soon the server wants it again', async () => {
    proxy.refuse(/GET/, ...Array.from({ length: 20 }, () => later(429, 0)));
    expect(await failure(read('any'))).toMatchObject({ code: 'TooManyRequests' });
    expect(answers).toHaveLength(11);
  });

  it('is not sent again when the server does not say so', async () => {
    proxy.refuse(/GET/, { status: 503 }, { status: 500, headers: { 'retry-after': '1' } });
    expect(await failure(read('any'))).toMatchObject({ code: 'ApiServerFailed', retryable: true });
    expect(await failure(read('any'))).toMatchObject({ code: 'ApiServerFailed' });
    expect(answers).toEqual(['GET 503', 'GET 500']);
  });
});

describe('a guarded client', () => {
  /** Lets pass until it is told not to. */
  class Guard {
    isOpen = true;
    readonly check = () => {
      if (!this.isOpen) throw new ExpectedError('LeadershipLost', 'closed');
    };
  }

  it('sends no write that waited for a connection while the guard closed', async () => {
    transport.close();
    connect({ connections: 1 });
    const guard = new Guard();
    const guarded = client.guardedBy(guard.check);
    const release = proxy.hold(/POST/);
    const sent = create('sent', guarded);
    await eventually(() => expect(proxy.seen).toHaveLength(1));
    const waiting = failure(create('waiting', guarded));
    guard.isOpen = false;
    release();
    expect(await sent).toMatchObject({ metadata: { name: 'sent' } });
    expect(await waiting).toMatchObject({ code: 'LeadershipLost' });
    expect(await read('waiting')).toBeUndefined();
    expect(proxy.seen.filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  it('sends no write again that was refused before the guard closed', async () => {
    const guard = new Guard();
    proxy.refuse(/PATCH/, later(429, 1));
    const release = proxy.hold(/PATCH/);
    const writing = failure(client.guardedBy(guard.check).mergePatch(configMaps, { namespace, name: 'a' }, {}));
    await eventually(() => expect(proxy.seen).toHaveLength(1));
    guard.isOpen = false;
    release();
    expect(await writing).toMatchObject({ code: 'LeadershipLost' });
    expect(proxy.seen).toHaveLength(1);
  });

  it('still reads, and writes again once the guard opens', async () => {
    const guard = new Guard();
    const guarded = client.guardedBy(guard.check);
    guard.isOpen = false;
    expect(await failure(create('late', guarded))).toMatchObject({ code: 'LeadershipLost' });
    expect(await guarded.list(configMaps, namespace)).toMatchObject({ items: [] });
    guard.isOpen = true;
    expect(await create('late', guarded)).toMatchObject({ metadata: { name: 'late' } });
  });
});
