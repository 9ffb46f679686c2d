import { describe, expect, it } from '@jest/globals';
import { slim } from '../../../../../src/operator/runtime/cache/slim.ts';

const metadata = {
  name: 'a',
  namespace: 'tasks',
  uid: '1',
  resourceVersion: '1',
  creationTimestamp: '2026-01-01T00:00:00Z',
};
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata };
const managedFields = [{ manager: 'kubectl' }];
const lastApplied = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' };

describe('slim', () => {
  it('leaves out who set which field, and the manifest that kubectl keeps', () => {
    const full = {
      ...object,
      metadata: { ...metadata, managedFields, annotations: { ...lastApplied, colour: 'red' } },
    };
    expect(slim(full)).toStrictEqual({ ...object, metadata: { ...metadata, annotations: { colour: 'red' } } });
  });

  it('adds nothing, and leaves its argument as it was', () => {
    expect(slim(object)).toStrictEqual(object);
    const full = { ...object, metadata: { ...metadata, annotations: lastApplied } };
    slim(full);
    expect(full.metadata.annotations).toBe(lastApplied);
  });
});
