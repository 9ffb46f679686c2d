/** Writes docs/api-reference.md: what `kubectl explain` tells, on one page. Part of `npm run generate`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { objectSchema } from './custom-resource-definition.ts';
import { kinds } from './kinds.ts';
import { fieldRows, ruleMessages, type FieldRow } from './reference-fields.ts';
import { apiVersion, type KindDefinition } from './resource.ts';

export const referenceFile = 'docs/api-reference.md';

const heading = `<!-- Generated from src/api by \`make generate\`; change it there. -->

# The custom resources, field by field

All kinds are of \`apiVersion: ${apiVersion}\`, namespaced, and in the category \`kafka-events\`:
\`kubectl get kafka-events\` lists them all. \`kubectl explain eventtopic.spec.partitions\` tells the same as the tables
here. The conditions are those of kstatus: Ready always, with the cause and the fix in \`reason\` and \`message\`;
Reconciling or Stalled while it is not. Until the operator has looked at a resource, Ready is Unknown and its reason
Pending.
`;

export function renderReference(): string {
  return [heading, ...kinds.map(kindSection)].join('\n');
}

function kindSection(definition: KindDefinition): string {
  const { kind, plural, shortName, description, scale } = definition;
  const schema = objectSchema(definition);
  const { spec = {}, status = {} } = schema.properties ?? {};
  const scaling = scale ? ' `kubectl scale` and autoscalers set `spec.replicas`.' : '';
  return (
    [
      `## ${kind}`,
      `${description} In kubectl: \`${plural}\`, \`${kind.toLowerCase()}\` or \`${shortName}\`.${scaling}`,
      table(['Field', 'Type', 'Default', 'Allowed', 'Description'], fieldRows(spec, 'spec').map(specCells)),
      'Validation errors:',
      ruleMessages(schema)
        .map((message) => `- ${message}`)
        .join('\n'),
      'Status:',
      table(['Field', 'Type', 'Description'], fieldRows(status, 'status').map(statusCells)),
      '',
    ]
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

const specCells = ({ path, type, otherwise, allowed, description }: FieldRow) => [
  `\`${path}\``,
  type,
  otherwise,
  allowed,
  description,
];

const statusCells = ({ path, type, description }: FieldRow) => [`\`${path}\``, type, description];

/** As prettier lays it out: columns as wide as their widest cell. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, column) =>
    Math.max(...[titles, ...rows].map((row) => row[column]?.length ?? 0), title.length),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(titles), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

if (import.meta.main) await writeFile(join(import.meta.dirname, '../..', referenceFile), renderReference());
