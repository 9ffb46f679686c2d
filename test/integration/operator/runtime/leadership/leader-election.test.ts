import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventTopic } from '../../../../../src/api/event-topic.ts';
import { createLogger } from '../../../../../src/lib/log.ts';
import type { Controller } from '../../../../../src/operator/runtime/reconcile/controller.ts';
import { HttpTransport } from '../../../../../src/operator/runtime/transport/http-transport.ts';
import { eventTopics } from '../../../../../src/operator/kinds.ts';
import { leases } from '../../../../../src/operator/runtime/object-kind.ts';
import { KubernetesClient } from '../../../../../src/operator/runtime/transport/kubernetes-client.ts';
import type { LeaderElectionTiming } from '../../../../../src/operator/runtime/leadership/leader-election.ts';
import { eventually, startKubernetes, type Kubernetes } from '../../../../support/kubernetes.ts';
import { runController, type RunningManager } from '../../../../support/running-manager.ts';
import { startSilentProxy } from '../../../../support/silent-proxy.ts';
import { apiServerThrough, portOf } from '../../../../support/through.ts';

let kubernetes: Kubernetes;
let namespace: string;
let worked: string[];
let running: RunningManager[];
const cleanUps: (() => unknown)[] = [];

beforeAll(async () => {
  kubernetes = await startKubernetes();
});
afterAll(() => kubernetes?.stop());
beforeEach(async () => {
  namespace = await kubernetes.createNamespace();
  worked = [];
  running = [];
  warnings = [];
});
afterEach(async () => {
  await Promise.all(running.map((manager) => manager.stop()));
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A leader that falls silent is replaced within a test's limit. */
const short = { lease: 6_000, renewDeadline: 5_000, retry: 200 };
/** It never ends within a test's limit: only giving it back lets another one lead. */
const long = { lease: 600_000, renewDeadline: 400_000, retry: 200 };

/** What the operators warned of. */
let warnings: string[];
const logger = createLogger({ name: 'test', level: 'warn', destination: { write: (line) => warnings.push(line) } });

/** An operator that notes who does the work. */
function start(identity: string, timing: LeaderElectionTiming, client = kubernetes.client): RunningManager {
  const controller: Controller<EventTopic> = {
    name: 'worker',
    kind: eventTopics,
    reconcile: ({ object }) => {
      worked.push(`${identity} ${object.metadata.name}`);
      return Promise.resolve({ readiness: { ready: true, reason: 'Done', message: identity }, status: {} });
    },
  };
  const leaderElection = { namespace, name: 'operator', timing, client };
  const manager = runController(kubernetes, controller, { identity, leaderElection, logger, namespaces: [namespace] });
  running.push(manager);
  return manager;
}

const create = (name: string) =>
  kubernetes.client.create(eventTopics, {
    metadata: { namespace, name },
    spec: { clusterRef: { name: 'e' } },
  } as object);
const lease = () => kubernetes.client.get(leases, { namespace, name: 'operator' });
const holder = async () => (await lease())?.spec?.holderIdentity;
const works = (line: string) => eventually(() => expect(worked).toContain(line));

describe('leader election', () => {
  it('lets one work, and the other at once when the first stops', async () => {
    const first = start('first', long);
    await eventually(async () => expect(await holder()).toBe('first'));
    start('second', long);
    await create('one');
    await works('first one');
    await first.stop();
    await works('second one');
    await create('two');
    await works('second two');
    expect(worked.filter((line) => line.startsWith('first'))).toEqual(['first one']);
    expect(await holder()).toBe('second');
  });

  it('takes over from a leader that is gone without a word', async () => {
    const spec = { holderIdentity: 'ghost', leaseDurationSeconds: 1, renewTime: '2020-01-01T00:00:00.000000Z' };
    await kubernetes.client.create(leases, { metadata: { namespace, name: 'operator' }, spec } as object);
    start('heir', short);
    await create('one');
    await works('heir one');
    expect((await lease())?.spec).toMatchObject({ holderIdentity: 'heir', leaseTransitions: 1 });
  });

  it('ends the program when it cannot renew, and goes on elsewhere', async () => {
    const lost = start('lost', short);
    await create('one');
    await works('lost one');
    await kubernetes.controlPlane.apiServer.pause();
    await eventually(() => expect(lost.failures).toMatchObject([{ code: 'LeadershipLost' }]));
    await kubernetes.controlPlane.apiServer.resume();
    start('next', short);
    await works('next one');
  });

  it('keeps the lease though the connection that renews it is dead', async () => {
    const proxy = await startSilentProxy(portOf(kubernetes));
    const limits = { connections: 1, answerMilliseconds: 1_000 };
    const transport = new HttpTransport(apiServerThrough(kubernetes, proxy.port), limits);
    cleanUps.push(
      () => transport.close(),
      () => proxy.stop(),
    );
    const leader = start('stubborn', long, new KubernetesClient(transport));
    await eventually(async () => expect(await holder()).toBe('stubborn'));
    proxy.silence();
    const before = (await lease())!.metadata.resourceVersion;
    await eventually(async () => expect((await lease())!.metadata.resourceVersion).not.toBe(before));
    expect(warnings.join()).toContain('did not answer in time');
    expect(leader.failures).toEqual([]);
  });

  it('gives up at once when somebody else has taken the lease', async () => {
    const robbed = start('robbed', long);
    await eventually(async () => expect(await holder()).toBe('robbed'));
    const spec = { holderIdentity: 'thief', leaseDurationSeconds: 600 };
    await kubernetes.client.mergePatch(leases, { namespace, name: 'operator' }, { spec });
    await eventually(() => expect(robbed.failures).toMatchObject([{ code: 'LeadershipLost' }]));
    expect(await holder()).toBe('thief');
  });

  it('goes on working through an absence of the API server that its lease outlasts', async () => {
    const leader = start('steady', long);
    await create('one');
    await works('steady one');
    await kubernetes.controlPlane.apiServer.kill();
    await eventually(() => expect(warnings.join()).toContain('Could not get or renew the lease'));
    await kubernetes.controlPlane.apiServer.start();
    await create('two');
    await works('steady two');
    expect(leader.failures).toEqual([]);
  });
});
