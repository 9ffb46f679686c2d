import { describe, expect, it } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { crdFolders, renderCrds } from '../../../src/api/generate-crds.ts';

interface Schema {
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

interface Crd {
  readonly spec: { readonly versions: [{ readonly schema: { readonly openAPIV3Schema: Schema } }] };
}

const crds = [...renderCrds()].map(([name, text]) => [name, text] as const);

describe('the CRDs', () => {
  describe.each(crdFolders)('in %s', (folder) => {
    it.each(crds)('%s is what the generator makes', async (name, text) => {
      expect(await readFile(`${folder}/${name}`, 'utf8')).toBe(text);
    });

    it('are all there is', async () => {
      const files = (await readdir(folder)).filter((name) => name !== 'kustomization.yaml');
      expect(files.sort()).toEqual(crds.map(([name]) => name).sort());
    });
  });

  it('are all in the kustomization', async () => {
    const { resources } = parse(await readFile('crds/kustomization.yaml', 'utf8')) as { resources: string[] };
    expect(resources.sort()).toEqual(crds.map(([name]) => name).sort());
  });

  it.each(crds)('%s describes every field', (_name, text) => {
    const schema = (parse(text) as Crd).spec.versions[0].schema.openAPIV3Schema;
    // The API server describes metadata itself, and takes nothing else about it.
    expect(undescribed(schema, '')).toEqual(['.metadata']);
  });
});

/** Paths of the fields that say nothing about themselves. */
function undescribed(schema: Schema, path: string): string[] {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(field.description ? [] : [`${path}.${name}`]),
    ...undescribed(field, `${path}.${name}`),
  ]);
  const items = schema.items ? undescribed(schema.items, `${path}[]`) : [];
  const values = schema.additionalProperties ? undescribed(schema.additionalProperties, `${path}{}`) : [];
  return [...fields, ...items, ...values];
}
