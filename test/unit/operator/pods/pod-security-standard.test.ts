import { describe, expect, it } from '@jest/globals';
import { podSecurityViolations, requirePodSecurity } from '../../../../src/operator/pods/pod-security-standard.ts';
import { bareTemplate, identityChanges, podChanges, strictTemplate } from '../../../support/pod-security.ts';

const levels = ['baseline', 'restricted'] as const;

describe('the pod security standard', () => {
  it.each(podChanges)('judges $what', ({ change, refusedBy }) => {
    const template = change(strictTemplate());
    const refused = levels.filter((level) => podSecurityViolations(template, level).length > 0);
    expect(refused).toEqual({ baseline: ['baseline', 'restricted'], restricted: ['restricted'], none: [] }[refusedBy]);
    expect(podSecurityViolations(template, 'privileged')).toEqual([]);
  });

  it.each(identityChanges)('lends nobody another identity: $what', ({ change }) => {
    for (const level of levels) expect(podSecurityViolations(change(strictTemplate()), level)).toHaveLength(1);
    expect(podSecurityViolations(change(strictTemplate()), 'privileged')).toEqual([]);
  });

  it('names each field, and what is allowed', () => {
    expect(podSecurityViolations(bareTemplate(), 'restricted')).toEqual([
      'spec.containers[main].securityContext.allowPrivilegeEscalation must be false',
      'spec.containers[main].securityContext.capabilities.drop must have ALL',
      'spec.containers[main].securityContext.runAsNonRoot must be true, here or in spec.securityContext',
      'spec.containers[main].securityContext.seccompProfile.type must be RuntimeDefault or Localhost, here or in spec.securityContext',
      'spec.automountServiceAccountToken must be false',
    ]);
  });

  it.each([
    { spec: 'all' },
    { spec: { containers: 'all', volumes: { hostPath: {} }, securityContext: 3 } },
    { spec: { containers: [null, 'x', { ports: 'all', securityContext: [] }], volumes: [null, 7] } },
    { metadata: { annotations: ['x'] }, spec: null },
  ])('does not fall over what has a wrong shape', (template) => {
    expect(() => podSecurityViolations(template as never, 'restricted')).not.toThrow();
  });

  it('is refused with a message that a condition can hold, however much is wrong', () => {
    const template = strictTemplate();
    template.spec!.containers = Array.from({ length: 500 }, (_, index) => ({ name: `container-${index}` }));
    const refusal = () => requirePodSecurity(template, 'restricted');
    expect(refusal).toThrow(expect.objectContaining({ code: 'PodSecurityViolation', retryable: false }));
    expect(refusal).toThrow(/container-0.*and \d+ more.*operator\.podSecurity/s);
    expect(() => requirePodSecurity(template, 'privileged')).not.toThrow();
  });
});
