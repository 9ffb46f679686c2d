/** Writes charts/kafka-events/README.md from the chart's values.yaml. Part of `npm run generate`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlias, isMap, isScalar, parse, parseDocument, type Node, type Pair } from 'yaml';

const chart = join(import.meta.dirname, '../charts/kafka-events');
export const chartReadmeFile = join(chart, 'README.md');

interface Row {
  readonly path: string;
  readonly value: string;
  readonly description: string;
}

export function renderChartReadme(): string {
  const text = readFileSync(join(chart, 'values.yaml'), 'utf8');
  const { version, description, kubeVersion } = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) as Record<
    string,
    string
  >;
  const rows = rowsOf(parseDocument(text).contents, '');
  return `<!-- Generated from values.yaml by \`make generate\`; change it there. -->

# kafka-events ${version}

${description}. Needs Kubernetes ${kubeVersion?.replace('-0', '')} and Helm 3 or 4.

\`\`\`sh
helm install kafka-events charts/kafka-events --namespace kafka-events --create-namespace
\`\`\`

| values file                                                              | for                                                                |
| ------------------------------------------------------------------------ | ------------------------------------------------------------------ |
| [values-minikube.yaml](values-minikube.yaml)                             | Redpanda on a laptop with 8 GB and 4 CPUs                          |
| [values-apache-kafka.yaml](values-apache-kafka.yaml)                     | Apache Kafka from its public image                                 |
| [values-local-cluster.yaml](values-local-cluster.yaml)                   | the local cluster of this project, with images built there         |
| [values-local-cluster-redpanda.yaml](values-local-cluster-redpanda.yaml) | after the former: a stand-in for Redpanda in place of Apache Kafka |

See the [installation guide](../../docs/installation.md), and the [API reference](../../docs/api-reference.md) for the fields
of every \`spec\`.

## Values

${table(rows)}
`;
}

/** A row for each value; a comment on a map is told with the map, and maps that users fill are one row. */
function rowsOf(node: unknown, parent: string): Row[] {
  if (!isMap(node)) return [];
  return (node.items as Pair<Node, Node | null>[]).flatMap((pair, index) => {
    const name = String((pair.key as { value?: unknown }).value);
    const path = parent === '' ? name : `${parent}.${name}`;
    // The comment before the first key belongs to the map, as far as the parser can tell.
    const before = index === 0 ? (node.commentBefore ?? pair.key.commentBefore ?? '') : (pair.key.commentBefore ?? '');
    const description = clean(before);
    const value = pair.value;
    const isLeaf =
      !isMap(value) ||
      value.items.length === 0 ||
      path.endsWith('.spec') ||
      value.flow === true ||
      parent === 'eventTopics';
    if (isLeaf) return [{ path, value: valueOf(value), description }];
    const inner = rowsOf(value, path);
    return description === '' ? inner : [{ path, value: '', description }, ...inner];
  });
}

const clean = (comment: string) =>
  comment
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();

function valueOf(node: Node | null): string {
  if (node === null) return '`null`';
  if (isAlias(node)) return `as \`task-events\``;
  const value: unknown = isScalar(node) ? node.value : node.toJSON();
  return `\`${JSON.stringify(value)}\``;
}

function table(rows: readonly Row[]): string {
  const cells = rows.map(({ path, value, description }) => [
    `\`${path}\``,
    value,
    description.replaceAll('|', '\\|').replaceAll('<', '&lt;'),
  ]);
  const all = [['Value', 'Default', 'Description'], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [titles, ...rest] = all;
  return [line(titles!), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

if (import.meta.main) writeFileSync(chartReadmeFile, renderChartReadme());
