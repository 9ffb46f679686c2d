import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergePodTemplate } from '../../../../src/operator/pods/pod-template.ts';
import { podSecurityViolations } from '../../../../src/operator/pods/pod-security-standard.ts';

const selector = { app: 'events' };
const template = {
  metadata: { labels: { app: 'events' }, annotations: { hash: '1' } },
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser: 1000 },
    containers: [
      {
        name: 'kafka',
        args: ['one', 'two'],
        env: [{ name: 'A', value: '1' }],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
    volumes: [{ name: 'data' }],
  },
};
const merged = (spec: object, metadata?: object) => mergePodTemplate(template, { spec, metadata } as never, selector);

describe('changes to a pod template', () => {
  it('leave it as it is where there are none', () => {
    expect(mergePodTemplate(template, undefined, selector)).toBe(template);
  });

  it('merge objects, and lists of what has a name', () => {
    const { spec } = merged({
      securityContext: { runAsUser: 7 },
      containers: [
        {
          name: 'kafka',
          env: [
            { name: 'A', value: '2' },
            { name: 'B', value: '3' },
          ],
        },
        { name: 'sidecar' },
      ],
      volumes: [{ name: 'more' }],
    });
    expect(spec?.securityContext).toEqual({ runAsNonRoot: true, runAsUser: 7 });
    expect(spec?.containers.map(({ name }) => name)).toEqual(['kafka', 'sidecar']);
    expect(spec?.containers[0]).toMatchObject({
      args: ['one', 'two'],
      env: [{ value: '2' }, { name: 'B', value: '3' }],
    });
    expect(spec?.volumes).toEqual([{ name: 'data' }, { name: 'more' }]);
  });

  it('tell mounts of one volume apart by their paths', () => {
    const { spec } = merged({ containers: [{ name: 'kafka', volumeMounts: [{ name: 'data', mountPath: '/more' }] }] });
    expect(spec?.containers[0]?.volumeMounts).toHaveLength(2);
  });

  it('replace any other list, and add fields', () => {
    const { spec } = merged({ containers: [{ name: 'kafka', args: ['three'] }], tolerations: [{ key: 'disk' }] });
    expect(spec?.containers[0]?.args).toEqual(['three']);
    expect(spec?.tolerations).toEqual([{ key: 'disk' }]);
  });

  it('cannot take away the labels that select the pods', () => {
    expect(merged({}, { labels: { app: 'mine', team: 'a' } }).metadata?.labels).toEqual({ app: 'events', team: 'a' });
  });

  it('of any shape neither break the merge, nor take the pods from their selector, nor slip a right past the check', () => {
    const shapes = fc.oneof(fc.jsonValue(), fc.constantFrom(null, 'text', 7, [], {}, [null], [[]]));
    const field = fc.constantFrom('containers', 'volumes', 'securityContext', 'initContainers', 'hostNetwork');
    fc.assert(
      fc.property(fc.dictionary(field, shapes), shapes, (spec, containers) => {
        const changed = merged({ containers, ...spec, hostPID: true });
        expect(changed.metadata?.labels).toEqual(selector);
        expect(podSecurityViolations(changed, 'restricted')).toContain('spec.hostPID must be false');
      }),
    );
  });
});
