import { describe, expect, it } from '@jest/globals';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importCycles, parseModule, readModules, type Module } from '../support/import-graph.ts';

/** The layers of src/, each with those it may import beside itself. */
const foundations = ['events', 'kafka', 'api', 'lib'];
const applications = ['operator', 'chat-api', 'reminder-worker', 'reminder-webhook', 'dead-letter-replay'];
const layers = new Map([
  ['bin', [...applications, ...foundations]],
  ...applications.map((layer) => [layer, foundations] as const),
  ...foundations.map((layer) => [layer, foundations] as const),
]);
const adminClients =
  /^(kafkajs|node-rdkafka|kafka-node|@confluentinc\/kafka-javascript|@platformatic\/kafka|no-kafka)(\/|$)/;

/** A line for each import that the layout forbids. */
function violations(modules: readonly Module[]): string[] {
  return modules.flatMap(({ path, imports }) =>
    imports.flatMap((imported) => {
      const reason = whyForbidden(path, imported);
      return reason === undefined ? [] : [`${path} imports ${imported}: ${reason}`];
    }),
  );
}

function whyForbidden(importer: string, imported: string): string | undefined {
  const [area, layer = ''] = importer.split('/');
  const [importedArea, importedLayer = ''] = imported.split('/');
  if (area === 'localcluster') {
    return importedArea === 'src' || importedArea === 'test' ? `localcluster never imports ${importedArea}` : undefined;
  }
  if (area !== 'src') return undefined;
  if (importedArea === 'localcluster' || importedArea === 'test') return `src never imports ${importedArea}`;
  if (imported === '(computed)') return 'nobody can tell what it is';
  if (adminClients.test(imported) && layer !== 'kafka') return 'only src/kafka imports a Kafka client';
  const allowed = layers.get(layer);
  if (!allowed) return `${layer} is no layer of src`;
  if (importedArea !== 'src' || importedLayer === layer || allowed.includes(importedLayer)) return undefined;
  return `${layer} imports only ${allowed.join(', ')}`;
}

describe('the import graph', () => {
  it('is as the layout says', async () => {
    const modules = await readModules(process.cwd(), ['src', 'localcluster']);
    const paths = modules.map((module) => module.path);
    expect(paths).toContain('localcluster/cache.ts');
    const cache = modules.find((module) => module.path === 'localcluster/cache.ts');
    expect(cache?.imports).toContain('localcluster/settings.ts');
    expect(violations(modules)).toEqual([]);
  });

  it.each([
    ['src/bin/operator.ts', `import { start } from '../operator/runtime/manager.ts';`],
    ['src/operator/event-topic/controller.ts', `import { Admin } from '../../../kafka/admin.ts';`],
    ['src/kafka/client.ts', `import { Kafka } from 'kafkajs'; import { log } from '../lib/log.ts';`],
    ['src/chat-api/outbox/relay.ts', `export * from './row.ts'; import type { Clock } from '../../lib/clock.ts';`],
    ['src/lib/text.ts', 'const documentation = `import x from "../operator/x.ts"`; // import "kafkajs"'],
    ['localcluster/main.ts', `import { say } from './progress.ts'; import { execa } from 'execa';`],
  ])('lets %s import what its layer may', (path, text) => {
    expect(violations([parseModule(path, text)])).toEqual([]);
  });

  it.each([
    ['src/operator/runtime/manager.ts', `import { respond } from '../../chat-api/http/respond.ts';`],
    ['src/chat-api/tasks/store.ts', `import type { Schedule } from '../../reminder-worker/schedule.ts';`],
    ['src/reminder-worker/consumer.ts', `export { apply } from '../operator/runtime/apply.ts';`],
    ['src/reminder-worker/due.ts', `const relay = await import('../chat-api/outbox/relay.ts');`],
    ['src/lib/log.ts', `let manager: import('../operator/runtime/manager.ts').Manager;`],
    ['src/events/envelope.ts', `import { main } from '../bin/chat-api.ts';`],
    ['src/chat-api/outbox/relay.ts', `import { Kafka } from 'kafkajs';`],
    ['src/operator/topics.ts', `import { Admin } from '@platformatic/kafka/admin';`],
    ['src/lib/plugins.ts', `await import(name);`],
    ['src/lib/versions.ts', `import { versions } from '../../localcluster/versions.ts';`],
    ['src/api/event-topic.ts', `import { sample } from '../support/samples.ts';`],
    ['src/tools/generate.ts', `import { crd } from '../api/event-topic.ts';`],
    ['src/lib/legacy.ts', `import kafka = require('kafkajs');`],
    ['src/lib/legacy.ts', `const { Kafka } = require('kafkajs');`],
    ['localcluster/images.ts', `import { port } from '../src/lib/health.ts';`],
    ['localcluster/main.ts', `import '../test/run.ts';`],
  ])('refuses %s with %s', (path, text) => {
    expect(violations([parseModule(path, text)])).toHaveLength(1);
  });
});

