import { describe, expect, it } from '@jest/globals';
import { refuse } from '../../../../../src/operator/event-cluster/kafka/refuse.ts';
import { anEventCluster } from '../../../../support/resources.ts';

const refusal = (spec: object) => refuse(anEventCluster({ engine: 'Kafka', ...spec }).spec);

describe('what no Kafka broker could run with', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ 'num.io.threads': 'many' }, 'a whole number from 1 to 2147483647'],
    [{ 'num.io.threads': 0 }, 'a whole number from 1'],
    [{ 'num.io.threads': '8.0' }, 'a whole number from 1'],
    [{ 'num.network.threads': 2147483648 }, 'a whole number from 1 to 2147483647'],
    [{ 'log.retention.ms': '7d' }, 'a whole number from'],
    [{ 'log.segment.bytes': 1024 }, 'a whole number from 1048576'],
    [{ 'log.retention.bytes': 9223372036854775808n }, 'to 9223372036854775807'],
    [{ 'log.cleaner.min.cleanable.ratio': '1.5' }, 'a number from 0 to 1'],
    [{ 'log.cleaner.min.cleanable.ratio': 'half' }, 'a number from 0 to 1'],
    [{ 'auto.create.topics.enable': 'yes' }, 'true or false'],
    [{ 'compression.type': 'zip' }, 'one of uncompressed, zstd'],
    [{ 'log.cleanup.policy': 'compact,remove' }, 'some of compact, delete'],
  ])('has the config %p', (config, allowed) => {
    const [name, value] = Object.entries(config)[0]!;
    expect(refusal({ config })).toMatchObject({ reason: 'ConfigRefused', failed: true });
    expect(refusal({ config })?.message).toContain(`spec.config.${name} is "${String(value)}"`);
    expect(refusal({ config })?.message).toContain(allowed);
  });

  it.each<object>([
    { 'num.io.threads': ' 8 ', 'log.retention.ms': -1, 'log.cleanup.policy': 'compact, delete' },
    { 'auto.create.topics.enable': 'TRUE', 'compression.type': 'zstd', 'log.cleaner.min.cleanable.ratio': '.5' },
    { 'log.retention.bytes': 9223372036854775807n, 'num.network.threads': null, 'somebody.elses.plugin': 'x' },
    { 'num.io.threads': '${env:THREADS}' },
    { 'default.replication.factor': 3, 'min.insync.replicas': 3, 'offsets.topic.replication.factor': '1' },
  ])('is not the config %p', (config) => {
    expect(refusal({ config })).toBeUndefined();
  });

  it('is not judged by the values of another release', () => {
    expect(refusal({ version: '4.9.0', config: { 'compression.type': 'zip' } })).toBeUndefined();
    expect(refusal({ image: 'r.example.org/kafka', config: { 'compression.type': 'zip' } })).toBeUndefined();
  });

  it.each<[Record<string, unknown>, string]>([
    [{ config: { 'default.replication.factor': 4 } }, 'but there are 3 brokers'],
    [{ brokers: 2, config: { 'offsets.topic.replication.factor': '3' } }, 'but there are 2 brokers'],
    [{ config: { 'min.insync.replicas': 4 } }, 'but default.replication.factor is 3'],
    [{ brokers: 1, config: { 'min.insync.replicas': 2 } }, 'but default.replication.factor is 1'],
    [
      { config: { 'transaction.state.log.min.isr': 2, 'transaction.state.log.replication.factor': 1 } },
      'but transaction.state.log.replication.factor is 1',
    ],
  ])('has more replicas than there can be, as %p', (spec, why) => {
    expect(refusal(spec)).toMatchObject({ reason: 'ConfigRefused', message: expect.stringContaining(why) });
  });

  it.each(['limits', 'requests'])('has less memory in %s than Java needs', (field) => {
    expect(refusal({ resources: { [field]: { memory: '256Mi' } } })).toBeUndefined();
    expect(refusal({ resources: { [field]: { cpu: '10m' } } })).toBeUndefined();
    expect(refusal({ resources: { [field]: { memory: '255Mi' } } })).toEqual({
      reason: 'ResourcesTooSmall',
      message: expect.stringMatching(`^spec.resources.${field}.memory is 255Mi, but a broker needs 256Mi`),
      failed: true,
    });
  });
});
