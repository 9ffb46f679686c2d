import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../../src/lib/log.ts';
import { OutageLog } from '../../../src/lib/outage-log.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';

function recorded() {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const clock = new ManualClock();
  const logger = createLogger({ name: 'test', level: 'debug', destination });
  const outage = new OutageLog({ logger, clock, begun: 'Lost', ended: 'Found' });
  const parsed = () => lines.map((line) => JSON.parse(line) as { level: string; msg: string });
  return { outage, clock, parsed, lines: () => parsed().map(({ level, msg }) => `${level} ${msg}`) };
}

describe('an outage', () => {
  it('is warned of once, and ends with one line that says how long it took', async () => {
    const { outage, clock, parsed, lines } = recorded();
    outage.ended();
    outage.failed(new Error('first'), { kind: 'pods' });
    await clock.advance(90_000);
    clock.jump(-3_600_000);
    outage.failed(new Error('second'));
    outage.ended();
    outage.ended();
    expect(lines()).toEqual(['warn Lost', 'debug Lost', 'info Found']);
    expect(parsed()[0]).toMatchObject({ kind: 'pods', err: { message: 'first' } });
    expect(parsed()[2]).toMatchObject({ seconds: 90 });
  });

  it('lasts until the last part of it works again', () => {
    const { outage, lines } = recorded();
    for (const part of ['pods', 'secrets', 'pods']) outage.failed(new Error('away'), {}, part);
    outage.ended({}, 'pods');
    outage.ended({}, 'never failed');
    outage.failed(new Error('away'), {}, 'secrets');
    expect(lines().filter((line) => !line.startsWith('debug'))).toEqual(['warn Lost']);
    outage.ended({}, 'secrets');
    expect(lines().at(-1)).toBe('info Found');
    outage.failed(new Error('away'), {}, 'pods');
    expect(lines().at(-1)).toBe('warn Lost');
  });
});
