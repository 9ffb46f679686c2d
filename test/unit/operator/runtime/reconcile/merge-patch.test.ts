import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergePatch, type JsonObject } from '../../../../../src/operator/runtime/reconcile/merge-patch.ts';

/** RFC 7386, as its pseudocode has it. */
function applied(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const fields = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) fields.delete(name);
    else fields.set(name, applied(fields.get(name), value));
  }
  return Object.fromEntries(fields);
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Few names, so that two documents have some in common; odd ones among them. */
const name = fc.constantFrom('conditions', 'a', 'b', '', '__proto__', 'constructor', 'length');
const { object } = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('x', 'y', 0, 1, true, 2 ** 53),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc
    .uniqueArray(fc.tuple(name, tie('value')), { maxLength: 4, selector: ([key]) => key })
    .map((entries) => Object.fromEntries(entries)),
}));

describe('a merge patch', () => {
  it('turns the one into the other, once it has gone over the wire', () => {
    fc.assert(
      fc.property(object, object, (from, to) => {
        const patch = mergePatch(from, to) ?? {};
        expect(applied(from, JSON.parse(JSON.stringify(patch)))).toEqual(to);
      }),
    );
  });

  it('is none exactly when the two are equal', () => {
    fc.assert(
      fc.property(object, object, (from, to) => {
        expect(mergePatch(from, structuredClone(from))).toBeUndefined();
        expect(mergePatch(from, to) === undefined).toBe(isDeepEqual(from, to));
      }),
    );
  });

  it('names what differs, and nothing else', () => {
    const from = { topicName: 'orders', partitions: 3, brokers: { desired: 3, ready: 2 }, differences: ['by hand'] };
    const to = { topicName: 'orders', partitions: 3, brokers: { desired: 3, ready: 3 }, clusterId: undefined };
    expect(mergePatch(from, to)).toEqual({ brokers: { ready: 3 }, differences: null });
  });

  it('replaces arrays as a whole', () => {
    expect(mergePatch({ list: [{ type: 'Ready' }, { type: 'Stalled' }] }, { list: [{ type: 'Ready' }] })).toEqual({
      list: [{ type: 'Ready' }],
    });
  });

  it('takes null and undefined for no field at all', () => {
    expect(mergePatch({}, { a: null, b: undefined, c: [{ d: undefined }] })).toEqual({ c: [{ d: undefined }] });
    expect(mergePatch({ c: [{}] }, { a: null, b: undefined, c: [{ d: undefined }] })).toBeUndefined();
  });
});

const isDeepEqual = (one: unknown, other: unknown) => sorted(one) === sorted(other);

function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}:${sorted(part)}`);
  return `{${fields.sort().join()}}`;
}
