import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createEventClusterController } from '../../../../../src/operator/event-cluster/controller.ts';
import { configMaps, eventClusters, eventTopics } from '../../../../../src/operator/kinds.ts';
import { errorCode, ExpectedError } from '../../../../../src/lib/errors.ts';
import type { Condition } from '../../../../../src/lib/kubernetes-object.ts';
import { clusterOptions } from '../../../../support/cluster-options.ts';
import { fakeBrokers, someAnswers } from '../../../../support/fake-brokers.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../../support/running-manager.ts';
import { ScriptedController, well } from '../../../../support/scripted-controller.ts';
import { hasCondition } from '../../../../support/workloads.ts';

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

function run(controller: ScriptedController): ScriptedController {
  running = runController(kubernetes, controller, { namespaces: [key.namespace] });
  return controller;
}

const create = () =>
  kubernetes.client.create(eventTopics, { metadata: { ...key }, spec: { clusterRef: { name: 'events' } } } as object);
const read = async () => (await kubernetes.client.get(eventTopics, key))!;
const patch = (change: object) => kubernetes.client.mergePatch(eventTopics, key, change);
const wake = (reason: string) => patch({ metadata: { annotations: { woken: reason } } });
const condition = (type: string, fields: object) => hasCondition(kubernetes, eventTopics, key, { type, ...fields });
const types = (conditions: readonly Condition[] = []) => conditions.map(({ type, status }) => `${type}=${status}`);

/** Writes into the status as anybody may who has the right to. */
const scribble = (status: object) =>
  kubernetes.client.mergePatch(eventTopics, key, { status }, { subresource: 'status', fieldManager: 'somebody' });

const foreign = (type: string, status = 'True') => ({
  ...{ type, status, reason: 'ByHand', message: 'written by somebody else' },
  lastTransitionTime: '2026-01-01T00:00:00Z',
});
const available = { type: 'Available', status: 'True', reason: 'Served', message: '' } as const;
const byHand = [{ field: 'spec.partitions', desired: '1', actual: '2' }];

/** Status writes that the API server has noted and accepted. */
async function statusWrites(): Promise<number> {
  const log = await readFile(kubernetes.controlPlane.auditLogFile!, 'utf8');
  const lines = log.split('\n').filter((line) => line.includes(`${key.namespace}/eventtopics/${key.name}/status`));
  return lines.filter(
    (line) => (JSON.parse(line) as { responseStatus?: { code: number } }).responseStatus?.code === 200,
  ).length;
}

