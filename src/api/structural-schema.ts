import { z } from 'zod';
import type { ValidationRule } from './resource.ts';

/** The part of OpenAPI 3.0 that CRDs take ("structural schemas"), as far as it is used here. */
export interface StructuralSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly items?: StructuralSchema;
  readonly additionalProperties?: StructuralSchema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic';
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** What zod says otherwise is put in the words of CRDs. */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  const jsonSchema = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    // A bigint is an integer of an int-or-string, which says so itself.
    unrepresentable: ({ zodSchema }) => (zodSchema._zod.def.type === 'bigint' ? 'any' : 'throw'),
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
  return jsonSchema as StructuralSchema;
}

const allowsNull = (schema: z.core.JSONSchema.BaseSchema) => JSON.stringify(schema.anyOf ?? []).includes('null');
