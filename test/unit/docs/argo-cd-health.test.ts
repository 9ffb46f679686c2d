import { expect, it } from '@jest/globals';
import { LuaFactory } from 'wasmoon';
import { parse } from 'yaml';
import { pendingStatus } from '../../../src/api/shared.ts';
import { argoCdCustomizations, argoCdData } from '../../support/argo-cd-customizations.ts';

/** The health check that docs/gitops.md gives to Argo CD, run by Lua 5.4; `make gitops` runs it by Argo CD's own code. */
const checks = parse(argoCdCustomizations) as Readonly<Record<string, { readonly 'health.lua': string }>>;
const [script] = Object.values(checks).map((check) => check['health.lua']);

const condition = (type: string, status: string, message: string) => ({ type, status, message });
const observed = (...conditions: readonly object[]) => ({ observedGeneration: 2, conditions });
const ready = condition('Ready', 'True', '3 ready');

it('has keys that the API server accepts in a ConfigMap, which refuses a star', () => {
  for (const key of Object.keys(argoCdData)) expect(key).toMatch(/^[-._a-zA-Z0-9]+$/);
  expect(Object.keys(checks)).toEqual(['kafka-events.dev/*']);
});

it.each([
  ['no status', undefined, 'Progressing', /operator/],
  ['the status that the API server gives it', pendingStatus, 'Progressing', /Waiting for the operator/],
  ['Ready', observed(ready), 'Healthy', /3 ready/],
  ['Ready of an earlier spec', { observedGeneration: 1, conditions: [ready] }, 'Progressing', /operator/],
  [
    'Reconciling',
    observed(condition('Ready', 'False', '2 of 3'), condition('Reconciling', 'True', '2 of 3')),
    ...(['Progressing', /2 of 3/] as const),
  ],
  [
    'Stalled',
    observed(condition('Ready', 'False', 'refused'), condition('Stalled', 'True', 'refused')),
    ...(['Degraded', /refused/] as const),
  ],
])('Argo CD reads the health of a resource with %s', async (_title, status, health, message) => {
  const lua = await new LuaFactory().createEngine();
  try {
    await lua.doString(`obj = ${luaLiteral({ metadata: { generation: 2 }, status })}`);
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
