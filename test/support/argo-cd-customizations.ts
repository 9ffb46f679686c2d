import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const [, block = ''] = /```yaml\n(\s+data:[\s\S]*?)```/.exec(readFileSync('docs/gitops.md', 'utf8')) ?? [];

/** The data that docs/gitops.md adds to the ConfigMap argocd-cm. */
export const argoCdData = (parse(block) as { readonly data: Readonly<Record<string, string>> }).data;

/** What Argo CD reads as its customizations from it, a YAML document. */
export const argoCdCustomizations = argoCdData['resource.customizations'] ?? '';