describe('a status', () => {
  it('loses conditions and fields that others wrote into it', async () => {
    run(new ScriptedController(() => ({ ...well, conditions: [available] })));
    await create();
    await condition('Ready', { status: 'True' });
    const { conditions = [] } = (await read()).status!;
    const stalled = [...conditions, foreign('Stalled'), foreign('Paused')];
    await scribble({ conditions: stalled, differences: byHand, partitions: 7 });
    await wake('once');
    await eventually(async () => {
      const { status } = await read();
      expect(types(status?.conditions)).toEqual(['Ready=True', 'Available=True']);
      expect(Object.keys(status!).sort()).toEqual(['conditions', 'observedGeneration', 'topicName']);
    });
  });

  it('loses fields that an earlier release applied, and values that somebody else took over', async () => {
    await create();
    const status = { topicName: 'example', partitions: 3, differences: byHand, conditions: [foreign('Stalled')] };
    const options = { fieldManager: 'scripted', subresource: 'status' } as const;
    await kubernetes.client.apply(eventTopics, { metadata: { ...key }, status } as object, options);
    await scribble({ topicName: 'theirs' });
    run(new ScriptedController());
    await condition('Ready', { status: 'True' });
    const written = (await read()).status;
    expect(written).toEqual({ topicName: 'example', observedGeneration: 1, conditions: written?.conditions });
    expect(types(written?.conditions)).toEqual(['Ready=True']);
  });

  it('keeps facts and conditions of its own through a failure, as old as they are, and none of others', async () => {
    run(
      new ScriptedController(({ object }) => {
        if (object.metadata.generation === 2) throw new ExpectedError('InvalidConfig', 'correct it');
        return { ...well, conditions: [available] };
      }),
    );
    await create();
    await condition('Available', { status: 'True', observedGeneration: 1 });
    await scribble({ conditions: [foreign('Available', 'True'), foreign('Stalled', 'False'), foreign('Paused')] });
    await patch({ spec: { partitions: 3 } });
    await condition('Ready', { status: 'False', reason: 'InvalidConfig', observedGeneration: 2 });
    const { status } = await read();
    expect(status).toMatchObject({ topicName: 'example', observedGeneration: 2 });
    expect(types(status?.conditions)).toEqual(['Ready=False', 'Stalled=True', 'Available=True']);
  });

  it('is never written to a successor of the same name', async () => {
    const second = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const controller = run(
      new ScriptedController(async () => {
        if (controller.reconciles === 1) {
          await kubernetes.client.delete(eventTopics, key);
          await create();
          return { ...well, status: { topicName: 'predecessor' } };
        }
        begun.resolve();
        await second.promise;
        return well;
      }),
    );
    await create();
    await begun.promise;
    expect((await read()).status?.topicName).toBeUndefined();
    second.resolve();
    await condition('Ready', { status: 'True' });
  });

  it('is about the generation that was reconciled, though a newer one is known', async () => {
    const second = Promise.withResolvers<void>();
    const controller = run(
      new ScriptedController(async ({ object, caches }) => {
        if (controller.reconciles === 1) {
          await patch({ spec: { partitions: 5 } });
          await eventually(() => expect(caches.of(eventTopics).get(key)?.metadata.generation).toBe(2));
        } else await second.promise;
        return { ...well, status: { topicName: 'example', partitions: object.spec.partitions ?? 0 } };
      }),
    );
    await create();
    await eventually(async () => {
      const { metadata, status } = await read();
      expect(metadata.generation).toBe(2);
      expect(status).toMatchObject({ observedGeneration: 1, conditions: [{ type: 'Ready', observedGeneration: 1 }] });
      expect(status?.partitions).not.toBe(5);
    });
    second.resolve();
    await condition('Ready', { status: 'True', observedGeneration: 2 });
    expect((await read()).status).toMatchObject({ observedGeneration: 2, partitions: 5 });
  });

  it('says what was done, though the resource was changed or deleted in the same moment', async () => {
    const finalized: unknown[] = [];
    const controller = new ScriptedController(async ({ object }) => {
      if (controller.reconciles > 1) return { ...well, status: { ...object.status, partitions: 1 } };
      // The cache does not know of it yet when the status is written.
      await kubernetes.client.delete(eventTopics, key);
      return { ...well, status: { topicName: 'example', managedTopicId: 'made' } };
    });
    controller.finalizer = {
      needed: () => true,
      finalize: ({ object }) => Promise.resolve(void finalized.push(object.status?.managedTopicId)),
    };
    run(controller);
    await create();
    await eventually(async () => expect(await kubernetes.client.get(eventTopics, key)).toBeUndefined());
    expect(finalized[0]).toBe('made');
  });

  it('can be recorded before something is done, but not of a resource that has changed by then', async () => {
    const outcomes: unknown[] = [];
    const controller = run(
      new ScriptedController(async ({ object, record }) => {
        if (controller.reconciles === 1) {
          await patch({ spec: { partitions: 2 } });
          outcomes.push(await record({ managedTopicId: 'too late' }).catch(errorCode));
        } else if (controller.reconciles === 2) {
          outcomes.push((await read()).status?.managedTopicId);
          await record({ managedTopicId: 'about to be made' });
          outcomes.push((await read()).status?.managedTopicId);
        }
        return { ...well, status: { ...object.status, topicName: 'example' } };
      }),
    );
    await create();
    await condition('Ready', { status: 'True', observedGeneration: 2 });
    expect(outcomes).toEqual(['Conflict', undefined, 'about to be made']);
    // It is replaced by what came of it.
    expect((await read()).status?.managedTopicId).toBeUndefined();
  });

  it('of a deleted resource says whose finalizers it waits for, in one write', async () => {
    const controller = new ScriptedController();
    controller.finalizer = { needed: () => true, finalize: () => Promise.resolve(undefined) };
    run(controller);
    await create();
    await condition('Ready', { status: 'True' });
    await patch({ metadata: { finalizers: ['kafka-events.dev/scripted', 'example.com/one', 'example.com/two'] } });
    await kubernetes.client.delete(eventTopics, key);
    const message = expect.stringMatching(/example\.com\/one, example\.com\/two/);
    await condition('Ready', { status: 'False', reason: 'Deleted', message });
    const { status, metadata } = await read();
    expect(metadata.finalizers).toEqual(['example.com/one', 'example.com/two']);
    expect(status?.topicName).toBe('example');
    expect(types(status?.conditions)).toEqual(['Ready=False', 'Reconciling=True']);
    const written = await statusWrites();
    await wake('once');
    await wake('twice');
    await patch({ metadata: { finalizers: ['example.com/two'] } });
    await condition('Ready', { reason: 'Deleted', message: expect.not.stringContaining('example.com/one') });
    expect(await statusWrites()).toBe(written + 1);
    await patch({ metadata: { finalizers: [] } });
    await eventually(async () => expect(await kubernetes.client.get(eventTopics, key)).toBeUndefined());
  });
});

