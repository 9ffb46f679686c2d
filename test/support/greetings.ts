import type { Condition, Resource } from '../../src/lib/kubernetes-object.ts';
import {
  conversionError,
  type ConvertibleKind,
  type VersionConversion,
} from '../../src/operator/runtime/conversion/convertible-kind.ts';
import type { CrdConversion } from '../../src/operator/runtime/conversion/crd-conversion.ts';
import type { ObjectKind } from '../../src/operator/runtime/object-kind.ts';

interface Status {
  readonly observedGeneration?: number;
  readonly conditions?: Condition[];
}

/** A kind that exists in tests only, in its first version. */
export type Greeting = Resource<{ name?: string; polite?: boolean; luckyNumber?: unknown }, Status>;

/** The same in its second: the name became an object, and the tone one of several. */
export type GreetingBeta = Resource<
  { recipient?: { name?: string; title?: string }; tone?: 'Polite' | 'Casual' | 'Poetic'; luckyNumber?: unknown },
  Status
>;

export const group = 'example.org';
const names = { kind: 'Greeting', plural: 'greetings' };
export const greetings: ObjectKind<Greeting> = { apiVersion: `${group}/v1alpha1`, ...names };
export const betaGreetings: ObjectKind<GreetingBeta> = { apiVersion: `${group}/v1beta1`, ...names };

/** Where the first version keeps what it has no field for. */
export const titleAnnotation = `${group}/title`;

const alpha: VersionConversion<GreetingBeta, Greeting> = {
  toHub: ({ metadata, spec: { name, polite, ...spec } = {}, ...object }) => {
    const { [titleAnnotation]: title, ...annotations } = metadata.annotations ?? {};
    const recipient = { ...(name !== undefined && { name }), ...(title !== undefined && { title }) };
    return {
      ...object,
      metadata: { ...metadata, annotations },
      spec: {
        ...spec,
        ...(Object.keys(recipient).length > 0 && { recipient }),
        ...(polite !== undefined && { tone: polite ? 'Polite' : 'Casual' }),
      },
    };
  },
  fromHub: ({ metadata, spec: { recipient: { name, title } = {}, tone, ...spec } = {}, ...object }) => {
    if (tone === 'Poetic') throw conversionError('spec.tone', 'v1alpha1 knows no "Poetic" greetings');
    const annotations = { ...metadata.annotations, ...(title !== undefined && { [titleAnnotation]: title }) };
    return {
      ...object,
      metadata: { ...metadata, annotations },
      spec: {
        ...spec,
        ...(name !== undefined && { name }),
        ...(tone !== undefined && { polite: tone === 'Polite' }),
      },
    };
  },
};

export const convertibleGreetings: ConvertibleKind = {
  group,
  kind: 'Greeting',
  hub: 'v1beta1',
  others: { v1alpha1: alpha },
};

const properties = (spec: object) => ({
  type: 'object',
  properties: {
    spec: { type: 'object', properties: { luckyNumber: { type: 'integer', format: 'int64' }, ...spec } },
    status: {
      type: 'object',
      properties: {
        observedGeneration: { type: 'integer' },
        conditions: { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    },
  },
});

const text = { type: 'string' };
const schemas = {
  v1alpha1: properties({ name: text, polite: { type: 'boolean' } }),
  v1beta1: properties({ recipient: { type: 'object', properties: { name: text, title: text } }, tone: text }),
};

/** @param stored the version that etcd holds */
export function greetingCrd(conversion: CrdConversion, stored: keyof typeof schemas) {
  return {
    metadata: { name: `${names.plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { ...names, singular: 'greeting' },
      conversion,
      versions: Object.entries(schemas).map(([name, openAPIV3Schema]) => ({
        name,
        served: true,
        storage: name === stored,
        schema: { openAPIV3Schema },
        subresources: { status: {} },
      })),
    },
  };
}
