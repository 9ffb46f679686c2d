import { describe, expect, it } from '@jest/globals';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import type { EventTopic } from '../../../../src/api/event-topic.ts';
import {
  brokersMissing,
  evenOnRedpanda,
  moreInSyncThanReplicas,
} from '../../../../src/operator/event-topic/refusals.ts';
import { RedpandaStandIn } from '../../../support/redpanda-stand-in.ts';
import { anEventCluster } from '../../../support/resources.ts';

const topic = (spec: object) => ({ spec: { managementPolicy: 'Manage', ...spec } }) as unknown as EventTopic;
const refused = (spec: object, engine = 'Redpanda') =>
  evenOnRedpanda(
    topic(spec),
    anEventCluster(engine === 'External' ? { engine, external: { bootstrapServers: 'a:1' } } : { engine }),
  );

describe('more replicas in step than there are', () => {
  const refused = (spec: object, present?: number) => moreInSyncThanReplicas(topic(spec), present);
  const config = { 'min.insync.replicas': 3 };

  it('are refused by what the topic has, where the spec does not say', () => {
    expect(refused({ config }, 2)).toEqual({
      reason: 'InvalidConfig',
      message:
        "spec.config['min.insync.replicas'] is 3, but the topic has 2 replicas of each partition: nothing could be written " +
        'with acks=all. Set it to 2 or less, or raise spec.replicationFactor.',
      failed: true,
      fields: ["spec.config['min.insync.replicas']"],
    });
  });

  it('are judged only where all is known, and by the spec first', () => {
    expect(refused({ config })).toBeUndefined();
    expect(refused({ config, replicationFactor: 3 }, 2)).toBeUndefined();
    expect(refused({ config: { 'min.insync.replicas': null } }, 2)).toBeUndefined();
  });
});

describe('as many replicas as there are to be brokers', () => {
  const tooFew = new ExpectedError('InvalidReplicationFactor', 'only 2 broker(s) are registered');
  const missing = (error: ExpectedError, wanted: number | undefined, spec: object = { replicationFactor: 3 }) =>
    brokersMissing(error, topic(spec), wanted);

  it('are waited for while a broker is still on its way', () => {
    expect(missing(tooFew, 3)).toEqual({
      reason: 'BrokersMissing',
      message: 'Waiting until all 3 brokers are there. Now the broker says: only 2 broker(s) are registered.',
      failed: false,
      fields: ['spec.replicationFactor'],
    });
  });

  it('are refused where they will never be there, or nobody knows', () => {
    expect(missing(tooFew, 2)).toBeUndefined();
    expect(missing(tooFew, undefined)).toBeUndefined();
    expect(missing(tooFew, 3, {})).toBeUndefined();
    expect(missing(new ExpectedError('InvalidConfig', 'no'), 3)).toBeUndefined();
  });
});

describe('an even number of replicas', () => {
  it('is refused on Redpanda, naming the field, its value and what is allowed', () => {
    expect(refused({ replicationFactor: 2 })).toEqual({
      reason: 'InvalidReplicationFactor',
      message:
        'spec.replicationFactor is 2, but EventCluster events runs Redpanda, which accepts only odd numbers. Set it to 3, or to 1.',
      failed: true,
    });
    expect(refused({ replicationFactor: 4 })?.message).toContain('Set it to 5, or to 3.');
    expect(refused({ replicationFactor: 2, managementPolicy: 'Plan' })).toBeDefined();
  });

  it('is refused just where Redpanda refuses it', async () => {
    const standIn = await RedpandaStandIn.of([1, 2, 3, 4, 5, 6].map((index) => `events-${index}`));
    try {
      for (const replicationFactor of [1, 2, 3, 4, 5, 6]) {
        const itself = standIn.createTopic('tasks', replicationFactor) !== undefined;
        expect(refused({ replicationFactor }) !== undefined).toBe(itself);
      }
    } finally {
      standIn.close();
    }
  });

  it.each([
    ['Kafka takes it', { replicationFactor: 2 }, 'Kafka'],
    ['the operator does not know what others run', { replicationFactor: 2 }, 'External'],
    ['the topic is only looked at', { replicationFactor: 2, managementPolicy: 'Observe' }, 'Redpanda'],
    ['it is left to the brokers', {}, 'Redpanda'],
  ])('is not refused where %s', (_, spec, engine) => {
    expect(refused(spec, engine)).toBeUndefined();
  });
});
