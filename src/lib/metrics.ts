import { collectDefaultMetrics, Registry } from 'prom-client';

export { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/**
 * A registry with what every Node program tells of itself: memory, processor time, event loop delay, by the names
 * that dashboards for Node know. Metrics are added by giving it to them: `new Counter({ registers: [registry], ... })`.
 */
export function createRegistry(program: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ program });
  collectDefaultMetrics({ register: registry });
  return registry;
}
