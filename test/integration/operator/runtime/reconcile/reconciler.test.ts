import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { ExpectedError } from '../../../../../src/lib/errors.ts';
import { createLogger } from '../../../../../src/lib/log.ts';
import type { Waiting } from '../../../../../src/operator/runtime/reconcile/controller.ts';
import { configMaps, eventTopics } from '../../../../../src/operator/kinds.ts';
import type { ManagerOptions } from '../../../../../src/operator/runtime/manager.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../../support/running-manager.ts';
import { ScriptedController, well } from '../../../../support/scripted-controller.ts';

let kubernetes: Kubernetes;
let running: RunningManager | undefined;
let key: { namespace: string; name: string };

beforeAll(async () => {
  kubernetes = await startKubernetes({ audit: true });
});
afterAll(() => kubernetes?.stop());
beforeEach(async () => {
  key = { namespace: await kubernetes.createNamespace(), name: 'example' };
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

function run(controller: ScriptedController, options: Partial<ManagerOptions> = {}): ScriptedController {
  running = runController(kubernetes, controller, { namespaces: [key.namespace], ...options });
  return controller;
}

const create = () =>
  kubernetes.client.create(eventTopics, { metadata: { ...key }, spec: { clusterRef: { name: 'events' } } } as object);
const read = () => kubernetes.client.get(eventTopics, key);
const patch = (change: object) => kubernetes.client.mergePatch(eventTopics, key, change);

const condition = (type: string, fields: object) =>
  eventually(async () => {
    const topic = await read();
    expect(topic?.status?.conditions).toContainEqual(expect.objectContaining({ type, ...fields }));
    return topic!;
  });

/** Writes to a namespace that the API server has noted, as `patch configmaps`. */
async function writes(): Promise<string[]> {
  const log = await readFile(kubernetes.controlPlane.auditLogFile!, 'utf8');
  const lines = log.split('\n').filter((line) => line.includes(key.namespace));
  return lines
    .map((line) => JSON.parse(line) as { verb: string; objectRef?: { namespace?: string; resource: string } })
    .filter(({ verb, objectRef }) => objectRef?.namespace === key.namespace && /create|update|patch|delete/.test(verb))
    .map(({ verb, objectRef }) => `${verb} ${objectRef?.resource}`)
    .filter((write) => !/serviceaccounts|kube-root|tokens/.test(write));
}

describe('the reconciler', () => {
  it('writes status and conditions once, and nothing after that', async () => {
    const controller = run(new ScriptedController(() => ({ ...well, requeueAfterMilliseconds: 10 })));
    await create();
    const topic = await condition('Ready', { status: 'True', reason: 'Well', observedGeneration: 1 });
    expect(topic.status).toMatchObject({ topicName: 'example', observedGeneration: 1 });
    await eventually(async () => expect(await writes()).toContain('create events'));
    const before = await writes();
    const asked = controller.reconciles;
    await eventually(() => expect(controller.reconciles).toBeGreaterThan(asked + 20));
    expect(await writes()).toEqual(before);
    expect((await read())?.metadata.resourceVersion).toBe(topic.metadata.resourceVersion);
  });

  it('is not woken by its own status', async () => {
    const controller = run(new ScriptedController());
    await create();
    await condition('Ready', { status: 'True' });
    await patch({ metadata: { annotations: { woken: 'once' } } });
    await eventually(() => expect(controller.reconciles).toBe(2));
    await patch({ spec: { partitions: 3 } });
    await condition('Ready', { observedGeneration: 2 });
    expect(controller.reconciles).toBe(3);
  });

  it('tells an error as Stalled or Reconciling, tries again, and heals', async () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    let error: Error | undefined = new ExpectedError('InvalidConfig', 'retention is wrong: correct it');
    run(
      new ScriptedController(() => {
        if (error) throw error;
        return well;
      }),
      { logger: createLogger({ name: 'test', level: 'warn', destination }) },
    );
    await create();
    await condition('Ready', { status: 'False', reason: 'InvalidConfig', message: 'retention is wrong: correct it' });
    await condition('Stalled', { status: 'True', reason: 'InvalidConfig' });
    error = new ExpectedError('BrokerUnreachable', 'no broker answers', { retryable: true });
    const waiting = await condition('Reconciling', { status: 'True', reason: 'BrokerUnreachable' });
    expect(waiting.status?.conditions?.map(({ type }) => type)).toEqual(['Ready', 'Reconciling']);
    error = undefined;
    const healed = await condition('Ready', { status: 'True' });
    expect(healed.status?.conditions?.map(({ type }) => type)).toEqual(['Ready']);
    const failures = lines.filter((line) => line.includes('Reconciliation failed'));
    expect(failures.map((line) => (JSON.parse(line) as { err: { code: string } }).err.code)).toEqual([
      'InvalidConfig',
      'BrokerUnreachable',
    ]);
  });

  it('applies what it owns, puts it back, takes fields away, and otherwise sends nothing', async () => {
    let data: Record<string, string> = { size: '1', colour: 'red' };
    const controller = run(
      new ScriptedController(async (context) => {
        await context.apply(configMaps, { metadata: { name: 'child' }, data } as object);
        return well;
      }),
    );
    const { metadata } = await create();
    const childKey = { ...key, name: 'child' };
    const child = (expected: object) =>
      eventually(async () => {
        const found = await kubernetes.client.get(configMaps, childKey);
        expect(found?.data).toEqual(expected);
        return found!;
      });
    const made = await child(data);
    expect(made.metadata.ownerReferences).toMatchObject([{ kind: 'EventTopic', uid: metadata.uid, controller: true }]);
    await kubernetes.client.mergePatch(configMaps, childKey, { data: { size: '2', theirs: 'stays' } });
    await child({ size: '1', colour: 'red', theirs: 'stays' });
    await condition('Ready', { status: 'True' });
    const applied = (await writes()).filter((write) => write === 'patch configmaps').length;
    const asked = controller.reconciles;
    await patch({ metadata: { annotations: { woken: 'once' } } });
    await eventually(() => expect(controller.reconciles).toBeGreaterThan(asked));
    expect((await writes()).filter((write) => write === 'patch configmaps')).toHaveLength(applied);
    data = { size: '1' };
    await patch({ metadata: { annotations: { woken: 'twice' } } });
    await child({ size: '1', theirs: 'stays' });
    await kubernetes.client.delete(configMaps, childKey);
    await child({ size: '1' });
  });

  it('keeps a deleted resource until its finalizer lets go, and says why', async () => {
    let waiting: Waiting | undefined = { reason: 'Leaving', message: 'not yet', requeueAfterMilliseconds: 20 };
    const controller = new ScriptedController();
    controller.finalizer = { needed: () => true, finalize: () => Promise.resolve(waiting) };
    run(controller);
    await create();
    const topic = await condition('Ready', { status: 'True' });
    expect(topic.metadata.finalizers).toEqual(['kafka-events.dev/scripted']);
    await kubernetes.client.delete(eventTopics, key);
    await condition('Ready', { status: 'False', reason: 'Leaving', message: 'not yet' });
    waiting = undefined;
    await eventually(async () => expect(await read()).toBeUndefined());
  });

  it('takes the finalizer away when it is no longer needed, and leaves those of others', async () => {
    const controller = new ScriptedController();
    controller.finalizer = {
      needed: ({ spec }) => spec.deletionPolicy === 'Delete',
      finalize: () => Promise.resolve(undefined),
    };
    run(controller);
    await create();
    await condition('Ready', { status: 'True' });
    await patch({ metadata: { finalizers: ['kafka-events.dev/scripted', 'example.com/other'] } });
    await patch({ spec: { deletionPolicy: 'Retain' } });
    await eventually(async () => expect((await read())?.metadata.finalizers).toEqual(['example.com/other']));
    await patch({ metadata: { finalizers: [] } });
  });
});
