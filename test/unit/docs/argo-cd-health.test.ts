import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { LuaFactory } from 'wasmoon';
import { parse } from 'yaml';
import { pendingStatus } from '../../../src/api/shared.ts';

/** The health check that docs/gitops.md gives to Argo CD, run by Lua 5.4 in place of Argo CD's own Lua. */
const [, block = ''] = /```yaml\n(\s+data:[\s\S]*?)```/.exec(readFileSync('docs/gitops.md', 'utf8')) ?? [];
const { data } = parse(block) as { readonly data: Readonly<Record<string, string>> };
const [script] = Object.values(data);

const condition = (type: string, status: string, message: string) => ({ type, status, message });

it.each([
  ['no status', undefined, 'Progressing', /operator/],
  ['the status that the API server gives it', pendingStatus, 'Progressing', /Waiting for the operator/],
  ['Ready', { conditions: [condition('Ready', 'True', '3 ready')] }, 'Healthy', /3 ready/],
  [
    'Reconciling',
    { conditions: [condition('Ready', 'False', '2 of 3'), condition('Reconciling', 'True', '2 of 3')] },
    'Progressing',
    /2 of 3/,
  ],
  [
    'Stalled',
    { conditions: [condition('Ready', 'False', 'refused'), condition('Stalled', 'True', 'refused')] },
    'Degraded',
    /refused/,
  ],
])('Argo CD reads the health of a resource with %s', async (_title, status, health, message) => {
  expect(Object.keys(data)).toEqual(['resource.customizations.health.kafka-events.dev_*']);
  const lua = await new LuaFactory().createEngine();
  try {
    await lua.doString(`obj = ${luaLiteral({ status })}`);
    expect(await lua.doString(script!)).toEqual({ status: health, message: expect.stringMatching(message) });
  } finally {
    lua.global.close();
  }
});

function luaLiteral(value: unknown): string {
  if (value === undefined || value === null) return 'nil';
  if (Array.isArray(value)) return `{ ${value.map(luaLiteral).join(', ')} }`;
  if (typeof value !== 'object') return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, field]) => `[${JSON.stringify(name)}] = ${luaLiteral(field)}`)
    .join(', ')} }`;
}
