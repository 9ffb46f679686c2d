import { describe, expect, it } from '@jest/globals';
import type { EventTopic } from '../../../../src/api/event-topic.ts';
import { desiredTopic } from '../../../../src/operator/event-topic/desired-topic.ts';

const desired = (spec: object, config: Record<string, string> = {}) =>
  desiredTopic({ metadata: { name: 'orders' }, spec, status: { config } } as unknown as EventTopic);

describe('what a topic is to be like', () => {
  it('has configs by the names of Kafka, the fields of their own among them', () => {
    const config = { 'min.insync.replicas': 2, 'segment.ms': null };
    expect(desired({ config, retentionSeconds: 60, cleanupPolicy: 'compact' }).configs).toEqual({
      'min.insync.replicas': '2',
      'cleanup.policy': 'compact',
      'retention.ms': '60000',
    });
    expect(desired({ retentionSeconds: -1 }).configs).toEqual({ 'retention.ms': '-1' });
    expect(desired({ retentionSeconds: 0 }).configs).toEqual({ 'retention.ms': '0' });
  });

  it('leaves out no config, whatever it is called: brokers say that there is none', () => {
    const config = JSON.parse('{"__proto__": "1", "constructor": "2"}') as object;
    expect(Object.entries(desired({ config }).configs)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
    expect(desired({}, { constructor: '2' }).resets).toEqual(['constructor']);
  });
});
