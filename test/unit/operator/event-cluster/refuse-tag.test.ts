import { describe, expect, it } from '@jest/globals';
import { refuseTag } from '../../../../src/operator/event-cluster/refuse-tag.ts';

describe('refuseTag', () => {
  it('refuses a version that the tag of the image contradicts, for nothing would change', () => {
    expect(refuseTag({ image: 'registry.example:5000/redpanda:v26.2.1', version: 'v26.3.1' })).toEqual({
      reason: 'VersionRefused',
      failed: true,
      message:
        'spec.version is v26.3.1, but spec.image has the tag v26.2.1, and the image is what runs. Set spec.version to ' +
        'v26.2.1 or remove it, or change spec.image.',
    });
    expect(refuseTag({ image: 'apache/kafka:4.2.0@sha256:0123', version: '4.3.1' })).toBeDefined();
  });

  it.each([
    ['apache/kafka:4.3.1', '4.3.1'],
    ['apache/kafka:4.3.1', 'v4.3.1'],
    ['apache/kafka:4.3.1', undefined],
    [undefined, '4.3.1'],
    // What these tags stand for, only a person knows.
    ['registry.example:5000/kafka', '4.3.1'],
    ['kafka:latest', '4.3.1'],
    ['kafka:4.3.1-patched', '4.3.1'],
    ['kafka:2026.1', '4.3.1'],
    ['kafka@sha256:0123', '4.3.1'],
  ])('takes image %s and version %s', (image, version) => {
    expect(refuseTag({ image, version })).toBeUndefined();
  });
});
