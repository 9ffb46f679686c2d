import { describe, expect, it } from '@jest/globals';
import { parseModule, readModules, type Module } from '../support/import-graph.ts';

/** Ask the lease before they write: by the guard of the API server's client, and by BeforeOutsideWrite. */
const guarded = ['src/operator/brokers/', 'src/operator/runtime/transport/'];
/** Answer those who ask, and ask nobody; tests have no lease. */
const servers = ['src/operator/runtime/conversion/', 'src/operator/runtime/testing/'];
/** Only read, and never write. */
const readers = ['src/operator/workloads/pod-status.ts'];
/** Values without a connection: errors and their meaning. */
const harmless = ['src/kafka/errors.ts'];

const network = /^node:(http|https|http2|net|tls|dgram)$/;

/** A line for each way by which a file of the operator could write to somebody without asking the lease. */
function bypasses(modules: readonly Module[]): string[] {
  return modules
    .filter(
      ({ path }) =>
        path.startsWith('src/operator/') && ![...guarded, ...servers].some((folder) => path.startsWith(folder)),
    )
    .filter(({ path }) => !readers.includes(path))
    .flatMap(({ path, runtimeImports, calls }) => [
      ...runtimeImports
        .filter((name) => network.test(name) || (name.startsWith('src/kafka/') && !harmless.includes(name)))
        .map((name) => `${path} imports ${name}`),
      ...(calls.includes('fetch') ? [`${path} calls fetch`] : []),
    ]);
}

describe('what writes outside the API server', () => {
  it('asks the lease first', async () => {
    const modules = await readModules(process.cwd(), ['src/operator']);
    expect(modules.length).toBeGreaterThan(50);
    expect(bypasses(modules)).toEqual([]);
  });

  it.each([
    [`await fetch('http://broker');`],
    [`import { request } from 'node:http';`],
    [`import * as net from 'node:net';`],
    [`import { createTopicAdmin, type TopicAdmin } from '../../kafka/topic-admin.ts';`],
    [`export { createGroupAdmin } from '../../kafka/groups.ts';`],
    [`const { createTopicAdmin } = await import('../../kafka/topic-admin.ts');`],
  ])('is found where it does not: %s', (text) => {
    expect(bypasses([parseModule('src/operator/event-topic/carry-out.ts', text)])).toHaveLength(1);
  });

  it.each([
    ['src/operator/event-topic/plan.ts', `import type { TopicAdmin } from '../../kafka/topic-admin.ts';`],
    ['src/operator/event-topic/plan.ts', `import { type TopicAdmin } from '../../kafka/topic-admin.ts';`],
    ['src/operator/event-topic/plan.ts', `import { kafkaError } from '../../kafka/errors.ts';`],
    ['src/operator/brokers/redpanda-admin.ts', `await fetch('http://broker');`],
    ['src/operator/runtime/transport/exchange.ts', `import { request } from 'node:https';`],
  ])('may be, or is not, in %s: %s', (path, text) => {
    expect(bypasses([parseModule(path, text)])).toEqual([]);
  });
});
