import { expect } from '@jest/globals';
import type { V1PodTemplateSpec } from '@kubernetes/client-node';

const registry = 'registry.example.com:5000/mirror';
const nodeAffinity = {
  preferredDuringSchedulingIgnoredDuringExecution: [
    { weight: 1, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } },
  ],
};
const toleration = { key: 'dedicated', operator: 'Exists' };

/** Values of the chart that every pod has to follow, for helm. */
export const valuesOfEveryPod = [
  `--set-json=global=${JSON.stringify({ imageRegistry: registry, imagePullSecrets: [{ name: 'global' }] })}`,
  '--set=image.pullPolicy=Always,image.pullSecrets[0].name=registry',
  `--set-json=pods=${JSON.stringify({
    labels: { team: 'events' },
    annotations: { 'sidecar.istio.io/inject': 'false' },
    priorityClassName: 'system-cluster-critical',
    nodeSelector: { pool: 'events' },
    tolerations: [toleration],
    affinity: { nodeAffinity },
    topologySpreadConstraints: [{ maxSkew: 2, topologyKey: 'rack', whenUnsatisfiable: 'ScheduleAnyway' }],
    env: [{ name: 'HTTPS_PROXY', value: 'http://proxy:3128' }],
    securityContext: { supplementalGroups: [1_000_650_000] },
    containerSecurityContext: { procMount: 'Default' },
  })}`,
];

/** Whether those values arrived in a pod, or the template of one. */
export function expectValuesOfEveryPod(template: Pick<V1PodTemplateSpec, 'metadata' | 'spec'>): void {
  const { metadata, spec } = template;
  expect(metadata).toMatchObject({
    labels: { team: 'events' },
    annotations: { 'sidecar.istio.io/inject': 'false' },
  });
  expect(spec).toMatchObject({
    priorityClassName: 'system-cluster-critical',
    nodeSelector: { pool: 'events' },
    tolerations: [toleration],
    affinity: { nodeAffinity },
    imagePullSecrets: [{ name: 'global' }, { name: 'registry' }],
    securityContext: { runAsNonRoot: true, supplementalGroups: [1_000_650_000] },
  });
  const rack = spec?.topologySpreadConstraints?.find(({ topologyKey }) => topologyKey === 'rack');
  expect(metadata?.labels).toMatchObject(rack?.labelSelector?.matchLabels ?? { nothing: 'selects it' });
  for (const container of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]) {
    expect(container).toMatchObject({
      image: expect.stringMatching(/^registry\.example\.com:5000\/mirror\/[a-z]/),
      imagePullPolicy: 'Always',
      securityContext: { procMount: 'Default', allowPrivilegeEscalation: false },
    });
    expect(container.env).toContainEqual({ name: 'HTTPS_PROXY', value: 'http://proxy:3128' });
  }
}
