import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { customResourceDefinition } from './custom-resource-definition.ts';
import { kinds } from './kinds.ts';
import { group } from './resource.ts';

const heading = '# Generated from src/api by `make generate`; change it there.\n';

/** Where they are: for kubectl and kustomize, and for Helm, which takes them from within a chart only. */
export const crdFolders = ['crds', 'charts/kafka-events/crds'] as const;

/** YAML 1.1 quotes what the parser of kubectl and Helm would take for a time. */
const format = { schema: 'yaml-1.1', lineWidth: 120, aliasDuplicateObjects: false } as const;

/** The files of each of these folders: name to text. */
export function renderCrds(): Map<string, string> {
  return new Map(
    kinds.map((definition) => [
      `${group}_${definition.plural}.yaml`,
      heading + stringify(customResourceDefinition(definition), format),
    ]),
  );
}

if (import.meta.main) {
  for (const path of crdFolders) {
    const folder = join(import.meta.dirname, '../..', path);
    await mkdir(folder, { recursive: true });
    for (const [name, text] of renderCrds()) await writeFile(join(folder, name), text);
  }
}
