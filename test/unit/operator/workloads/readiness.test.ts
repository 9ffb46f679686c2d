import { describe, expect, it } from '@jest/globals';
import { deploymentAvailable, type SeenDeployment } from '../../../../src/operator/workloads/readiness.ts';

type Deployment = NonNullable<SeenDeployment['deployment']>;

/** A Deployment whose pods run, but for what is said otherwise. */
const see = (status: object, spec: object = { replicas: 2 }): SeenDeployment => ({
  deployment: {
    metadata: { generation: 2 },
    spec,
    status: { observedGeneration: 2, replicas: 2, updatedReplicas: 2, readyReplicas: 2, ...status },
  } as unknown as Deployment,
  pods: [],
  now: new Date(),
});

const refused = {
  type: 'ReplicaFailure',
  status: 'True',
  reason: 'FailedCreate',
  message: 'pods "worker-1" is forbidden: no PriorityClass with name high was found',
};
const late = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "worker-1" has timed out progressing.',
};

describe('a Deployment', () => {
  it('is available when all replicas are up to date and ready', () => {
    expect(deploymentAvailable(see({}))).toBeUndefined();
  });

  it('tells how many pods are ready', () => {
    const message = '1 of 2 pods are ready, 2 are up to date.';
    expect(deploymentAvailable(see({ readyReplicas: 1 }))).toEqual({ reason: 'PodsStarting', message, failed: false });
  });

  it('tells why the API server refuses its pods, which is for a person', () => {
    expect(
      deploymentAvailable(see({ replicas: 0, updatedReplicas: 0, readyReplicas: 0, conditions: [refused] })),
    ).toEqual({
      reason: 'PodsRefused',
      message:
        '0 of 2 pods are ready, 0 are up to date. Pods are rejected: pods "worker-1" is forbidden: ' +
        'no PriorityClass with name high was found.',
      failed: false,
      needsPerson: true,
    });
  });

  it('tells that its pods do not get ready in time, which is for a person', () => {
    expect(deploymentAvailable(see({ readyReplicas: 0, conditions: [late] }))).toMatchObject({
      reason: 'ProgressDeadlineExceeded',
      message: expect.stringContaining('has timed out progressing.'),
      needsPerson: true,
    });
  });

  it.each([
    ['about an earlier template', { observedGeneration: 1, conditions: [refused] }],
    ['that no longer hold', { readyReplicas: 1, conditions: [{ ...refused, status: 'False' }] }],
  ])('is not blamed by conditions %s', (_, status) => {
    expect(deploymentAvailable(see(status))).toMatchObject({ reason: 'PodsStarting' });
  });
});
