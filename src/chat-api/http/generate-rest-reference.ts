/** Writes docs/rest-api.md from the OpenAPI document. Part of `npm run generate`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiDocument } from './openapi.ts';
import { problems } from './problem.ts';

export const restReferenceFile = 'docs/rest-api.md';

interface Schema {
  readonly $ref?: string;
  /** Several for what may be null. */
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: Content & { readonly required: boolean };
  readonly responses: Readonly<Record<string, Content & { readonly description: string }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** What follows the address in the example of each operation. An operation without one fails the generator. */
const examples: Readonly<Record<string, string>> = {
  listTasks: `"$API/v1/tasks?status=TODO&limit=20"`,
  createTask: `"$API/v1/tasks" --json '{"title":"Pay rent","due_date":"2026-12-01T09:00:00Z","tags":["home"]}'`,
  getTask: `"$API/v1/tasks/$ID"`,
  updateTask: `--request PATCH "$API/v1/tasks/$ID" --header 'If-Match: "1"' --json '{"priority":"HIGH"}'`,
  deleteTask: `--request DELETE "$API/v1/tasks/$ID"`,
  completeTask: `--request POST "$API/v1/tasks/$ID/complete"`,
  skipOccurrence: `--request POST "$API/v1/tasks/$ID/skip"`,
  listReminders: `"$API/v1/reminders"`,
  clearReminders: `--request DELETE "$API/v1/reminders"`,
  dismissReminder: `--request DELETE "$API/v1/reminders/$ID"`,
  getPush: `"$API/v1/push"`,
  createPushSubscription: `"$API/v1/push/subscriptions" --json '{"endpoint":"https://fcm.googleapis.com/fcm/send/example","keys":{"p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4","auth":"BTBZMqHH6r4Tts7J_aSIgg"}}'`,
  deletePushSubscription: `--request DELETE "$API/v1/push/subscriptions/$ID"`,
  chat: `"$API/v1/chat" --json '{"message":"Call the bank tomorrow at 10 #money","time_zone":"Europe/Berlin"}'`,
  undo: `--request POST "$API/v1/undo"`,
  redo: `--request POST "$API/v1/redo"`,
  getSignIn: `"$API/v1/sign-in"`,
  streamEvents: `--no-buffer --max-time 2 "$API/v1/events"`,
};

const heading = `<!-- Generated from src/chat-api/http by \`make generate\`; change it there. -->

# REST reference

The chat API serves its own OpenAPI 3.1 document at \`/openapi.json\`. Every request needs a bearer token. To try the commands
on this page, set these first:

\`\`\`sh
kubectl port-forward service/chat-api 8080:80 --namespace kafka-events >/dev/null &
API=http://localhost:8080
TOKEN=$(kubectl get secret chat-api-tokens --namespace kafka-events --output go-template='{{.data.demo | base64decode}}')
ID=7e9a2d44-8f10-4c3b-b6de-2a9b8c7d6e03 # the id of a task of yours
\`\`\`

- **Versions**: a task's \`ETag\` is its version. Send it back as \`If-Match\` to change the task only if nobody else has.
- **Retries**: send the same \`Idempotency-Key\` again to get the first answer again instead of a second change. Keys are kept for a
  day. While a language model is still reading the first one, the answer is 409 \`RequestInProgress\` with \`Retry-After\`.
- **Undo**: every change answers with a header \`Change-Id\` that \`POST /v1/undo\` accepts.
- **Tracing**: \`X-Correlation-ID\` (a UUID) appears in the events and in the log. \`traceparent\` is passed on in the events' headers.
- **Limits**: 200 requests a second for each user and replica, with bursts of up to 2,000. Beyond that the answer is 429 with
  \`Retry-After\`.
`;

export function renderRestReference(): string {
  const { paths, components } = openApiDocument() as unknown as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'parameters')
      .map(([method, operation]) => section(method.toUpperCase(), path, operation as Operation)),
  );
  const schemas = Object.entries(components.schemas).map(([name, schema]) => schemaSection(name, schema));
  return [heading, ...operations, problemSection(), '## Schemas\n', ...schemas].join('\n');
}

