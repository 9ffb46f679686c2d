import { describe, expect, it } from '@jest/globals';
import {
  acceptedSpec,
  acceptedSpecAnnotation,
  withAcceptedSpec,
} from '../../../../src/operator/event-cluster/accepted-spec.ts';
import { anEventCluster } from '../../../support/resources.ts';

const release = { image: 'apache/kafka', version: '4.3.1' };
const everything = anEventCluster({
  engine: 'Kafka',
  brokers: 5,
  config: { 'log.retention.bytes': 9007199254740993n, 'min.insync.replicas': 2, 'log.dirs': null },
  resources: { limits: { memory: '2Gi' } },
  podTemplate: { spec: { tolerations: [{ key: 'events', operator: 'Exists' }] } },
});

const owner = { apiVersion: 'kafka-events.dev/v1alpha1', kind: 'EventCluster', name: 'events', controller: true };

function noted(spec: typeof everything.spec, change: (text: string) => string = (text) => text) {
  const { metadata } = withAcceptedSpec({ metadata: { annotations: { mine: 'stays' } } }, spec, release);
  expect(metadata?.annotations?.['mine']).toBe('stays');
  const text = metadata?.annotations?.[acceptedSpecAnnotation];
  const annotations = text === undefined ? {} : { [acceptedSpecAnnotation]: change(text) };
  const ownerReferences = [{ ...owner, uid: everything.metadata.uid }];
  return { metadata: { ...everything.metadata, annotations, ownerReferences } } as never;
}

describe('the spec that brokers are made of', () => {
  it('is read as it was written, with the version that the operator chose', () => {
    expect(acceptedSpec(everything, noted(everything.spec))).toEqual({ ...everything.spec, version: '4.3.1' });
    const given = { ...everything.spec, image: 'registry.example.org/kafka@sha256:ab' };
    expect(acceptedSpec(everything, noted(given))).toEqual(given);
  });

  it('says of volumes what is declared now', () => {
    const changed = { ...everything.spec, storage: { ...everything.spec.storage, reclaimPolicy: 'Delete' as const } };
    expect(acceptedSpec({ ...everything, spec: changed }, noted(everything.spec))?.storage).toEqual(changed.storage);
    expect(acceptedSpec(everything, noted(changed))?.storage).toEqual(everything.spec.storage);
  });

  it('is not there where it is damaged, too long, or of the brokers of another resource', () => {
    expect(acceptedSpec(everything, undefined)).toBeUndefined();
    expect(
      acceptedSpec(
        everything,
        noted(everything.spec, (text) => text.slice(1)),
      ),
    ).toBeUndefined();
    expect(
      acceptedSpec(
        everything,
        noted(everything.spec, () => '{"brokers":0}'),
      ),
    ).toBeUndefined();
    const long = { ...everything.spec, podTemplate: { metadata: { annotations: { long: 'x'.repeat(200_000) } } } };
    expect(acceptedSpec(everything, noted(long))).toBeUndefined();
    const successor = { ...everything, metadata: { ...everything.metadata, uid: 'another' } };
    expect(acceptedSpec(successor, noted(everything.spec))).toBeUndefined();
  });
});
