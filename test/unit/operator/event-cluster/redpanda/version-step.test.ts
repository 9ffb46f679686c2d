import { describe, expect, it } from '@jest/globals';
import { refuseVersion } from '../../../../../src/operator/event-cluster/redpanda/version-step.ts';
import { anEventCluster } from '../../../../support/resources.ts';

const refusal = (running: string | undefined, spec: object) =>
  refuseVersion(anEventCluster({ engine: 'Redpanda', ...spec }).spec, running);

describe('a change of the version of Redpanda', () => {
  it.each([
    [undefined, 'v22.1.1'],
    ['v26.1.4', 'v26.1.9'],
    ['v26.1.4', 'v26.1.2'],
    ['v26.1.4', 'v26.2.1'],
    ['25.3.2', 'v26.1.1'],
    ['v26.1.4', 'nightly'],
    ['sha256:00', 'v26.2.1'],
  ])('from %s to %s is made', (running, version) => {
    expect(refusal(running, { version })).toBeUndefined();
  });

  it.each([
    ['v25.1.3', 'v25.3.1', 'v25.2 first'],
    ['v25.3.3', 'v26.2.1', 'v26.1 first'],
    ['v25.2.3', 'v26.1.1', 'v25.3 first'],
    ['v24.3.3', 'v26.1.1', 'v25.1 first'],
  ])('from %s to %s is refused: it is more than one feature release', (running, version, advice) => {
    expect(refusal(running, { version })).toMatchObject({ reason: 'VersionRefused', failed: true });
    expect(refusal(running, { version })?.message).toContain(
      `spec.version is ${version}, but the brokers run ${running}`,
    );
    expect(refusal(running, { version })?.message).toContain(advice);
  });

  it('back to an earlier feature release is refused', () => {
    const message = expect.stringContaining('cannot return to an earlier feature release. Set spec.version to v26.2.1');
    expect(refusal('v26.2.1', { version: 'v26.1.4' })).toMatchObject({ message });
  });

  it('counts also where the image says it, or the operator was upgraded', () => {
    const image = 'registry.example.org/redpanda:v26.2.1';
    expect(refusal('v25.1.1', { image })?.message).toContain(`spec.image is ${image}`);
    expect(refusal('v25.1.1', {})?.message).toMatch(/spec\.version is not set and defaults to v\d+/);
  });
});
