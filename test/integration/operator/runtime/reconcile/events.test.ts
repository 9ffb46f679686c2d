import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock, type Clock } from '../../../../../src/lib/clock.ts';
import { eventTopics } from '../../../../../src/operator/kinds.ts';
import { events } from '../../../../../src/operator/runtime/object-kind.ts';
import type { Readiness } from '../../../../../src/operator/runtime/reconcile/readiness.ts';
import { commandLine } from '../../../../support/command-line.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../../support/running-manager.ts';
import { ScriptedController, well } from '../../../../support/scripted-controller.ts';

let kubernetes: Kubernetes;
let running: RunningManager | undefined;
let namespace: string;

beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes?.stop());
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

function run(controller: ScriptedController, clock: Clock = systemClock): ScriptedController {
  running = runController(kubernetes, controller, { namespaces: [namespace], clock, identity: 'operator-7' });
  return controller;
}

const create = (name = 'example') =>
  kubernetes.client.create(eventTopics, {
    metadata: { namespace, name },
    spec: { clusterRef: { name: 'events' }, topicName: 'example' },
  } as object);

/** The Events of a reason, once there are any. */
const told = (reason: string) =>
  eventually(async () => {
    const { items } = await kubernetes.client.list(events, namespace);
    const found = items.filter((event) => event.reason === reason);
    expect(found).not.toEqual([]);
    return found;
  });

describe('Events', () => {
  it('have what kubectl reads, and repetitions count in one of them', async () => {
    run(
      new ScriptedController((context) => {
        context.event('Warning', 'Odd', 'this is odd');
        return { ...well, requeueAfterMilliseconds: 10 };
      }),
    );
    const { metadata } = await create();
    await eventually(async () => {
      const odd = await told('Odd');
      expect(odd).toHaveLength(1);
      expect(odd[0]).toMatchObject({
        type: 'Warning',
        message: 'this is odd',
        source: { component: 'scripted' },
        reportingComponent: 'kafka-events.dev/scripted',
        reportingInstance: 'operator-7',
      });
      const { apiVersion, kind } = eventTopics;
      const { involvedObject, count, firstTimestamp, lastTimestamp } = odd[0]!;
      expect(involvedObject).toMatchObject({ apiVersion, kind, namespace, name: 'example', uid: metadata.uid });
      expect(involvedObject.fieldPath).toBeUndefined();
      expect(count).toBeGreaterThanOrEqual(2);
      expect(lastTimestamp! >= firstTimestamp!).toBe(true);
    });
  });

  it('are put in order by kubectl describe', async () => {
    let ahead = 0;
    const clock = { ...systemClock, now: () => new Date(Date.now() + ahead) };
    run(
      new ScriptedController((context) => {
        for (const [reason, minutes] of [
          ['Third', -1],
          ['First', -3],
          ['Second', -2],
        ] as const) {
          ahead = minutes * 60_000;
          context.event('Normal', reason, 'said');
        }
        ahead = 0;
        return well;
      }),
      clock,
    );
    await create();
    await Promise.all(['First', 'Second', 'Third', 'Well'].map(told));
    const line = await commandLine(kubernetes.controlPlane.kubeconfigFile);
    const description = await line.kubectl(['describe', 'eventtopic', 'example', `--namespace=${namespace}`]);
    const table = description.slice(description.indexOf('Events:'));
    expect(table.match(/First|Second|Third|Well/g)).toEqual(['First', 'Second', 'Third', 'Well']);
    expect(table).not.toContain('unknown');
    expect(table).toMatch(/First +3m\d*s? +scripted +said/);
  });

  it.each([
    ['a hyphen', `${'a'.repeat(229)}-${'b'.repeat(23)}`],
    ['a dot', `${'a'.repeat(229)}.${'b'.repeat(23)}`],
    ['several', `${'a'.repeat(227)}.${'b'}--${'c'.repeat(22)}`],
  ])('can be written though a long name of their object is cut at %s', async (_what, name) => {
    expect(name).toHaveLength(253);
    run(new ScriptedController());
    await create(name);
    expect(await told('Well')).toMatchObject([{ involvedObject: { name } }]);
  });

  it('have a message of 1024 characters at most, without half of one', async () => {
    run(
      new ScriptedController((context) => {
        context.event('Normal', 'Long', `${'x'.repeat(1020)}${'😀'.repeat(10)}`);
        return well;
      }),
    );
    await create();
    expect(await told('Long')).toMatchObject([{ message: `${'x'.repeat(1020)}...` }]);
  });

  it.each<[string, Readiness, string]>([
    ['failed', { ready: false, failed: true, reason: 'Failed', message: 'correct it' }, 'Warning'],
    ['needs a person', { ready: false, failed: false, needsPerson: true, reason: 'Missing', message: 'x' }, 'Warning'],
    ['is on its way', { ready: false, failed: false, reason: 'Starting', message: 'x' }, 'Normal'],
  ])('about what %s have the right type', async (_what, readiness, type) => {
    run(new ScriptedController(() => ({ ...well, readiness })));
    await create();
    expect(await told(readiness.reason)).toMatchObject([{ type }]);
  });
});