const runtime = 'src/operator/runtime';
const pack = `${runtime}/pack.ts`;

/** The files that are published with the runtime: its own, and whatever these import of src/lib. */
function packedModules(modules: readonly Module[]): Module[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const packed = new Set(modules.filter(({ path }) => path.startsWith(`${runtime}/`) && path !== pack));
  for (const { imports } of packed) {
    for (const imported of imports) {
      const module = byPath.get(imported);
      if (module) packed.add(module);
    }
  }
  return [...packed];
}

/** A line for each import that would not exist outside this project. */
function foreignImports(modules: readonly Module[]): string[] {
  return packedModules(modules).flatMap(({ path, imports }) =>
    imports
      .filter((imported) => /^(src|test|localcluster|demo)\//.test(imported))
      .filter((imported) => !imported.startsWith('src/lib/'))
      .filter((imported) => !imported.startsWith(`${runtime}/`) || path.startsWith('src/lib/'))
      .map((imported) => `${path} imports ${imported}`),
  );
}

describe('the runtime', () => {
  const names = /kafka|redpanda|topic|reminder|chat/i;

  it('stands on itself, src/lib and packages', async () => {
    const modules = await readModules(process.cwd(), ['src']);
    expect(packedModules(modules).length).toBeGreaterThan(30);
    expect(foreignImports(modules)).toEqual([]);
  });

  it.each([
    ['src/operator/runtime/manager.ts', `import { eventTopics } from '../kinds.ts';`],
    ['src/operator/runtime/reconcile/reconciler.ts', `import type { EventTopic } from '../../../api/event-topic.ts';`],
    ['src/operator/runtime/testing/eventually.ts', `import { until } from '../../../../test/support/until.ts';`],
  ])('is refused %s with %s', (path, text) => {
    expect(foreignImports([parseModule(path, text)])).toHaveLength(1);
  });

  it('is refused what it imports by way of src/lib', () => {
    const manager = parseModule('src/operator/runtime/manager.ts', `import '../../lib/health.ts';`);
    const config = parseModule('src/lib/health.ts', `import type { KafkaConnection } from '../kafka/connection.ts';`);
    expect(foreignImports([manager, config])).toEqual(['src/lib/health.ts imports src/kafka/connection.ts']);
  });

  it('uses none of the names of this project', async () => {
    const entries = await readdir(runtime, { recursive: true, withFileTypes: true });
    const own = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    const packed = packedModules(await readModules(process.cwd(), ['src'])).map(({ path }) => path);
    const files = new Set([...own, ...packed]);
    expect(files).toContain('src/lib/log.ts');
    const texts = await Promise.all([...files].map((file) => readFile(file, 'utf8')));
    const lines = [...files].flatMap((file, index) =>
      [file, ...texts[index]!.split('\n')].filter((line) => names.test(line)).map((line) => `${file}: ${line.trim()}`),
    );
    expect(lines).toEqual([]);
  });

  it('has no circular imports', async () => {
    const cycles = importCycles(await readModules(process.cwd(), ['src']));
    expect(cycles.map((cycle) => cycle.join(' > '))).toEqual([]);
  });
});

describe('importCycles', () => {
  const modules = (imports: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(imports).map(([path, imported]) => ({ path, imports: imported }));

  it.each([
    ['nothing in a tree', { a: ['b', 'c'], b: ['c'], c: ['node:fs'] }, []],
    ['two that import one another', { a: ['b'], b: ['a'] }, [['a', 'b', 'a']]],
    ['a file that imports itself', { a: ['a'] }, [['a', 'a']]],
    ['a long way round, past what leads there', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, [['b', 'c', 'd', 'b']]],
    [
      'the shortest of several',
      { a: ['b', 'c'], b: ['c'], c: ['a'] },
      [
        ['a', 'c', 'a'],
        ['b', 'c', 'a', 'b'],
      ],
    ],
  ])('finds %s', (_, imports, cycles) => {
    expect(importCycles(modules(imports as Record<string, readonly string[]>))).toEqual(cycles);
  });

  it('counts types', () => {
    const one = parseModule('src/one.ts', `import type { Two } from './two.ts';`);
    const two = parseModule('src/two.ts', `let one: import('./one.ts').One;`);
    expect(importCycles([one, two])).toEqual([['src/one.ts', 'src/two.ts', 'src/one.ts']]);
  });
});
