import { describe, expect, it } from '@jest/globals';
import type { V1Namespace } from '@kubernetes/client-node';
import { allowsNamespace, forbidsNamespace } from '../../../../src/operator/brokers/consent.ts';
import { namespaces } from '../../../../src/operator/kinds.ts';
import type { Caches } from '../../../../src/operator/runtime/cache/caches.ts';
import { ObjectCache } from '../../../../src/operator/runtime/cache/object-cache.ts';
import type { Observed } from '../../../../src/operator/runtime/objects.ts';
import { anEventCluster } from '../../../support/resources.ts';

const seen = new ObjectCache<Observed<V1Namespace>>();
seen.put({
  metadata: {
    name: 'seen',
    namespace: '',
    uid: '1',
    resourceVersion: '1',
    creationTimestamp: '',
    labels: { team: 'a' },
  },
} as never);
const caches = {
  of: (kind: unknown) => (kind === namespaces ? seen : undefined),
} as unknown as Caches;

describe('the consent of the owner of a cluster', () => {
  it.each([
    ['nobody is named', undefined, 'seen', 'forbidden'],
    ['others are named', { names: ['other'] }, 'seen', 'forbidden'],
    ['it is named', { names: ['unseen'] }, 'unseen', 'allowed'],
    ['a selector selects it', { selector: { matchLabels: { team: 'a' } } }, 'seen', 'allowed'],
    ['a selector does not select it', { selector: { matchLabels: { team: 'b' } } }, 'seen', 'forbidden'],
    ['nobody has seen the labels that would count', { selector: { matchLabels: { team: 'a' } } }, 'unseen', 'unknown'],
  ])('where %s', (_, allowedNamespaces, namespace, expected) => {
    const cluster = anEventCluster({ engine: 'Kafka', ...(allowedNamespaces && { allowedNamespaces }) });
    const isAllowed = allowsNamespace(cluster, namespace, caches);
    const isForbidden = forbidsNamespace(cluster, namespace, caches);
    expect({ isAllowed, isForbidden }).toEqual({
      isAllowed: expected === 'allowed',
      isForbidden: expected === 'forbidden',
    });
  });
});