function section(method: string, path: string, operation: Operation): string {
  const example = examples[operation.operationId];
  if (example === undefined) throw new Error(`${operation.operationId} has no example`);
  const own = operation.parameters.filter(({ name }) => !['X-Correlation-ID', 'traceparent'].includes(name));
  const body = schemaNameOf(operation.requestBody);
  const lines = [
    `## ${method} ${path}`,
    `${operation.summary}.`,
    `\`\`\`sh\ncurl --silent --show-error --header "Authorization: Bearer $TOKEN" ${example}\n\`\`\``,
    own.length > 0 &&
      table(
        ['Parameter', 'In', 'Type', 'Description'],
        own.map(({ name, in: where, description, schema }) => {
          const { type, description: ofSchema } = describe(schema);
          return [`\`${name}\``, where, type, description ?? ofSchema];
        }),
      ),
    body !== undefined && `Body${operation.requestBody?.required ? '' : ' (optional)'}: ${link(body)}.`,
    Object.entries(operation.responses)
      .filter(([status]) => status !== 'default')
      .map(([status, response]) => {
        const name = schemaNameOf(response);
        return `Answer ${status}: ${response.description}${name === undefined ? '' : `, ${link(name)}`}.`;
      })
      .join(' '),
  ];
  return `${lines.filter((line) => line !== false).join('\n\n')}\n`;
}

function problemSection(): string {
  const rows = Object.entries(problems).map(([code, { status, title }]) => [String(status), `\`${code}\``, title]);
  return `## Errors

Errors are \`application/problem+json\` (RFC 9457). \`code\` is stable, \`detail\` says what is wrong with this request, and
\`errors\` names each field.

${table(['Status', 'Code', 'Title'], rows)}
`;
}

function schemaSection(name: string, schema: Schema): string {
  const rows = fields(schema, '').map(([path, field, required]) => {
    const { type, description } = describe(field);
    const initial = field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``;
    return [`\`${path}\``, type, required && initial === '' ? 'required' : initial, description];
  });
  return `### ${name}\n\n${table(['Field', 'Type', 'Default', 'Description'], rows)}\n`;
}

/** Every field, also those of objects within; a field that may be null counts as what it is otherwise. */
function fields(schema: Schema, parent: string): [path: string, schema: Schema, required: boolean][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${parent}${name}`;
    const inner = withoutNull(field);
    return [[path, field, schema.required?.includes(name) ?? false] as const, ...innerFields(inner, path)].map(
      ([at, each, required]): [string, Schema, boolean] => [at, each, required],
    );
  });
}

/** Those of a task within an answer are listed under Task. */
function innerFields(schema: Schema, path: string): [string, Schema, boolean][] {
  const item = schema.items === undefined ? undefined : withoutNull(schema.items);
  const [object, at] = item?.properties ? [item, `${path}[].`] : [schema, `${path}.`];
  return isTask(object) ? [] : fields(object, at);
}

const isTask = ({ properties = {} }: Schema) => 'version' in properties && 'title' in properties;

const withoutNull = (schema: Schema): Schema => schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;

function describe(schema: Schema): { readonly type: string; readonly description: string } {
  const inner = withoutNull(schema);
  const nullable = schema.anyOf?.some(({ type }) => type === 'null') ?? false;
  return {
    type: typeOf(inner) + (nullable ? ' or null' : ''),
    description: schema.description ?? inner.description ?? '',
  };
}

function typeOf(schema: Schema): string {
  if (isTask(schema)) return link('Task');
  if (schema.enum) return schema.enum.length > 12 ? 'string' : schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.items) return `list of ${typeOf(withoutNull(schema.items))}${upTo(schema.maxItems, ' items')}`;
  const type = [schema.type ?? 'anything'].flat().join(' or ');
  return `${type}${rangeOf(schema)}${upTo(schema.maxLength, ' characters')}`;
}

/** A bound that only says what fits into a number says nothing. */
function rangeOf({ minimum, maximum }: Schema): string {
  if (minimum === undefined || !Number.isFinite(minimum) || minimum <= Number.MIN_SAFE_INTEGER) return '';
  return maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
    ? `, ${minimum} or more`
    : `, ${minimum} to ${maximum}`;
}

const upTo = (limit: number | undefined, unit: string) => (limit === undefined ? '' : `, up to ${limit}${unit}`);

const link = (name: string) => `[${name}](#${name.toLowerCase()})`;

function schemaNameOf(content: Content | undefined): string | undefined {
  return Object.values(content?.content ?? {})[0]
    ?.schema.$ref?.split('/')
    .at(-1);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = titles.map((title, column) =>
    Math.max(title.length, 3, ...escaped.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(titles), line(widths.map((width) => '-'.repeat(width))), ...escaped.map(line)].join('\n');
}

if (import.meta.main) await writeFile(join(import.meta.dirname, '../../..', restReferenceFile), renderRestReference());
