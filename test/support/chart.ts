import { parseAllDocuments } from 'yaml';
import type { CommandLine } from './command-line.ts';

export const chart = 'charts/kafka-events';
export const release = 'release';
export const namespace = 'space';

/** A manifest as Helm or kustomize renders it. */
export interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly rules?: readonly Rule[];
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Whatever stands twice in a map is an error here, as it is to many who read what Helm renders. */
export function parseManifests(text: string): Rendered[] {
  const documents = parseAllDocuments(text, { uniqueKeys: true });
  for (const { errors } of documents) for (const error of errors) throw error;
  return documents.map((document) => document.toJS() as Rendered | null).filter((manifest) => manifest !== null);
}

/** What `helm template` makes of the chart with some arguments, such as --set=operator.replicas=1. */
export async function renderChart(
  line: CommandLine,
  args: readonly string[] = [],
  into: string = namespace,
): Promise<Rendered[]> {
  return parseManifests(await line.helm(['template', release, chart, `--namespace=${into}`, ...args]));
}

/** Kind and name: Deployment/release-operator */
export const titleOf = ({ kind, metadata }: Rendered) => `${kind}/${metadata.name}`;
