import { describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { openApiDocument } from '../../../src/chat-api/http/openapi.ts';
import { documentedCommands, documents, exampleFiles, type DocumentedCommand } from '../../support/documents.ts';
import { simpleCommands } from '../../support/shell-words.ts';

/** Every command of every document: that it parses, and that whatever it names exists. Those that can run here are run in
    test/integration/docs and test/integration/chat-api. */
const commands = documentedCommands();
const where = ({ document, line, text }: DocumentedCommand) => `${document}:${line}: ${text}`;

describe('simpleCommands', () => {
  it.each([
    [`a 'b c' "d e" f\\ g`, [['a', 'b c', 'd e', 'f g']]],
    ['A=1 b | c && d; e >f &', [['b'], ['c'], ['d'], ['e']]],
    [
      `T=$(get 'x y' | base64) put "$(now +%F)" # no`,
      [['get', 'x y'], ['base64'], ['now', '+%F'], ['put', '$(now +%F)']],
    ],
  ])('takes %s apart', (line, expected) => {
    expect(simpleCommands(line)).toEqual(expected);
  });
});

it('There are commands in many documents', () => {
  expect(commands.length).toBeGreaterThan(100);
  expect(new Set(commands.map(({ document }) => document)).size).toBeGreaterThan(15);
});

it('Every block is valid shell', async () => {
  // One process for all of them: a line that ends early would swallow the next.
  const script = commands
    .filter(({ pasted }) => pasted)
    .map(({ text }) => text.replace(/<[^<>\s][^<>]*>/g, 'placeholder'));
  await execa('bash', ['-n'], { input: script.join('\n') });
});

it('Every command names only what exists', () => {
  const created = namesCreatedBy(commands);
  const problems = commands.flatMap((command) =>
    simpleCommands(command.text).flatMap((words) =>
      problemsOf(words, command, created).map((problem) => `${where(command)}: ${problem}`),
    ),
  );
  expect(problems).toEqual([]);
});

it.each([
  ['make cluster-up', /no target cluster-up/],
  ['make demo CONTXT=minikube', /nothing reads CONTXT/],
  ['kubectl get eventtopics', /no namespace/],
  ['kubectl get eventtopicz --namespace kafka-events', /no kind eventtopicz/],
  ['kubectl wait eventcluster/evnts --for=condition=Ready --namespace kafka-events', /no eventcluster\/evnts/],
  ['kubectl apply --filename examples/99-none.yaml --namespace kafka-events', /no file examples\/99-none.yaml/],
  ['helm install a charts/kafka-event --namespace kafka-events', /no file charts\/kafka-event/],
  [
    'helm install a charts/kafka-events --namespace kafka-events --set chatApi.spec.replica=2',
    /no value chatApi.spec.replica/,
  ],
  ['helm list', /no namespace/],
  ['npm run generat', /no script generat/],
  ['curl "$API/v1/tsks"', /no address \/v1\/tsks/],
  ['kubctl get pods', /no program kubctl/],
])('A test that fails: %s', (text, message) => {
  const command = { document: 'README.md', line: 1, text, pasted: true };
  expect(
    simpleCommands(text)
      .flatMap((words) => problemsOf(words, command, new Set()))
      .join(),
  ).toMatch(message);
});

describe('Every document', () => {
  it.each(documents)('%s links to what exists', (document) => {
    const text = proseOf(document).replace(/`[^`\n]+`/g, 'code');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = links.filter(
      (target) => !/^(https?:|mailto:)/.test(target) && !linkLeadsSomewhere(document, target),
    );
    expect(broken).toEqual([]);
  });

  it.each(documents)('%s names files and values that exist', (document) => {
    const codes = [...proseOf(document).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
    const missing = codes.filter((code) => isMissingFile(code) || isMissingValue(code));
    expect(missing).toEqual([]);
  });
});

// ── what exists

const makefile = readFileSync('Makefile', 'utf8');
const targets = new Set(
  [...makefile.matchAll(/^([a-z][\w -]*):(?!=)/gm)].flatMap(([, names = '']) => names.split(' ')),
);
const scripts = new Set(Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts));
/** Where variables that are given to make are read. */
const settings = [
  makefile,
  ...['localcluster', 'demo', 'test'].flatMap((folder) =>
    globSync(`${folder}/**/*.ts`, { exclude: (name) => String(name).endsWith('commands.test.ts') }).map((file) =>
      readFileSync(file, 'utf8'),
    ),
  ),
].join('\n');

interface CustomResourceDefinition {
  readonly spec: {
    readonly names: { readonly plural: string; readonly singular: string; readonly shortNames: string[] };
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
  };
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
}

const definitions = globSync('crds/kafka-events.dev_*.yaml').map(
  (file) => parse(readFileSync(file, 'utf8')) as CustomResourceDefinition,
);
const ownKinds = definitions.flatMap(({ spec: { names } }) => [names.plural, names.singular, ...names.shortNames]);
const namespacedKinds = new Set([
  ...ownKinds,
  'kafka-events',
  ...['pod', 'service', 'secret', 'deployment', 'statefulset', 'job', 'cronjob', 'configmap', 'pvc'].flatMap((kind) => [
    kind,
    `${kind}s`,
  ]),
]);
const clusterKinds = new Set(['namespace', 'namespaces', 'crd', 'crds', 'node', 'nodes']);

const singularOf = (kind: string) => {
  const own = definitions.find(({ spec: { names } }) => [names.plural, ...names.shortNames].includes(kind));
  return own?.spec.names.singular ?? kind.replace(/s$/, '');
};

/** What the chart makes under its default names in a release called kafka-events, and what the operator makes of that. */
const chartNames = [
  ...['eventcluster/events', 'eventtopic/task-events', 'eventtopic/task-updates', 'eventtopic/reminders'],
  ...['chatapi/chat-api', 'deployment/chat-api', 'service/chat-api', 'secret/chat-api-tokens'],
  ...['reminderconsumer/reminder-worker', 'deployment/reminder-worker', 'deployment/kafka-events-operator'],
  ...['pod/events-0', 'pod/kafka-events-postgresql-0', 'secret/kafka-events-postgresql'],
  ...['cronjob/kafka-events-postgresql-backup', 'cronjob/kafka-events-postgresql-restore', 'namespace/kafka-events'],
];

const exampleNames = exampleFiles
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => parseAllDocuments(readFileSync(file, 'utf8')))
  .map((document) => document.toJS() as { kind: string; metadata: { name: string } })
  .flatMap(({ kind, metadata: { name } }) => [
    `${kind.toLowerCase()}/${name}`,
    ...(kind === 'EventUser' ? [`secret/${name}`] : []),
    ...(kind === 'ChatApi' ? [`service/${name}`, `deployment/${name}`] : []),
  ]);

/** Names that a document has readers create: kubectl create secret generic NAME, kubectl create job NAME. */
function namesCreatedBy(list: readonly DocumentedCommand[]): Set<string> {
  const names = list
    .flatMap(({ text }) => simpleCommands(text))
    .flatMap(([program, verb, ...rest]) => (program === 'kubectl' && verb === 'create' ? [positional(rest)] : []))
    .map(([kind, ...more]) => `${kind}/${kind === 'secret' ? more[1] : more[0]}`);
  return new Set(names);
}

const known = (created: ReadonlySet<string>, name: string) =>
  created.has(name) || chartNames.includes(name) || exampleNames.includes(name) || /\$|</.test(name);

// ── what a command may name

function problemsOf(words: readonly string[], command: DocumentedCommand, created: ReadonlySet<string>): string[] {
  const [program = '', ...args] = words;
  if (program === 'for' || program === 'done') return [];
  if (program === 'do') return problemsOf(args, command, created);
  const name = program.split('/').at(-1)!;
  const check = checks[name];
  if (check) return check(args, command, created);
  return otherPrograms.has(name) ? missingFiles(args, command) : [`no program ${name}`];
}

type Check = (args: readonly string[], command: DocumentedCommand, created: ReadonlySet<string>) => string[];

const otherPrograms = new Set([
  ...['git', 'cd', 'export', 'echo', 'tail', 'dirname', 'pgrep', 'nsenter', 'ctr', 'nft', 'openssl', 'date', 'base64'],
  ...['rm', 'pip', 'node', 'java', 'python3', 'cosign', 'apt-get', 'go', 'npx', 'kind', 'gh', 'sha256sum', 'tar'],
  'kafka-console-consumer.sh',
]);

const checks: Readonly<Record<string, Check>> = {
  make: (args) =>
    args.flatMap((word, index) => {
      const variable = /^([A-Z_]+)=/.exec(word)?.[1];
      if (variable !== undefined)
        return new RegExp(`\\b${variable}\\b`).test(settings) ? [] : [`nothing reads ${variable}`];
      if (word.startsWith('-') || args[index - 1] === '-C') return [];
      return targets.has(word) ? [] : [`no target ${word}`];
    }),
  npm: ([verb, script]) => (verb === 'run' && !scripts.has(script ?? '') ? [`no script ${script}`] : []),
  kubectl: (args, command, created) => [
    ...kubectlProblems(args, command, created),
    ...missingFiles(valuesOf(args, ['--filename', '--kustomize']), command),
  ],
  helm: (args, command) => {
    const [verb = '', release] = positional(args);
    const needsNamespace = !['lint', 'package', 'show', 'pull'].includes(verb) && release !== undefined;
    return [
      ...(helmVerbs.has(verb) ? [] : [`helm has no ${verb}`]),
      ...((needsNamespace || verb === 'list') && command.pasted && !hasNamespace(args) ? ['no namespace'] : []),
      ...missingFiles([...positional(args), ...valuesOf(args, ['--values'])], command),
      ...valuesOf(args, ['--set'])
        .flatMap((value) => value.split(','))
        .map((value) => value.split('=')[0]!)
        .filter((path) => !valueExists(path))
        .map((path) => `no value ${path}`),
    ];
  },
  curl: (args) =>
    args
      .filter((word) => /^(\$API|http:\/\/localhost)/.test(word))
      .map((word) =>
        word
          .replace(/^(\$API|http:\/\/localhost:\d+)/, '')
          .replace(/\?.*/, '')
          .replace('$ID', '{id}'),
      )
      .filter((path) => !addresses.has(path))
      .map((path) => `no address ${path}`),
  docker: (args, command) => (args[0] === 'build' ? missingFiles(args.slice(-1), command) : []),
  podman: (args, command) => (args[0] === 'build' ? missingFiles(args.slice(-1), command) : []),
  minikube: ([verb = '']) => (['start', 'image', 'delete', 'ip'].includes(verb) ? [] : [`minikube has no ${verb}`]),
};

const addresses = new Set([
  ...Object.keys(openApiDocument()['paths'] as object),
  ...['', '/openapi.json', '/outbox/set-aside', '/metrics'],
]);

const helmVerbs = new Set([
  ...[
    'install',
    'upgrade',
    'uninstall',
    'template',
    'test',
    'lint',
    'list',
    'rollback',
    'package',
    'show',
    'status',
    'pull',
  ],
]);
const kubectlVerbs = new Set([
  ...['get', 'describe', 'wait', 'apply', 'create', 'delete', 'patch', 'annotate', 'scale', 'label', 'explain', 'logs'],
  ...['port-forward', 'exec', 'config', 'kustomize', 'rollout', 'cp', 'run'],
]);

function kubectlProblems(all: readonly string[], command: DocumentedCommand, created: ReadonlySet<string>): string[] {
  // What stands behind -- is a command of the pod's.
  const args = all.includes('--') ? all.slice(0, all.indexOf('--')) : all;
  const [verb = '', ...rest] = positional(args);
  if (!kubectlVerbs.has(verb)) return [`kubectl has no ${verb}`];
  if (['config', 'kustomize'].includes(verb)) return [];
  if (verb === 'explain') {
    return rest.filter((path) => !namespacedKinds.has(path.split('.')[0]!)).map((path) => `no kind ${path}`);
  }
  if (verb === 'apply' || (verb === 'create' && rest.length === 0) || (verb === 'delete' && rest.length === 0)) {
    const files = valuesOf(args, ['--filename']).filter((file) => file !== '-' && existsSync(file));
    const needs = files.some((file) => !namesItsNamespaces(file));
    return needs && command.pasted && !hasNamespace(args) ? ['no namespace'] : [];
  }
  const resources = resourcesOf(verb, rest);
  const kinds = resources.flatMap(({ kind }) => kind.split(','));
  const names = resources.filter(({ kind, name }) => name !== undefined && !kind.includes(','));
  return [
    ...kinds.filter((kind) => !namespacedKinds.has(kind) && !clusterKinds.has(kind)).map((kind) => `no kind ${kind}`),
    ...(kinds.some((kind) => namespacedKinds.has(kind)) && command.pasted && !hasNamespace(args)
      ? ['no namespace']
      : []),
    ...(verb === 'create'
      ? []
      : names
          .map(({ kind, name }) => `${singularOf(kind)}/${name}`)
          .filter((name) => !known(created, name))
          .map((name) => `no ${name}`)),
  ];
}

/** `pod/a service/b`, `pods`, `pod a`, `a,b --all`; of exec and logs, a name alone is a pod. */
function resourcesOf(verb: string, words: readonly string[]): { kind: string; name?: string }[] {
  if (verb === 'create') return words.length === 0 ? [] : [{ kind: words[0]! }];
  const slashed = words.filter((word) => word.includes('/') && !word.includes('='));
  if (slashed.length > 0) return slashed.map((word) => ({ kind: word.split('/')[0]!, name: word.split('/')[1]! }));
  const [first, second] = words;
  if (first === undefined) return [];
  if (verb === 'exec' || verb === 'logs') return [{ kind: 'pod', name: first }];
  return [{ kind: first, ...(second !== undefined && !/[:=]/.test(second) && { name: second }) }];
}

const namesItsNamespaces = (file: string) =>
  parseAllDocuments(readFileSync(file, 'utf8'))
    .map((document) => document.toJS() as { kind: string; metadata: { namespace?: string } })
    .every(({ kind, metadata }) => kind === 'Namespace' || metadata.namespace !== undefined);

const hasNamespace = (args: readonly string[]) =>
  args.some((word) => /^(--namespace(=|$)|-n$|--all-namespaces$|-A$)/.test(word));

/** Flags whose value is the next word. */
const flagsWithValue = new Set([
  ...['--namespace', '-n', '--filename', '-f', '--kustomize', '-k', '--values', '--set', '--output', '-o', '--for'],
  ...['--type', '--patch', '--version', '--tag', '--context', '--selector', '-l', '--timeout', '--destination'],
]);

function positional(args: readonly string[]): string[] {
  return args.filter((word, index) => !word.startsWith('-') && !flagsWithValue.has(args[index - 1] ?? ''));
}

function valuesOf(args: readonly string[], flags: readonly string[]): string[] {
  return args.flatMap((word, index) => {
    if (flags.includes(word)) return [args[index + 1] ?? ''];
    const flag = flags.find((each) => word.startsWith(`${each}=`));
    return flag === undefined ? [] : [word.slice(flag.length + 1)];
  });
}

const topFolders = /^\.?\/?(src|docs|charts|config|crds|examples|schemas|demo|localcluster|test|build|\.github)\//;

/** Files are named from the project's folder; in an example, also from its own. */
function missingFiles(args: readonly string[], { document }: DocumentedCommand): string[] {
  return args
    .filter((word) => topFolders.test(word) || /^[\w-]+\.(ts|py|java|yaml)$/i.test(word))
    .filter((word) => !/[<>$*]/.test(word) && !word.startsWith('build/'))
    .filter((word) => !existsSync(word) && !existsSync(join(dirname(document), word)))
    .map((word) => `no file ${word}`);
}

// ── what a sentence may name

/** Without blocks of code, and without what quotes the layout of a repository of the reader's. */
const proseOf = (document: string) => readFileSync(document, 'utf8').replace(/^ *```[\s\S]*?^ *```$/gm, '');

function isMissingFile(code: string): boolean {
  if (!topFolders.test(code) || /[\s<>*$]|\.\.\./.test(code) || code.startsWith('build/')) return false;
  const alternatives = /^(.*)\{([^}]+)\}(.*)$/.exec(code);
  const paths = alternatives
    ? alternatives[2]!.split(',').map((each) => `${alternatives[1]}${each}${alternatives[3]}`)
    : [code];
  return paths.some((path) => !existsSync(path));
}

const values = parse(readFileSync('charts/kafka-events/values.yaml', 'utf8'), { merge: true }) as Record<
  string,
  unknown
>;
const firstNames = Object.keys(values).join('|');
const valuePath = new RegExp(`^(?:${firstNames})\\.[A-Za-z][\\w.-]*(?:\\[\\d+\\][\\w.-]*)?`);

function isMissingValue(code: string): boolean {
  const path = valuePath.exec(code)?.[0];
  return path !== undefined && !/\.(md|ts|yaml|json)$/.test(path) && !valueExists(path.replace(/\.$/, ''));
}

const specs: readonly [prefix: RegExp, kind: string][] = [
  [/^eventCluster\.spec\b\.?/, 'eventcluster'],
  [/^eventTopics\.[\w-]+\.?/, 'eventtopic'],
  [/^chatApi\.spec\b\.?/, 'chatapi'],
  [/^reminderConsumer\.spec\b\.?/, 'reminderconsumer'],
];

function valueExists(path: string): boolean {
  const spec = specs.find(([prefix]) => prefix.test(path));
  if (spec) return isInSchema(specSchema(spec[1]), path.replace(spec[0], '').split('.').filter(Boolean));
  let value: unknown = values;
  for (const name of path.replace(/\[\d+\]/g, '').split('.')) {
    // Whatever is below an empty map or list is the user's.
    if (Array.isArray(value) || (value !== null && typeof value === 'object' && Object.keys(value).length === 0))
      return true;
    if (value === null || typeof value !== 'object' || !(name in value)) return false;
    value = (value as Record<string, unknown>)[name];
  }
  return true;
}

function specSchema(kind: string): Schema {
  const definition = definitions.find(({ spec: { names } }) => names.singular === kind);
  return definition!.spec.versions[0]!.schema.openAPIV3Schema.properties!['spec']!;
}

function isInSchema(schema: Schema | undefined, [name, ...rest]: readonly string[]): boolean {
  if (schema === undefined) return false;
  if (name === undefined || schema['x-kubernetes-preserve-unknown-fields']) return true;
  const { properties, additionalProperties, items } = schema;
  if (items) return isInSchema(items, [name, ...rest]);
  if (typeof additionalProperties === 'object') return isInSchema(additionalProperties, rest);
  return isInSchema(properties?.[name], rest);
}

function linkLeadsSomewhere(document: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : join(dirname(document), path);
  if (!existsSync(file)) return false;
  return anchor === undefined || anchorsOf(file).has(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(file: string): Set<string> {
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
