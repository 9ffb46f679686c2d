import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';

describe('the permissions of the operator', () => {
  it('are the same in the chart and in the kustomization', async () => {
    const chart = await clusterRules('charts/kafka-events/templates/operator-rbac.yaml');
    expect(chart.length).toBeGreaterThan(5);
    expect(await clusterRules('config/rbac/operator.yaml')).toEqual(chart);
  });

  it('are of verbs and resources by name', async () => {
    const rules = await clusterRules('config/rbac/operator.yaml');
    expect(rules.flatMap((rule) => Object.values(rule).flat()).filter((name) => name.includes('*'))).toEqual([]);
  });
});

type Rule = Readonly<Record<'apiGroups' | 'resources' | 'verbs', readonly string[]>>;

/** Of the ClusterRole; a template's rules are plain YAML, though the file as a whole is not. */
async function clusterRules(file: string): Promise<Rule[]> {
  const text = await readFile(file, 'utf8');
  const rules = /kind: ClusterRole\n[^]*?^rules:\n((?: .*\n)+)/m.exec(text)?.[1] ?? '';
  return parse(rules) as Rule[];
}
