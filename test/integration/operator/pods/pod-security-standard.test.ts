import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { V1PodTemplateSpec } from '@kubernetes/client-node';
import fc from 'fast-check';
import { hasCode } from '../../../../src/operator/runtime/transport/kubernetes-error.ts';
import { standardViolations } from '../../../../src/operator/pods/pod-security-standard.ts';
import { startKubernetes, type Kubernetes } from '../../../support/kubernetes.ts';
import { bareTemplate, podChanges, strictTemplate } from '../../../support/pod-security.ts';

const levels = ['baseline', 'restricted'] as const;

let kubernetes: Kubernetes;
const namespaces = new Map<string, string>();

beforeAll(async () => {
  kubernetes = await startKubernetes();
  for (const level of levels) {
    const namespace = await kubernetes.createNamespace();
    namespaces.set(level, namespace);
    const body = { metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } };
    const contentType = 'application/merge-patch+json';
    await kubernetes.transport.send({ method: 'PATCH', path: `/api/v1/namespaces/${namespace}`, body, contentType });
  }
});
afterAll(() => kubernetes.stop());

/** Whether Kubernetes' own admission plugin refuses such a pod. */
async function isRefused(level: string, template: V1PodTemplateSpec): Promise<boolean | undefined> {
  const path = `/api/v1/namespaces/${namespaces.get(level)}/pods`;
  const body = { ...template, metadata: { ...template.metadata, generateName: 'pod-' } };
  try {
    await kubernetes.transport.send({ method: 'POST', path, query: { dryRun: 'All' }, body });
    return false;
  } catch (error) {
    if (hasCode(error, 'Forbidden') && String(error).includes('violates PodSecurity')) return true;
    // What Kubernetes takes in no namespace, such as a Windows host process in a pod for Linux, gets no verdict.
    if (hasCode(error, 'Invalid')) return undefined;
    throw error;
  }
}

async function expectSameVerdicts(template: V1PodTemplateSpec): Promise<void> {
  const there = await Promise.all(levels.map((level) => isRefused(level, template)));
  if (there.includes(undefined)) return;
  expect(levels.map((level) => standardViolations(template, level).length > 0)).toEqual(there);
}

describe("the operator's judgement of pods", () => {
  it.each(podChanges)("is that of Kubernetes' own admission plugin about $what", async ({ change }) => {
    await expectSameVerdicts(change(strictTemplate()));
  });

  it('is the same about a pod that says nothing, and about changes put together', async () => {
    await expectSameVerdicts(bareTemplate());
    const changes = fc.subarray([...podChanges], { minLength: 2, maxLength: 5 });
    const put = (chosen: typeof podChanges) => chosen.reduce((before, { change }) => change(before), strictTemplate());
    await fc.assert(
      fc.asyncProperty(changes, (chosen) => expectSameVerdicts(put(chosen))),
      { numRuns: 100 },
    );
  });
});
