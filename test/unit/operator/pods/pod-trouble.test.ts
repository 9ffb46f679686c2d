import { describe, expect, it } from '@jest/globals';
import { podTrouble } from '../../../../src/operator/pods/pod-trouble.ts';

const now = new Date('2026-05-01T12:00:00Z');
const secondsAgo = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const conflict =
  'running PreBind plugin "VolumeBinding": Operation cannot be fulfilled on persistentvolumeclaims "data-events-0": ' +
  'the object has been modified; please apply your changes to the latest version and try again';

const pod = (status: object) => [{ metadata: { name: 'events-0', namespace: 'tasks' }, status }] as never;
const unscheduled = (seconds: number, reason: string, message: string) =>
  pod({
    conditions: [{ type: 'PodScheduled', status: 'False', reason, message, lastTransitionTime: secondsAgo(seconds) }],
  });
const waiting = (seconds: number, reason: string, message?: string) =>
  pod({
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: secondsAgo(seconds) }],
    containerStatuses: [{ name: 'kafka', image: 'kafka:1', state: { waiting: { reason, message } } }],
  });

describe('trouble of pods', () => {
  it.each([
    ['a conflict of the scheduler', unscheduled(3, 'SchedulerError', conflict)],
    ['a volume that is not bound', unscheduled(3, 'Unschedulable', 'pod has unbound immediate PersistentVolumeClaims')],
    ['a first pull', waiting(3, 'ErrImagePull', 'i/o timeout')],
    ['a Secret that the node has not seen', waiting(3, 'CreateContainerConfigError', 'secret "a" not found')],
    ['a slow runtime', waiting(3, 'CreateContainerError', 'context deadline exceeded')],
    ['a container that is being created, however long', waiting(3000, 'ContainerCreating')],
  ])('is none of %s at first', (_, pods) => {
    expect(podTrouble(pods, now)).toBeUndefined();
  });

  it.each([
    ['the scheduler fails', unscheduled(30, 'SchedulerError', conflict), 'it cannot be scheduled: running PreBind'],
    ['no node has room', unscheduled(30, 'Unschedulable', 'Insufficient memory.'), 'Insufficient memory.'],
    ['a Secret is missing', waiting(30, 'CreateContainerConfigError', 'secret "a" not found'), 'secret "a" not found'],
    ['an image cannot be had', waiting(3, 'ImagePullBackOff', 'Back-off'), 'The image is kafka:1: correct spec.image'],
    ['a container ends again and again', waiting(3, 'CrashLoopBackOff', 'back-off 10s'), 'kubectl logs --previous'],
  ])('is told where %s and waiting has not helped', (_, pods, words) => {
    expect(podTrouble(pods, now)).toContain(words);
  });
});
