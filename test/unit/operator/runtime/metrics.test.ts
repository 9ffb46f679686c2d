import { beforeEach, describe, expect, it } from '@jest/globals';
import { createRegistry, type Registry } from '../../../../src/lib/metrics.ts';
import { RuntimeMetrics } from '../../../../src/operator/runtime/metrics.ts';

let registry: Registry;
let metrics: RuntimeMetrics;

beforeEach(() => {
  registry = createRegistry('test');
  metrics = new RuntimeMetrics(registry);
});

/** The value of a metric whose labels include these. */
async function value(name: string, labels: Readonly<Record<string, string>>): Promise<number | undefined> {
  const { values } = await registry.getSingleMetric(name.replace(/_(count|sum)$/, ''))!.get();
  const matching = values.filter((one) => !('metricName' in one) || one.metricName === name);
  return matching.find((one) => Object.entries(labels).every(([label, text]) => one.labels[label] === text))?.value;
}

describe('the metrics of the runtime', () => {
  it('tell how long the work under way has taken, until it ends', async () => {
    const ends = [metrics.reconcileStarted('topics'), metrics.reconcileStarted('topics')];
    const unfinished = () => value('workqueue_unfinished_work_seconds', { name: 'topics' });
    const longest = () => value('workqueue_longest_running_processor_seconds', { name: 'topics' });
    const before = (await longest())!;
    expect(before).toBeGreaterThan(0);
    expect(await longest()).toBeGreaterThan(before);
    expect(await unfinished()).toBeGreaterThan((await longest())!);
    for (const end of ends) end('success');
    expect(await unfinished()).toBe(0);
    expect(await longest()).toBe(0);
    expect(await value('controller_runtime_reconcile_total', { controller: 'topics', result: 'success' })).toBe(2);
  });

  it('count requests and take their time', async () => {
    metrics.requestAnswered('GET', '200', 0.25);
    metrics.requestAnswered('GET', '404', 0.5);
    expect(await value('rest_client_requests_total', { method: 'GET', code: '404' })).toBe(1);
    expect(await value('rest_client_request_duration_seconds_count', { verb: 'GET' })).toBe(2);
    expect(await value('rest_client_request_duration_seconds_sum', { verb: 'GET' })).toBe(0.75);
  });
});
