import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ObjectCache } from '../../../../../src/operator/runtime/cache/object-cache.ts';
import type { KubernetesObject } from '../../../../../src/operator/runtime/objects.ts';

function pod(name: string, resourceVersion: number, colour = 'red'): KubernetesObject {
  const metadata = { namespace: 'tasks', name, uid: name, creationTimestamp: '2026-01-01T00:00:00Z' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, resourceVersion: String(resourceVersion), labels: { colour } },
  };
}

const key = (name: string) => ({ namespace: 'tasks', name });
const byColour = ({ metadata }: KubernetesObject) => metadata.labels!['colour']!.split(',');
const byFirstLetter = ({ metadata }: KubernetesObject) => [metadata.name[0]!];
const indexes = [byColour, byFirstLetter];
const values = ['red', 'green', 'blue', 'a', 'b'];
const described = (objects: readonly KubernetesObject[]) =>
  objects.map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion} ${metadata.labels!['colour']}`).sort();

describe('an object cache', () => {
  it('holds the newest of what was put in, and finds by any index what a look at all objects finds', () => {
    const colour = fc.constantFrom('red', 'green', 'red,green', 'red,red');
    const name = fc.constantFrom('a1', 'a2', 'b1', 'b2');
    const step = fc.oneof(
      fc.record({ does: fc.constant('put' as const), name, version: fc.integer({ min: 8, max: 12 }), colour }),
      fc.record({ does: fc.constant('remove' as const), name }),
      fc.record({ does: fc.constant('look' as const), index: fc.constantFrom(...indexes) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const cache = new ObjectCache();
        const model = new Map<string, KubernetesObject>();
        for (const step of steps) {
          if (step.does === 'look') cache.by(step.index, 'red');
          else if (step.does === 'remove') {
            expect(cache.remove(key(step.name))).toBe(model.get(step.name));
            model.delete(step.name);
          } else {
            const object = pod(step.name, step.version, step.colour);
            const present = model.get(step.name);
            const isNewer = !present || step.version > Number(present.metadata.resourceVersion);
            expect(cache.put(object)).toBe(isNewer);
            if (isNewer) model.set(step.name, object);
          }
        }
        const all = [...model.values()];
        expect(described(cache.list())).toEqual(described(all));
        for (const index of indexes) {
          for (const value of values) {
            const expected = all.filter((object) => index(object).includes(value));
            expect(described(cache.by(index, value))).toEqual(described(expected));
          }
        }
      }),
    );
  });

  it('compares versions as numbers, however long', () => {
    const cache = new ObjectCache();
    cache.put(pod('a', 9));
    expect(cache.put(pod('a', 10))).toBe(true);
    const huge = { ...pod('a', 0), metadata: { ...pod('a', 0).metadata, resourceVersion: '90071992547409930' } };
    const huger = { ...huge, metadata: { ...huge.metadata, resourceVersion: '90071992547409931' } };
    expect([cache.put(huge), cache.put(huger), cache.put(huge)]).toEqual([true, true, false]);
  });

  it('lists one namespace', () => {
    const cache = new ObjectCache();
    cache.put(pod('a', 1));
    expect(cache.list('tasks')).toHaveLength(1);
    expect(cache.list('other')).toEqual([]);
  });

  it('lets nobody change what it holds, when it is told so', () => {
    const cache = new ObjectCache({ freeze: true });
    cache.put(pod('a', 1));
    const labels = cache.get(key('a'))!.metadata.labels as Record<string, string>;
    expect(() => (labels['colour'] = 'blue')).toThrow(TypeError);
  });
});
