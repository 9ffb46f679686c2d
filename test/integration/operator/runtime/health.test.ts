import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventTopic } from '../../../../src/api/event-topic.ts';
import type { Controller } from '../../../../src/operator/runtime/reconcile/controller.ts';
import { HttpTransport } from '../../../../src/operator/runtime/transport/http-transport.ts';
import { eventTopics } from '../../../../src/operator/kinds.ts';
import { KubernetesClient } from '../../../../src/operator/runtime/transport/kubernetes-client.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../support/running-manager.ts';
import { startSilentProxy, type SilentProxy } from '../../../support/silent-proxy.ts';
import { apiServerThrough, portOf } from '../../../support/through.ts';

let kubernetes: Kubernetes;
let proxy: SilentProxy;
let running: RunningManager;
let transport: HttpTransport;
let answers: number;

beforeAll(async () => {
  kubernetes = await startKubernetes();
  proxy = await startSilentProxy(portOf(kubernetes));
});
afterAll(async () => {
  await proxy?.stop();
  await kubernetes?.stop();
});
afterEach(async () => {
  await running.stop();
  transport.close();
});

const controller: Controller<EventTopic> = {
  name: 'idle',
  kind: eventTopics,
  reconcile: () => Promise.resolve({ readiness: { ready: true, reason: 'Idle', message: 'idle' }, status: {} }),
};

/** An operator behind the proxy, whose watches are asked to end after two seconds. */
function start(graceSeconds: number): void {
  answers = 0;
  transport = new HttpTransport(apiServerThrough(kubernetes, proxy.port), { onAnswer: () => (answers += 1) });
  const client = new KubernetesClient(transport, { watchSeconds: 2, graceSeconds });
  running = runController(kubernetes, controller, { client });
}

const check = (name: 'caches' | 'watches') => running.manager.readiness[name]();

describe('readiness', () => {
  it('fails until everything has been listed', async () => {
    start(10);
    expect(() => check('caches')).toThrow('not listed yet: eventtopics');
    await eventually(() => check('caches'));
  });

  it('lasts while nothing happens', async () => {
    start(30);
    await eventually(() => check('caches'));
    const before = answers;
    await eventually(() => {
      check('watches');
      expect(answers).toBeGreaterThan(before + 3);
    });
  });

  it('fails when a watch is dead and no other can be had, says since when, and comes back', async () => {
    const before = Date.now();
    start(1);
    await eventually(() => check('caches'));
    proxy.silenceAll();
    await eventually(() => expect(() => check('watches')).toThrow(/^nothing heard of eventtopics since /));
    const since = Date.parse(
      messageOf(() => check('watches'))
        .split(' ')
        .at(-1)!,
    );
    expect(since).toBeGreaterThanOrEqual(before);
    expect(since).toBeLessThan(Date.now());
    check('caches');
    proxy.speak();
    await eventually(() => check('watches'));
  });
});

function messageOf(failing: () => void): string {
  try {
    failing();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
