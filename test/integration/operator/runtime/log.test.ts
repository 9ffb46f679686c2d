import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, type LogLevel } from '../../../../src/lib/log.ts';
import { configMaps, eventTopics, services } from '../../../../src/operator/kinds.ts';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import { watchOwned } from '../../../../src/operator/runtime/reconcile/controller.ts';
import { leases } from '../../../../src/operator/runtime/object-kind.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../support/running-manager.ts';
import { ScriptedController, well } from '../../../support/scripted-controller.ts';

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly name: string;
  readonly holder?: string;
}

let kubernetes: Kubernetes;
let namespace: string;
let running: RunningManager[];

beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes?.stop());
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((manager) => manager.stop()));
});

/** It never ends within a test's limit: only giving it back lets another one lead. */
const long = { lease: 600_000, renewDeadline: 400_000, retry: 100 };

/** An operator, and what it logs. */
function run(controller: ScriptedController, identity = 'first', level: LogLevel = 'info') {
  const lines: Line[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line) as Line) };
  const logger = createLogger({ name: 'test', level, destination });
  const leaderElection = { namespace, name: 'operator', timing: long };
  const manager = runController(kubernetes, controller, {
    ...{ identity, leaderElection, logger, namespaces: [namespace] },
  });
  running.push(manager);
  return { lines, manager };
}

const create = (name: string) =>
  kubernetes.client.create(eventTopics, {
    metadata: { namespace, name },
    spec: { clusterRef: { name: 'events' } },
  } as object);
const wake = (name: string, annotation: string) =>
  kubernetes.client.mergePatch(eventTopics, { namespace, name }, { metadata: { annotations: { woken: annotation } } });
const saying = (lines: readonly Line[], message: string) => lines.filter(({ msg }) => msg === message);
const said = (lines: readonly Line[], message: string, times = 1) =>
  eventually(() => expect(saying(lines, message)).toHaveLength(times));
const counted = (lines: readonly Line[]) =>
  Object.fromEntries(lines.map(({ level, msg }) => [`${level}: ${msg}`, saying(lines, msg).length]));

