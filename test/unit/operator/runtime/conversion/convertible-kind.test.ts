import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  convertObject,
  type ConvertibleKind,
} from '../../../../../src/operator/runtime/conversion/convertible-kind.ts';
import { assertRoundTrips } from '../../../../../src/operator/runtime/testing/round-trips.ts';
import {
  convertibleGreetings,
  titleAnnotation,
  type Greeting,
  type GreetingBeta,
} from '../../../../support/greetings.ts';

const metadata: Greeting['metadata'] = {
  name: 'hello',
  namespace: 'default',
  uid: '00000000-0000-4000-8000-000000000001',
  resourceVersion: '7',
  creationTimestamp: '2026-01-01T00:00:00Z',
  finalizers: ['example.org/greeting'],
};

const greeting = (apiVersion: string, spec: object, more: object = {}) =>
  ({ apiVersion: `example.org/${apiVersion}`, kind: 'Greeting', metadata: { ...metadata, ...more }, spec }) as Greeting;

const convert = (object: Greeting, version: string, kind = convertibleGreetings) =>
  convertObject(kind, object, `example.org/${version}`);

describe('convertObject', () => {
  it('translates what has another form', () => {
    expect(convert(greeting('v1alpha1', { name: 'Ada', polite: true }), 'v1beta1')).toEqual(
      greeting('v1beta1', { recipient: { name: 'Ada' }, tone: 'Polite' }),
    );
    expect(convert(greeting('v1beta1', { recipient: { name: 'Ada', title: 'Countess' } }), 'v1alpha1')).toEqual(
      greeting('v1alpha1', { name: 'Ada' }, { annotations: { [titleAnnotation]: 'Countess' } }),
    );
  });

  it('changes no object that it is given', () => {
    const given = Object.freeze(greeting('v1alpha1', Object.freeze({ name: 'Ada' })));
    Object.freeze(given.metadata);
    expect(convert(given, 'v1beta1').apiVersion).toBe('example.org/v1beta1');
    expect(given.apiVersion).toBe('example.org/v1alpha1');
  });

  it('goes by way of the hub from one other version to a second', () => {
    const [v1, v2] = [
      { toHub: mark('v1 up'), fromHub: mark('v1 down') },
      { toHub: mark('v2 up'), fromHub: mark('v2 down') },
    ];
    const kind = { ...convertibleGreetings, hub: 'v3', others: { v1, v2 } };
    const converted = convert(greeting('v1', { way: [] }), 'v2', kind) as Greeting;
    expect(converted).toEqual(greeting('v2', { way: ['v1 up', 'v2 down'] }));
  });

  it('names the object, the field and the reason when there is no such form', () => {
    const poetic = greeting('v1beta1', { recipient: { name: 'Ada' }, tone: 'Poetic' });
    expect(() => convert(poetic, 'v1alpha1')).toThrow(
      expect.objectContaining({
        code: 'CannotConvert',
        message:
          'cannot convert Greeting default/hello from example.org/v1beta1 to example.org/v1alpha1: ' +
          'spec.tone: v1alpha1 knows no "Poetic" greetings',
        details: { field: 'spec.tone' },
      }),
    );
  });

  it.each([
    ['to', greeting('v1alpha1', { name: 'Ada' }), 'v2'],
    ['from', greeting('v2', { name: 'Ada' }), 'v1alpha1'],
    ['from and to', greeting('v2', { name: 'Ada' }), 'v2'],
    ['to one that only JavaScript knows', greeting('v1alpha1', { name: 'Ada' }), 'constructor'],
  ])('refuses to convert %s a version that it does not know', (_, object, version) => {
    expect(() => convert(object, version)).toThrow(expect.objectContaining({ code: 'UnknownVersion' }));
  });

  it.each([
    ['a name', { name: 'other' }, 'metadata.name'],
    ['a finalizer', { finalizers: [] }, 'metadata.finalizers'],
    ['a new field', { deletionTimestamp: '2026-01-01T00:00:00Z' }, 'metadata.deletionTimestamp'],
  ])('refuses a conversion that changes %s', (_, change, field) => {
    const meddling = (object: Greeting) => ({ ...object, metadata: { ...object.metadata, ...change } });
    const kind: ConvertibleKind = {
      ...convertibleGreetings,
      others: { v1alpha1: { toHub: meddling, fromHub: meddling } },
    };
    expect(() => convert(greeting('v1alpha1', {}), 'v1beta1', kind)).toThrow(
      expect.objectContaining({ code: 'MetadataChanged', details: { field } }),
    );
  });

  const maps = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.string(), { minKeys: 1 });
  const metadatas = fc.record({ labels: maps, annotations: maps }, { requiredKeys: [] });
  const number = { luckyNumber: fc.maxSafeInteger() };
  const alphaSpecs = fc.record({ name: fc.string(), polite: fc.boolean(), ...number }, { requiredKeys: [] });
  const tones = fc.constantFrom<('Polite' | 'Casual')[]>('Polite', 'Casual');
  const recipients = fc
    .record({ name: fc.string(), title: fc.string() }, { requiredKeys: [] })
    .filter((recipient) => Object.keys(recipient).length > 0);
  const betaSpecs: fc.Arbitrary<GreetingBeta['spec']> = fc.record(
    { recipient: recipients, tone: tones, ...number },
    { requiredKeys: [] },
  );
  // Only the first version has a use for the annotation.
  const titled = fc.record({ annotations: fc.record({ [titleAnnotation]: fc.string() }) });

  it('loses nothing on the way there and back', () => {
    const objects = fc.oneof(
      fc.tuple(fc.constant('v1alpha1'), alphaSpecs, fc.oneof(metadatas, titled)),
      fc.tuple(fc.constant('v1beta1'), betaSpecs, metadatas),
    );
    fc.assert(
      fc.property(objects, ([version, spec, more]) =>
        assertRoundTrips(convertibleGreetings, greeting(version, spec, more)),
      ),
    );
  });

  it('is seen when something is lost', () => {
    const forgetful = {
      toHub: mark('up'),
      fromHub: ({ metadata: { ...kept }, ...object }: Greeting) => ({ ...object, metadata: kept, spec: {} }),
    };
    const kind = { ...convertibleGreetings, others: { v1alpha1: forgetful } } as ConvertibleKind;
    expect(() => assertRoundTrips(kind, greeting('v1alpha1', { way: [] }))).toThrow(/deep/);
  });
});

/** A translation that leaves a trace. */
const mark =
  (trace: string) =>
  (object: object): Greeting => {
    const { spec, ...rest } = object as Greeting & { spec: { way: string[] } };
    return { ...rest, spec: { ...spec, way: [...spec.way, trace] } } as Greeting;
  };