describe('an error of the API server that lasts', () => {
  it('becomes a condition and goes with its cause', async () => {
    const refuses = await refusingWebhook(key.namespace);
    run(
      new ScriptedController(async (context) => {
        await context.apply(configMaps, { metadata: { name: 'child' }, data: {} } as object);
        return well;
      }),
    );
    await create();
    const message = expect.stringContaining('failed calling webhook');
    await condition('Ready', { status: 'False', reason: 'ApiServerFailed', message, observedGeneration: 1 });
    expect(types((await read()).status?.conditions)).toEqual(['Ready=False', 'Reconciling=True']);
    await refuses.end();
    await condition('Ready', { status: 'True', reason: 'Well' });
  });

  it('replaces Ready=True of an older generation', async () => {
    let data: unknown = {};
    run(
      new ScriptedController(async (context) => {
        await context.apply(configMaps, { metadata: { name: 'child' }, data } as object);
        return well;
      }),
    );
    await create();
    await condition('Ready', { status: 'True', observedGeneration: 1 });
    data = { key: { not: 'text' } };
    await patch({ spec: { partitions: 3 } });
    await condition('Ready', { status: 'False', reason: 'ApiServerFailed', observedGeneration: 2 });
  });

  it.each<[string, object, string]>([
    [
      'a quantity that is none',
      { resources: { requests: { memory: '1GB' } } },
      'spec.resources.requests.memory is "1GB"',
    ],
    ['a field of another type', { podTemplate: { spec: { tolerations: 'all' } } }, 'tolerations'],
    [
      'two variables of one name',
      { podTemplate: { spec: { containers: [{ name: 'kafka', env: [variable('a'), variable('b')] }] } } },
      'duplicate entries for key [name="TWICE"]',
    ],
  ])('names what an EventCluster asks for and cannot be applied: %s', async (_what, spec, words) => {
    running = runController(kubernetes, createEventClusterController(clusterOptions(fakeBrokers(someAnswers()))));
    const manifest = { metadata: { ...key }, spec: { engine: 'Kafka', ...spec } };
    await kubernetes.client.create(eventClusters, manifest);
    const message = expect.stringContaining(words);
    await hasCondition(kubernetes, eventClusters, key, { type: 'Ready', status: 'False', message });
  });
});

function variable(value: string) {
  return { name: 'TWICE', value };
}

const webhooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

/** Asks a server that is not there about every ConfigMap of a namespace. */
async function refusingWebhook(namespace: string): Promise<{ end(): Promise<void> }> {
  const name = `${namespace}.example.com`;
  const webhook = {
    name,
    clientConfig: { url: 'https://127.0.0.1:1/' },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE', 'UPDATE'] }],
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    ...{ sideEffects: 'None', admissionReviewVersions: ['v1'], failurePolicy: 'Fail' },
  };
  await kubernetes.transport.send({
    method: 'POST',
    path: webhooks,
    body: { metadata: { name }, webhooks: [webhook] },
  });
  const probe = { metadata: { namespace, name: 'probe' } };
  await eventually(() =>
    expect(kubernetes.client.create(configMaps, probe)).rejects.toMatchObject({ code: 'ApiServerFailed' }),
  );
  return { end: async () => void (await kubernetes.transport.send({ method: 'DELETE', path: `${webhooks}/${name}` })) };
}
