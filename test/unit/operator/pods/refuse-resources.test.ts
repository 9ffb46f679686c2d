import { describe, expect, it } from '@jest/globals';
import { refuseResources, requireResources } from '../../../../src/operator/pods/refuse-resources.ts';

describe('refuseResources', () => {
  it.each([
    ['limits', 'memory', 'plenty'],
    ['requests', 'cpu', '1.2.3'],
    ['requests', 'cpu', '-1'],
    ['limits', 'memory', '1GB'],
    ['limits', 'memory', ''],
  ] as const)('names what is no quantity: %s.%s of %j', (field, name, value) => {
    expect(refuseResources({ [field]: { [name]: value } })).toEqual({
      reason: 'ResourcesRefused',
      failed: true,
      message:
        `spec.resources.${field}.${name} is "${value}", which is no quantity. Set it to a number that is not below 0, with ` +
        `a unit if need be, such as 2, 500m or 768Mi.`,
    });
  });

  it('names the field that they are in', () => {
    const refusal = () => requireResources({ limits: { cpu: 'all' } }, 'spec.webhook.resources');
    expect(refusal).toThrow(expect.objectContaining({ code: 'ResourcesRefused', retryable: false }));
    expect(refusal).toThrow(/^spec\.webhook\.resources\.limits\.cpu is "all"/);
  });

  it('names a request that is above its limit', () => {
    expect(refuseResources({ requests: { memory: '2Gi' }, limits: { memory: '1Gi' } })).toEqual({
      reason: 'ResourcesRefused',
      failed: true,
      message:
        'spec.resources.requests.memory is 2Gi, but spec.resources.limits.memory is 1Gi: a request cannot be above the ' +
        'limit. Lower the one, or raise the other.',
    });
  });

  it.each([
    undefined,
    {},
    { requests: { cpu: '700m', memory: '1Gi' }, limits: { cpu: '0.7', memory: '1024Mi' } },
    { requests: { cpu: 1 }, limits: { memory: '2.5Gi' } },
    { limits: { cpu: '0', memory: 1_073_741_824n } },
  ])('takes %p', (resources) => {
    expect(refuseResources(resources)).toBeUndefined();
  });
});
