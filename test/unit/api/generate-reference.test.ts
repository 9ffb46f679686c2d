import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { referenceFile, renderReference } from '../../../src/api/generate-reference.ts';
import { fieldRows, ruleMessages } from '../../../src/api/reference-fields.ts';
import { structuralSchema } from '../../../src/api/structural-schema.ts';
import { z } from 'zod';

describe('the reference', () => {
  it('is what the generator makes', async () => {
    expect(await readFile(referenceFile, 'utf8')).toBe(renderReference());
  });
});

describe('a field of the reference', () => {
  const schema = structuralSchema(
    z.object({
      engine: z.enum(['Kafka', 'External']).default('Kafka').meta({ description: 'What runs.' }),
      brokers: z.int().min(1).max(9).meta({ description: 'How many.' }),
      name: z.string().min(1).max(8).regex(/^a|b$/).optional(),
      delays: z.array(z.int().min(0)).min(1).max(4).default([0]),
      volume: z.object({ size: z.string().default('1Gi') }).prefault({}),
      servers: z.array(z.object({ host: z.string() })).optional(),
      labels: z.record(z.string(), z.string()).optional(),
    }),
  );
  const rows = new Map(fieldRows(schema, 'spec').map(({ path, ...row }) => [path, row]));

  it.each([
    ['engine', { type: 'string', otherwise: '`"Kafka"`', allowed: '`Kafka`, `External`', description: 'What runs.' }],
    ['brokers', { type: 'integer', otherwise: 'required', allowed: '1 to 9', description: 'How many.' }],
    ['name', { otherwise: '', allowed: '1 to 8 characters; `^a\\|b$`' }],
    ['delays', { type: 'list of integer', otherwise: '`[0]`', allowed: '1 to 4 items; each 0 or more' }],
    ['volume', { type: 'object', otherwise: '', allowed: '' }],
    ['volume.size', { otherwise: '`"1Gi"`' }],
    ['servers[].host', { type: 'string', otherwise: 'required' }],
    ['labels', { type: 'map of string' }],
  ])('tells of %s', (name, row) => {
    expect(rows.get(`spec.${name}`)).toMatchObject(row);
  });

  it('tells each rule once, those of its own fields after it', () => {
    const rule = (message: string) => ({ 'x-kubernetes-validations': [{ rule: 'true', message }] });
    const name = { ...rule('no dots'), type: 'string' } as const;
    const properties = { first: name, second: name, list: { items: { properties: { third: rule('third') } } } };
    expect(ruleMessages({ ...rule('whole'), properties })).toEqual(['whole', 'no dots', 'third']);
  });
});
