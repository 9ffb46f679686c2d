import { z } from 'zod';
import { group, version, type KindDefinition } from './resource.ts';
import { pendingStatus } from './shared.ts';

/** Makes the CustomResourceDefinition of a kind, as a plain object ready for YAML. */
export function customResourceDefinition(definition: KindDefinition): object {
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

function objectSchema({ description, spec, status, rules }: KindDefinition): object {
  return {
    type: 'object',
    description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string', description: 'Version of the schema of this object.' },
      kind: { type: 'string', description: 'Kind of this object.' },
      metadata: { type: 'object' },
      spec: structuralSchema(spec),
      status: { ...structuralSchema(status), default: pendingStatus },
    },
    ...(rules && { 'x-kubernetes-validations': rules }),
  };
}

/** CRDs take a part of OpenAPI 3.0 ("structural schemas"): what zod says otherwise is put in their words. */
function structuralSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema['x-kubernetes-int-or-string']) {
        if (allowsNull(jsonSchema)) jsonSchema['nullable'] = true;
        delete jsonSchema.anyOf;
      }
      if (jsonSchema['x-kubernetes-preserve-unknown-fields']) delete jsonSchema.additionalProperties;
      // zod bounds every integer by what JavaScript can count.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
}

const allowsNull = (schema: z.core.JSONSchema.BaseSchema) => JSON.stringify(schema.anyOf ?? []).includes('null');
