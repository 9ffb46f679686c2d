import { describe, expect, it } from '@jest/globals';
import { brokerPods, type ClusterPast } from '../../../../src/operator/event-cluster/pods.ts';

const now = new Date('2026-05-01T12:00:00Z');
const past: ClusterPast = { restarts: new Set(), hasServed: true, doomed: new Map(), now };
const statefulSet = { status: { updateRevision: 'new' } } as never;

function seen(
  status: object,
  { labels = { 'controller-revision-hash': 'new' }, ...change }: Partial<ClusterPast> & { labels?: object } = {},
) {
  const pod = { metadata: { name: 'events-2', namespace: 'tasks', labels }, status } as never;
  return brokerPods(statefulSet, [pod], { ...past, ...change })[0]!;
}

const ready = (since = '2026-05-01T11:00:00Z') => ({
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: since }],
});
const unready = (since: string) => ({ type: 'Ready', status: 'False', lastTransitionTime: `2026-05-01T${since}Z` });
const unscheduled = (since: string, reason: string) => ({ ...unready(since), type: 'PodScheduled', reason });
const waiting = (reason: string) => [{ name: 'redpanda', state: { waiting: { reason } } }];

describe('the pod of a broker', () => {
  it.each<[string, object]>([
    ['its image cannot be had', { containerStatuses: waiting('ImagePullBackOff') }],
    ['its image has no valid name', { initContainerStatuses: waiting('InvalidImageName') }],
    ['it ends again and again', { phase: 'Running', containerStatuses: waiting('CrashLoopBackOff') }],
    ['what comes before it ends again and again', { initContainerStatuses: waiting('CrashLoopBackOff') }],
    ['its configuration is missing', { containerStatuses: waiting('CreateContainerConfigError') }],
    ['no node takes it', { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] }],
    ['its node refuses it', { phase: 'Failed', reason: 'OutOfcpu' }],
  ])('can never start where %s', (_, status) => {
    expect(seen({ phase: 'Pending', ...status })).toMatchObject({ index: 2, ready: false, stuck: true });
  });

  it('is left where it is while only it keeps its volume from being deleted', () => {
    const doomed = new Map([[2, 'data-events-2']]);
    const status = { phase: 'Pending', containerStatuses: waiting('ImagePullBackOff') };
    expect(seen(status, { doomed })).toMatchObject({ ready: false, stuck: false });
    expect(seen(status, { doomed, hasServed: false })).toMatchObject({ ready: false, stuck: false });
    expect(seen(status, { doomed: new Map([[1, 'data-events-1']]) })).toMatchObject({ stuck: true });
  });

  it.each<[string, object]>([
    ['is on its way', { phase: 'Pending', containerStatuses: waiting('ContainerCreating') }],
    ['starts, and recovers its logs', { phase: 'Running', containerStatuses: [{ state: { running: {} } }] }],
    ['has a probe that fails', { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] }],
    ['has not been placed yet', { phase: 'Pending' }],
    ['ended once, and begins again', { phase: 'Running', containerStatuses: [{ state: { terminated: {} } }] }],
  ])('is waited for where it %s, unless nobody was ever served', (_, status) => {
    expect(seen(status)).toMatchObject({ ready: false, stuck: false });
    expect(seen(status, { hasServed: false })).toMatchObject({ ready: false, stuck: true });
  });

  it.each<[string, object]>([
    ['a conflict of the scheduler', { conditions: [unscheduled('11:59:50', 'SchedulerError')] }],
    ['a volume that is not bound yet', { conditions: [unscheduled('11:59:50', 'Unschedulable')] }],
    ['a first pull that failed', { conditions: [unready('11:59:50')], containerStatuses: waiting('ErrImagePull') }],
    [
      'a Secret its node has not seen',
      { conditions: [unready('11:59:50')], containerStatuses: waiting('CreateContainerConfigError') },
    ],
  ])('is waited for where %s is of the first attempt, and can never start where it lasts', (_, status) => {
    expect(seen({ phase: 'Pending', ...status })).toMatchObject({ ready: false, stuck: false });
    const later = new Date('2026-05-01T12:00:10Z');
    expect(seen({ phase: 'Pending', ...status }, { now: later })).toMatchObject({ ready: false, stuck: true });
  });

  it('is waited for while others are ready: an EventCluster that is made anew finds brokers that serve', () => {
    const labels = { 'controller-revision-hash': 'old' };
    const pods = [ready(), { phase: 'Running' }].map((status, index) => ({
      metadata: { name: `events-${index}`, labels },
      status,
    }));
    const [, flapping] = brokerPods(statefulSet, pods as never, { ...past, hasServed: false });
    expect(flapping).toMatchObject({ index: 1, ready: false, stuck: false });
  });

  it('that serves is never stuck', () => {
    expect(seen(ready(), { hasServed: false })).toMatchObject({ ready: true, stuck: false, current: true });
  });

  it('is outdated when the template is another, or its broker wants a restart and has told the others of its last one', () => {
    expect(seen(ready(), { labels: {} })).toMatchObject({ current: false });
    const restarts = new Set([2]);
    expect(seen(ready(), { restarts })).toMatchObject({ current: false });
    expect(seen(ready(), { restarts: new Set([1]) })).toMatchObject({ current: true });
    // It has just started, and what the others know may be from before.
    expect(seen(ready('2026-05-01T11:59:30Z'), { restarts })).toMatchObject({ current: true, unsure: true });
    expect(seen(ready('2026-05-01T11:59:30Z'))).toMatchObject({ current: true, unsure: false });
    // Whoever is not ready starts anew anyway, or is left alone.
    expect(seen({ phase: 'Running' }, { restarts })).toMatchObject({ current: true, unsure: false });
  });
});
