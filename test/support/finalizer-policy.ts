import { readFile } from 'node:fs/promises';
import type { EventTopic } from '../../src/api/event-topic.ts';
import { parseManifests, type Rendered } from './chart.ts';
import { eventually, type Kubernetes } from './kubernetes.ts';

const file = 'config/admission/finalizer-policy.yaml';
const admission = '/apis/admissionregistration.k8s.io/v1';

/** That of config/. */
export const readFinalizerPolicy = async () => parseManifests(await readFile(file, 'utf8'));

/** Has the API server put the finalizer on EventTopics, and waits until it does so in the namespace. */
export async function installFinalizerPolicy(
  { transport }: Kubernetes,
  namespace: string,
  policy: readonly Rendered[],
): Promise<void> {
  for (const body of policy) {
    const plural = body.kind.endsWith('Binding') ? 'mutatingadmissionpolicybindings' : 'mutatingadmissionpolicies';
    await transport.send({ method: 'POST', path: `${admission}/${plural}`, body });
  }
  const probe = {
    method: 'POST',
    path: `/apis/kafka-events.dev/v1alpha1/namespaces/${namespace}/eventtopics`,
    query: { dryRun: 'All' },
    body: {
      apiVersion: 'kafka-events.dev/v1alpha1',
      kind: 'EventTopic',
      metadata: { name: 'probe' },
      spec: { clusterRef: { name: 'events' } },
    },
  } as const;
  await eventually(async () => {
    const { metadata } = (await transport.send(probe)) as EventTopic;
    if (!metadata.finalizers) throw new Error('The policy does nothing yet');
  });
}
