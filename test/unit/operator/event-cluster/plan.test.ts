import { describe, expect, it } from '@jest/globals';
import { clusterId } from '../../../../src/operator/event-cluster/kafka/cluster-id.ts';
import { controllersAnnotation, planCluster } from '../../../../src/operator/event-cluster/plan.ts';
import { anEventCluster } from '../../../support/resources.ts';

const claim = (controllers: string, storage = '20Gi') =>
  ({
    metadata: { annotations: { [controllersAnnotation]: controllers } },
    spec: { resources: { requests: { storage } } },
  }) as never;
const statefulSet = (template: unknown) => ({ spec: { volumeClaimTemplates: [template] } }) as never;
const nothing = { statefulSet: undefined, firstClaim: undefined };

describe('the plan of a cluster', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 3],
    [7, 3],
  ])('gives a new cluster of %d brokers %d that vote on metadata', (brokers, controllers) => {
    expect(planCluster(anEventCluster({ brokers }), brokers, nothing).controllers).toBe(controllers);
  });

  it('never changes who votes, however many brokers are added', () => {
    const existing = { statefulSet: statefulSet(claim('1')), firstClaim: undefined };
    expect(planCluster(anEventCluster({ brokers: 5 }), 5, existing).controllers).toBe(1);
  });

  it('takes retained volumes for what they are', () => {
    const existing = { statefulSet: undefined, firstClaim: claim('1') };
    expect(planCluster(anEventCluster({ brokers: 3 }), 3, existing).controllers).toBe(1);
  });

  it('keeps asking for the size that the StatefulSet was made with', () => {
    const existing = { statefulSet: statefulSet(claim('3', '20Gi')), firstClaim: undefined };
    expect(planCluster(anEventCluster({ storage: { size: '40Gi' } }), 3, existing).claimSize).toBe('20Gi');
  });

  it('gives each cluster an id of its own, the same at every look', () => {
    const id = clusterId({ name: 'events', namespace: 'tasks' });
    expect(id).toBe(clusterId({ name: 'events', namespace: 'tasks' }));
    expect(id).not.toBe(clusterId({ name: 'events', namespace: 'other' }));
    expect(Buffer.from(id, 'base64url')).toHaveLength(16);
  });
});