describe('the log', () => {
  it('has one line for each change of Ready, and none for what stays', async () => {
    let readiness: typeof well.readiness = { ready: false, failed: false, reason: 'Starting', message: 'soon' };
    const controller = new ScriptedController(() => ({ ...well, readiness, requeueAfterMilliseconds: 10 }));
    const { lines } = run(controller);
    await create('one');
    await said(lines, 'Ready changed');
    readiness = { ready: false, failed: false, reason: 'Starting', message: 'sooner' };
    const asked = controller.reconciles;
    await eventually(() => expect(controller.reconciles).toBeGreaterThan(asked + 10));
    readiness = well.readiness;
    await said(lines, 'Ready changed', 2);
    readiness = { ready: false, failed: false, needsPerson: true, reason: 'SecretMissing', message: 'create it' };
    await said(lines, 'Ready changed', 3);
    const resource = { kind: 'EventTopic', namespace, name: 'one' };
    expect(saying(lines, 'Ready changed')).toMatchObject([
      { level: 'info', ...resource, from: 'Unknown', to: 'False', reason: 'Starting', message: 'soon' },
      { level: 'info', ...resource, from: 'False', to: 'True', reason: 'Well', message: 'all is well' },
      { level: 'warn', ...resource, from: 'True', to: 'False', reason: 'SecretMissing', message: 'create it' },
    ]);
  });

  it('says when a failure begins and ends, for each resource', async () => {
    let error: Error | undefined = new ExpectedError('BrokerUnreachable', 'away', { retryable: true });
    const controller = new ScriptedController(() => {
      if (error) throw error;
      return well;
    });
    const { lines } = run(controller);
    await create('one');
    await eventually(() => expect(controller.reconciles).toBeGreaterThan(4));
    error = undefined;
    await said(lines, 'Reconciliation succeeded again');
    expect(counted(lines)).toEqual({
      'info: Leading': 1,
      'warn: Reconciliation failed': 1,
      'info: Reconciliation succeeded again': 1,
      'info: Ready changed': 2,
    });
  });

  it('says who leads, who stands by and behind whom, and who gives the lease back', async () => {
    const first = run(new ScriptedController(), 'first');
    await said(first.lines, 'Leading');
    const second = run(new ScriptedController(), 'second');
    await said(second.lines, 'Standing by');
    // It asks for the lease about as often as the first renews it.
    const versions = new Set<string>();
    await eventually(async () => {
      versions.add((await kubernetes.client.get(leases, { namespace, name: 'operator' }))!.metadata.resourceVersion);
      expect(versions.size).toBeGreaterThan(5);
    });
    await first.manager.stop();
    await said(second.lines, 'Leading');
    expect(first.lines.map(({ msg }) => msg)).toEqual(['Leading', 'Gave the lease back']);
    expect(second.lines.map(({ msg, holder }) => [msg, holder])).toEqual([
      ['Standing by', 'first'],
      ['Leading', undefined],
    ]);
    const third = run(new ScriptedController(), 'third');
    await said(third.lines, 'Standing by');
    const spec = { holderIdentity: 'thief', leaseDurationSeconds: 600 };
    await kubernetes.client.mergePatch(leases, { namespace, name: 'operator' }, { spec });
    await said(second.lines, 'Lost the lease');
    await said(third.lines, 'Standing by', 2);
    expect(saying(third.lines, 'Standing by').map(({ holder }) => holder)).toEqual(['second', 'thief']);
    expect(saying(second.lines, 'Lost the lease')).toMatchObject([{ level: 'error', holder: 'thief' }]);
  });

  it('warns once of a kind that the API server refuses', async () => {
    const refused = { ...services, plural: 'servicesofnobody' };
    const controller = new ScriptedController();
    controller.watches.push(watchOwned(refused, eventTopics));
    const { lines } = run(controller, 'first', 'debug');
    await eventually(() => expect(saying(lines, 'Watch refused').length).toBeGreaterThan(3));
    const told = saying(lines, 'Watch refused').filter(({ level }) => level !== 'debug');
    expect(told).toMatchObject([{ level: 'warn', kind: 'servicesofnobody' }]);
  });

  it('has one warning and one line at the end for each thing that an absence of the API server stops', async () => {
    let said = 0;
    // Has something to write at each look: an object that it owns, a status, and an Event.
    const controller = new ScriptedController(async (context) => {
      said += 1;
      // Another message every second: however long the API server is away, never more Events than may be written.
      context.event('Normal', 'Said', `in second ${Math.floor(performance.now() / 1000)}`);
      await context.apply(configMaps, { metadata: { name: 'child' }, data: { said: String(said) } } as object);
      const message = `all is well for the ${said}th time`;
      return { ...well, readiness: { ...well.readiness, message }, requeueAfterMilliseconds: 200 };
    });
    controller.watches.push(watchOwned(services, eventTopics));
    const { lines, manager } = run(controller);
    await Promise.all(['one', 'two', 'three'].map(create));
    await eventually(() => expect(saying(lines, 'Ready changed')).toHaveLength(3));
    await kubernetes.controlPlane.apiServer.kill();
    await eventually(() => expect(lines.map(({ msg }) => msg)).toContain('Watches broke'));
    const asked = controller.reconciles;
    await eventually(() => expect(controller.reconciles).toBeGreaterThan(asked + 15));
    await kubernetes.controlPlane.apiServer.start();
    await eventually(async () => {
      await wake('one', 'again');
      for (const line of ends) expect(lines.map(({ msg }) => msg)).toContain(line);
    });
    expect(manager.failures).toEqual([]);
    expect(counted(lines)).toEqual({
      'info: Leading': 1,
      'info: Ready changed': 3,
      ...Object.fromEntries(begins.map((line) => [`warn: ${line}`, 1])),
      ...Object.fromEntries(ends.map((line) => [`info: ${line}`, 1])),
    });
  });
});

const begins = [
  'Watches broke',
  'Could not get or renew the lease',
  'Could not write Events',
  'Reconciliation waits for the API server',
];
const ends = [
  'Watches work again',
  'The lease can be renewed again',
  'Events are written again',
  'Reconciliation continues',
];
