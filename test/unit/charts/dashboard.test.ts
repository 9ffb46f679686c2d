import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { observe } from '../../../src/chat-api/http/middleware.ts';
import { createOutboxMetrics, observeOutbox } from '../../../src/chat-api/outbox/outbox-metrics.ts';
import type { OutboxProgress } from '../../../src/chat-api/outbox/outbox-progress.ts';
import type { Database } from '../../../src/lib/database.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { createRegistry, type Registry } from '../../../src/lib/metrics.ts';
import { ClusterMetrics } from '../../../src/operator/event-cluster/cluster-metrics.ts';
import { RuntimeMetrics } from '../../../src/operator/runtime/metrics.ts';
import { registerLag } from '../../../src/kafka/lag-metric.ts';
import { createWebhookMetrics, registerSuccess } from '../../../src/reminder-webhook/metrics.ts';
import { createWorkerMetrics } from '../../../src/reminder-worker/metrics.ts';

interface Dashboard {
  readonly panels: readonly Panel[];
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const file = 'charts/kafka-events/dashboards/kafka-events.json';
const { panels } = JSON.parse(await readFile(file, 'utf8')) as Dashboard;
const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Whatever the programs tell; nobody asks the database here. */
const registries: Registry[] = [
  registryOf('operator', (registry) => [new RuntimeMetrics(registry), new ClusterMetrics(registry, systemClock)]),
  registryOf('chat-api', (registry) => {
    observe(registry);
    createOutboxMetrics(registry);
    const nobody = undefined as unknown;
    observeOutbox(registry, {
      database: nobody as Database,
      progress: nobody as OutboxProgress,
      now: () => new Date(),
    });
  }),
  registryOf('reminder-worker', (registry) => {
    createWorkerMetrics(registry);
    registerLag(registry, 'group', () => Promise.resolve(new Map()));
  }),
  registryOf('reminder-webhook', (registry) => {
    createWebhookMetrics(registry);
    registerSuccess(registry, () => 0);
  }),
];

function registryOf(program: string, register: (registry: Registry) => unknown): Registry {
  const registry = createRegistry(program);
  register(registry);
  return registry;
}

/** The names that a scrape has: a histogram is three of them. */
const told = new Set(
  registries.flatMap((registry) =>
    registry.getMetricsAsArray().flatMap(({ name }) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]),
  ),
);

describe('the dashboard', () => {
  it('asks only for metrics that the programs tell', () => {
    const asked = new Set(expressions.flatMap((expression) => expression.match(/\w+(?=\{)/g) ?? []));
    expect(asked.size).toBeGreaterThan(15);
    expect([...asked].filter((name) => !told.has(name))).toEqual([]);
  });

  it.each([
    'leader_election_master_status',
    'controller_runtime_reconcile_errors_total',
    'workqueue_depth',
    'outbox_pending',
    'kafka_consumergroup_lag_sum',
    'reminder_worker_reminder_lateness_seconds_bucket',
    'reminder_webhook_seconds_without_success',
    'kafka_brokers',
    'kafka_server_replicamanager_underreplicatedpartitions',
  ])('shows %s', (name) => {
    expect(expressions.some((expression) => expression.includes(`${name}{`))).toBe(true);
  });

  it('looks at the chosen namespaces alone, and says what each panel is', () => {
    for (const expression of expressions) expect(expression).toContain('namespace=~"$namespace"');
    for (const { type, title, description } of panels)
      if (type !== 'row') expect({ title, description }).toEqual({ title, description: expect.stringMatching(/\.$/) });
  });

  it('has no two panels in one place', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });
});
