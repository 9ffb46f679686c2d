import { describe, expect, it } from '@jest/globals';
import { parseModule, readModules, type Module } from '../support/import-graph.ts';

/** The layers of src/, each with those it may import beside itself. */
const foundations = ['events', 'kafka', 'api', 'lib'];
const applications = ['operator', 'chat-api', 'reminder-worker'];
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
    ['localcluster/images.ts', `import { port } from '../src/lib/config.ts';`],
    ['localcluster/main.ts', `import '../test/run.ts';`],
  ])('refuses %s with %s', (path, text) => {
    expect(violations([parseModule(path, text)])).toHaveLength(1);
  });
});
