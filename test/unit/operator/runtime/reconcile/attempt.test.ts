import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as settled } from 'node:timers/promises';
import { attempt, type Attempt } from '../../../../../src/operator/runtime/reconcile/attempt.ts';
import { KubernetesClient } from '../../../../../src/operator/runtime/transport/kubernetes-client.ts';
import type { HttpRequest, HttpTransport } from '../../../../../src/operator/runtime/transport/http-transport.ts';
import { configMaps } from '../../../../../src/operator/kinds.ts';
import { ManualClock } from '../../../../../src/operator/runtime/testing/manual-clock.ts';
import { silentLogger } from '../../../../support/running-manager.ts';

let clock: ManualClock;
let stopping: AbortController;
let leads: boolean;
const sent: string[] = [];

beforeEach(() => {
  clock = new ManualClock();
  stopping = new AbortController();
  leads = true;
  sent.length = 0;
});
afterEach(() => expect(clock.sleepers).toBe(0));

/** A fake: it only notes what would be sent. */
const transport = {
  send: ({ method, beforeSending }: HttpRequest) => {
    beforeSending?.();
    sent.push(method);
    return Promise.resolve({});
  },
} as unknown as HttpTransport;

function begin<Value>(work: (attempt: Attempt) => Promise<Value>) {
  const client = new KubernetesClient(transport).guardedBy(() => {
    if (!leads) throw new Error('leads no more');
  });
  const options = { clock, client, logger: silentLogger, signal: stopping.signal, milliseconds: 1000 };
  const outcome = attempt(options, work);
  outcome.catch(() => {});
  return outcome;
}

const write = async ({ client }: Attempt) =>
  client.mergePatch(configMaps, { namespace: 'n', name: 'a' }, {}).then(String, (error: Error) => error.message);

describe('an attempt', () => {
  it('ends with what the work ends with', async () => {
    expect(await begin(() => Promise.resolve('done'))).toBe('done');
    await expect(begin(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('ends when its time is over, though the work never does', async () => {
    let signal: AbortSignal | undefined;
    const outcome = begin((current) => {
      signal = current.signal;
      return new Promise(() => {});
    });
    await clock.advance(999);
    expect(signal!.aborted).toBe(false);
    await clock.advance(1);
    await expect(outcome).rejects.toMatchObject({
      code: 'ReconcileTimeout',
      retryable: true,
      message: 'Reconciling did not finish within 1 s. It was abandoned and will be retried.',
    });
    expect(signal!.aborted).toBe(true);
  });

  it('refuses what the abandoned work still writes, and lets it read', async () => {
    const answers: unknown[] = [];
    const resumed = Promise.withResolvers<void>();
    const outcome = begin(async (current) => {
      answers.push(await write(current));
      await resumed.promise;
      answers.push(await write(current));
      await current.client.get(configMaps, { namespace: 'n', name: 'a' });
      current.assertCurrent();
    });
    await clock.advance(1000);
    await expect(outcome).rejects.toMatchObject({ code: 'ReconcileTimeout' });
    resumed.resolve();
    await settled();
    expect(sent).toEqual(['PATCH', 'GET']);
    expect(answers[1]).toMatch('abandoned');
  });

  it('keeps the guard that the client has already', async () => {
    leads = false;
    expect(await begin(write)).toBe('leads no more');
    expect(sent).toEqual([]);
  });

  it('tells the work when the operator stops, and waits for it', async () => {
    const outcome = begin(async (current) => {
      await new Promise((resolve) => current.signal.addEventListener('abort', resolve));
      return write(current);
    });
    stopping.abort();
    await outcome;
    expect(sent).toEqual(['PATCH']);
  });
});
