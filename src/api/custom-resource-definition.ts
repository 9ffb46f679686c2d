import { group, version, type KindDefinition } from './resource.ts';
import { pendingStatus } from './shared.ts';
import { structuralSchema, type StructuralSchema } from './structural-schema.ts';

/** A plain object, ready for YAML or the API server. */
export interface CustomResourceDefinition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

export function customResourceDefinition(definition: KindDefinition): CustomResourceDefinition {
  const { kind, plural, shortName, scale, printerColumns } = definition;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        shortNames: [shortName],
        categories: ['kafka-events'],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: objectSchema(definition) },
          subresources: { status: {}, ...(scale && { scale: scaleSubresource }) },
          additionalPrinterColumns: printerColumns,
        },
      ],
    },
  };
}

const scaleSubresource = {
  specReplicasPath: '.spec.replicas',
  statusReplicasPath: '.status.replicas',
  labelSelectorPath: '.status.selector',
};

/** The schema of a whole object of the kind. */
export function objectSchema({ description, spec, status, rules }: KindDefinition): StructuralSchema {
  return {
    type: 'object',
    description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string', description: 'Version of the schema of this object.' },
      kind: { type: 'string', description: 'Kind of this object.' },
      // The API server takes no description here, and has its own.
      metadata: { type: 'object' },
      spec: structuralSchema(spec),
      status: { ...structuralSchema(status), default: pendingStatus },
    },
    ...(rules && { 'x-kubernetes-validations': rules }),
  };
}
