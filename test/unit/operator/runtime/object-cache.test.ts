import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ObjectCache } from '../../../../src/operator/runtime/object-cache.ts';
import type { KubernetesObject } from '../../../../src/operator/runtime/objects.ts';

function pod(name: string, resourceVersion: number, colour = 'red'): KubernetesObject {
  const metadata = { namespace: 'tasks', name, uid: name, creationTimestamp: '2026-01-01T00:00:00Z' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, resourceVersion: String(resourceVersion), labels: { colour } },
  };
}

const byColour = ({ metadata }: KubernetesObject) => [metadata.labels?.['colour'] ?? ''];
const names = (objects: KubernetesObject[]) => objects.map(({ metadata }) => metadata.name).sort();

describe('an object cache', () => {
  it('never goes back to an older version', () => {
    const cache = new ObjectCache();
    expect(cache.put(pod('a', 9))).toBe(true);
    expect(cache.put(pod('a', 10))).toBe(true);
    expect(cache.put(pod('a', 9))).toBe(false);
    expect(cache.get({ namespace: 'tasks', name: 'a' })?.metadata.resourceVersion).toBe('10');
  });

  it('finds by index what a look at all objects finds', () => {
    const change = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      colour: fc.constantFrom('red', 'green'),
      removed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change), fc.nat(10), (changes, indexedAfter) => {
        const cache = new ObjectCache();
        changes.forEach(({ name, colour, removed }, index) => {
          if (index === indexedAfter) cache.by(byColour, 'red');
          if (removed) cache.remove({ namespace: 'tasks', name });
          else cache.put(pod(name, index + 1, colour));
        });
        for (const colour of ['red', 'green', 'blue']) {
          const expected = cache.list().filter((object) => byColour(object)[0] === colour);
          expect(names(cache.by(byColour, colour))).toEqual(names(expected));
        }
      }),
    );
  });

  it('lists one namespace', () => {
    const cache = new ObjectCache();
    cache.put(pod('a', 1));
    expect(cache.list('tasks')).toHaveLength(1);
    expect(cache.list('other')).toEqual([]);
  });
});
