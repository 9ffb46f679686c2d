import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { networkPolicyOf } from '../../../../src/operator/workloads/network-policy.ts';
import { chatApiDeployment } from '../../../../src/operator/workloads/chat-api/deployment.ts';
import { noInputs } from '../../../../src/operator/workloads/deployment.ts';
import { manifestWithPodDefaults } from '../../../../src/operator/pods/pod-defaults.ts';
import { podSecurityProblem, requirePodSecurity } from '../../../../src/operator/pods/pod-security-standard.ts';
import { aChatApi } from '../../../support/resources.ts';

const defaults = { env: [{ name: 'ZONE', value: 'a' }], imagePullSecrets: [{ name: 'registry' }] };

function deploymentWith(spec: unknown) {
  return chatApiDeployment({ chatApi: aChatApi({ podTemplate: { spec } }), defaultImage: 'image', ...noInputs });
}

/** All that is done with a template before the API server sees it. */
function prepare(spec: unknown) {
  const deployment = deploymentWith(spec);
  requirePodSecurity(deployment.spec!.template, 'privileged');
  return networkPolicyOf(manifestWithPodDefaults(deployment, defaults));
}

const own = (fields: object) => ({ containers: [{ name: 'chat-api', ...fields }] });

describe('a podTemplate of a wrong shape', () => {
  it.each<[string, unknown, string]>([
    ['containers as text', { containers: 'all' }, 'spec.podTemplate.spec.containers'],
    ['no containers', { containers: null }, 'spec.podTemplate.spec.containers'],
    ['a container that is none', { containers: [null] }, 'spec.podTemplate.spec.containers'],
    ['containers that begin as text', { initContainers: 'wait' }, 'spec.podTemplate.spec.initContainers'],
    ['variables as a map', own({ env: { A: '1' } }), 'spec.podTemplate.spec.containers[0].env'],
    ['variables as texts', own({ env: ['A=1'] }), 'spec.podTemplate.spec.containers[0].env'],
    ['ports as numbers', own({ ports: [8080] }), 'spec.podTemplate.spec.containers[0].ports'],
    ['names of Secrets', { imagePullSecrets: ['registry'] }, 'spec.podTemplate.spec.imagePullSecrets'],
    ['one constraint', { topologySpreadConstraints: { maxSkew: 1 } }, '.spec.topologySpreadConstraints'],
  ])('is refused with the field: %s', (_what, spec, field) => {
    for (const level of ['restricted', 'privileged'] as const) {
      const problem = podSecurityProblem(deploymentWith(spec).spec!.template, level);
      expect(problem).toMatchObject({ reason: 'PodTemplateRefused', failed: true });
      expect(problem?.message).toContain(`${field}: must be a list of objects`);
    }
  });

  it('may say null where it wants none', () => {
    expect(prepare(own({ ports: null, env: null }))).toMatchObject({ spec: { ingress: [] } });
    expect(() => prepare({ initContainers: null, tolerations: null })).not.toThrow();
  });

  it('never makes the operator fall over, whatever it is', () => {
    const container = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('name', 'env', 'ports'), fc.jsonValue()));
    const fields = fc.constantFrom('containers', 'initContainers', 'imagePullSecrets', 'topologySpreadConstraints');
    const specs = fc.dictionary(fields, fc.oneof(fc.jsonValue(), fc.array(container)));
    fc.assert(
      fc.property(specs, (spec) => {
        try {
          prepare(spec);
        } catch (error) {
          expect(error).toMatchObject({ code: 'PodTemplateRefused' });
        }
      }),
    );
  });
});
