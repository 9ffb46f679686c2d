import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc, { type Arbitrary } from 'fast-check';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { arbitraryJson, type JsonSchema } from '../../support/arbitrary-json.ts';
import { arbitraryMessage } from '../../support/arbitrary-message.ts';
import { alice, bob, MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: JsonSchema;
}
type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>> & { readonly parameters?: Parameter[] }>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

interface Call {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** How many requests and how many messages are sent: many more by `make fuzz`. */
const runs = Number(process.env.FUZZ_RUNS ?? 400);

let postgres: Postgres;
let api: RunningChatApi;
let document: OpenApi;
let check: (schema: JsonSchema, value: unknown) => void;
const ids: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  api = await startChatApi(await postgres.createDatabase(), new MemoryPublisher());
  document = (await (await fetch(`${api.url}/openapi.json`)).json()) as OpenApi;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: 'openapi', ...document });
  check = (schema, value) => {
    const validate = ajv.getSchema(`openapi${schema.$ref ?? ''}`) ?? ajv.compile(schema);
    if (!validate(value)) throw new Error(`${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`);
  };
  for (const token of [alice, bob]) {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ title: 'Known from the beginning' });
    const created = await fetch(`${api.url}/v1/tasks`, { method: 'POST', headers, body });
    ids.push(((await created.json()) as { id: string }).id);
  }
});
afterAll(async () => {
  await api?.stop();
  await postgres?.stop();
});

const headerText = fc.oneof(
  fc.constantFrom('"1"', 'W/"1"', '*', '"1", "2"', '1.1', '0b7dd56e-3a80-4f55-8dd1-5e4f2b0f2c01'),
  fc.string({ unit: fc.constantFrom(...'abz019 "*/,;=-._~äÿ'), maxLength: 30 }),
);

function calls(): Arbitrary<Call> {
  const resolve = (ref: string) => document.components.schemas[ref.split('/').at(-1)!]!;
  const one = (path: string, method: string, operation: Operation, shared: readonly Parameter[]): Arbitrary<Call> => {
    const valueOf = ({ in: place, schema }: Parameter): Arbitrary<unknown> => {
      if (place === 'header') return fc.option(headerText, { nil: undefined, freq: 2 });
      if (place === 'query') return fc.option(arbitraryJson(schema, resolve), { nil: undefined, freq: 1 });
      // Mostly that of a task which is there.
      const known = fc.nat().map((index) => ids[index % Math.max(1, ids.length)] ?? 'none');
      return fc.oneof({ weight: 6, arbitrary: known }, { weight: 1, arbitrary: arbitraryJson(schema, resolve) });
    };
    const parameters = [...shared, ...operation.parameters];
    const json = operation.requestBody?.content['application/json']?.schema;
    const body = json
      ? fc.oneof(
          { weight: 9, arbitrary: arbitraryJson(json, resolve).map((value) => JSON.stringify(value)) },
          { weight: 1, arbitrary: fc.string() },
        )
      : fc.constant(undefined);
    const type = fc.constantFrom(...Array<string>(9).fill('application/json'), 'text/plain');
    return fc
      .tuple(fc.tuple(...parameters.map(valueOf)), body, type, fc.boolean())
      .map(([values, sent, mime, isBob]) => {
        const given = parameters.flatMap((parameter, index) =>
          values[index] === undefined ? [] : [{ ...parameter, value: values[index] }],
        );
        const of = (place: Parameter['in']) => given.filter((parameter) => parameter.in === place);
        const query = of('query').flatMap(({ name, value }) => [value].flat().map((item) => [name, textOf(item)]));
        const filled = of('path').reduce(
          (text, { name, value }) => text.replace(`{${name}}`, encodeURIComponent(textOf(value)) || 'x'),
          path,
        );
        const headers = Object.fromEntries(of('header').map(({ name, value }) => [name, textOf(value).trim()]));
        return {
          operation,
          method: method.toUpperCase(),
          path: `${filled}?${new URLSearchParams(query as [string, string][]).toString()}`,
          headers: {
            ...headers,
            Authorization: `Bearer ${isBob ? bob : alice}`,
            ...(sent !== undefined && { 'Content-Type': mime }),
          },
          body: sent,
        };
      });
  };
  const operations = Object.entries(document.paths).flatMap(([path, { parameters: shared = [], ...methods }]) =>
    Object.entries(methods).map(([method, operation]) => one(path, method, operation, shared)),
  );
  return fc.oneof(...operations);
}

/** Half a character cannot be part of an address. */
function textOf(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed();
}

/** Sends a call and holds its answer to the document. */
async function expectDocumented({ operation, method, path, headers, body }: Call): Promise<Response> {
  const leaving = new AbortController();
  const response = await fetch(api.url + path, {
    method,
    headers,
    signal: leaving.signal,
    ...(body !== undefined && { body }),
  });
  const { status } = response;
  const type = response.headers.get('Content-Type') ?? '';
  if (type === 'text/event-stream') {
    leaving.abort();
    return response;
  }
  const text = await response.text();
  expect(status).toBeLessThan(500);
  const documented = operation.responses[status] ?? (status >= 400 ? operation.responses.default : undefined);
  if (!documented) throw new Error(`${status} is not documented: ${text}`);
  const content = documented.content?.[type];
  if (!documented.content) {
    expect(text).toBe('');
    return response;
  }
  if (!content) throw new Error(`${status} with the content type ${type} is not documented`);
  const answer = JSON.parse(text) as { id?: string; status?: unknown };
  check(content.schema, answer);
  if (status === 201) ids.push(answer.id!);
  if (status >= 400) expect(answer.status).toBe(status);
  return response;
}

describe('the API', () => {
  it(
    'answers any request as its OpenAPI document says, and never with an error of its own',
    async () => {
      let successes = 0;
      const property = fc.asyncProperty(calls(), async (call) => {
        if ((await expectDocumented(call)).ok) successes += 1;
      });
      await fc.assert(property, { numRuns: runs, endOnFailure: true });
      // Else it would only have shown that nonsense is refused.
      expect(successes).toBeGreaterThan(runs / 40);
    },
    60_000 + runs * 20,
  );

  it(
    'answers any chat message as its OpenAPI document says',
    async () => {
      const operation = document.paths['/v1/chat']!.post!;
      const headers = { Authorization: `Bearer ${alice}`, 'Content-Type': 'application/json' };
      const property = fc.asyncProperty(arbitraryMessage, fc.boolean(), async (text, dry_run) => {
        const body = JSON.stringify({ message: text.slice(0, 2000), conversation: 'fuzz', dry_run });
        const { status } = await expectDocumented({ operation, method: 'POST', path: '/v1/chat', headers, body });
        // NUL and half characters are refused.
        expect([200, 400]).toContain(status);
      });
      await fc.assert(property, { numRuns: runs, endOnFailure: true });
    },
    60_000 + runs * 20,
  );
});
