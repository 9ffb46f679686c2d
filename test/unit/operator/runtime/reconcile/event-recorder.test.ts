import { describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';
import { createLogger } from '../../../../../src/lib/log.ts';
import { systemClock } from '../../../../../src/lib/clock.ts';
import { EventRecorder } from '../../../../../src/operator/runtime/reconcile/event-recorder.ts';
import type { KubernetesClient } from '../../../../../src/operator/runtime/transport/kubernetes-client.ts';

describe('the record of Events', () => {
  it('says what it left out at once, then every half minute at most, and all of it', async () => {
    let monotonic = 0;
    const lines: { readonly msg: string; readonly leftOut?: number }[] = [];
    const destination = new Writable({
      write: (line, _encoding, done) => {
        lines.push(JSON.parse(String(line)) as (typeof lines)[number]);
        done();
      },
    });
    let created = 0;
    const recorder = new EventRecorder({
      // Takes whatever is written: this is about what is not.
      client: { create: () => Promise.resolve(void (created += 1)) } as unknown as KubernetesClient,
      clock: { ...systemClock, monotonic: () => monotonic },
      logger: createLogger({ name: 'test', level: 'info', destination }),
      instance: 'operator-0',
    });
    const about = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'here', uid: 'uid' } };
    let recorded = 0;
    const record = () => {
      recorded += 1;
      recorder.record(about as never, { type: 'Normal', reason: 'Said', message: `${recorded}`, controller: 'test' });
    };
    // For two minutes, ten times as many as may be written; then a moment's peace, and one more.
    for (; monotonic < 120_000; monotonic += 20) record();
    monotonic += 60_000;
    record();
    await recorder.flush(10_000);
    const said = lines.filter(({ msg }) => msg === 'Dropped Events: too many at once');
    expect(said.length).toBeGreaterThan(1);
    expect(said.length).toBeLessThanOrEqual(6);
    expect(said.reduce((sum, { leftOut = 0 }) => sum + leftOut, 0)).toBe(recorded - created);
  });
});
