import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventTopic } from '../../../../src/api/event-topic.ts';
import type { ConfigSource, TopicConfig, TopicDescription } from '../../../../src/kafka/describe-topics.ts';
import { compareTopic, differencesOf } from '../../../../src/operator/event-topic/compare.ts';
import { desiredTopic } from '../../../../src/operator/event-topic/desired-topic.ts';
import { ownerOf } from '../../../../src/operator/event-topic/claims.ts';

function topic(spec: object, metadata: object = {}): EventTopic {
  return {
    apiVersion: 'kafka-events.dev/v1alpha1',
    kind: 'EventTopic',
    metadata: { name: 'a', namespace: 'n', uid: 'u', resourceVersion: '1', creationTimestamp: '1', ...metadata },
    spec: { clusterRef: { name: 'events' }, deletionPolicy: 'Delete', managementPolicy: 'Manage', ...spec },
  };
}

function actual(configs: Record<string, string> = {}, source: ConfigSource = 'Topic'): TopicDescription {
  return {
    name: 'a',
    topicId: 'id',
    partitions: 3,
    replicationFactor: 2,
    underReplicatedPartitions: 0,
    leaderlessPartitions: 0,
    isInternal: false,
    assignment: [0, 1, 2].map((partition) => ({ partition, leader: 1, replicas: [1, 2], isr: [1, 2] })),
    configs: new Map(
      Object.entries(configs).map(([name, value]) => [name, { value, source }] as [string, TopicConfig]),
    ),
    configsError: undefined,
  };
}

function compare(
  spec: object,
  configs?: Record<string, string>,
  { source, status }: { source?: ConfigSource; status?: object } = {},
) {
  const resource = { ...topic(spec), ...(status && { status }) };
  return compareTopic(resource, desiredTopic(resource), actual(configs, source));
}

describe('comparing a topic with its resource', () => {
  it('finds nothing where nothing is set', () => {
    expect(differencesOf(compare({}, { 'retention.ms': '5' }))).toEqual([]);
  });

  it('tells growing from what Kafka cannot do', () => {
    expect(compare({ partitions: 5 })).toMatchObject({ grow: { partitions: 5, actual: '3' }, shrink: undefined });
    expect(compare({ partitions: 2 })).toMatchObject({ grow: undefined, shrink: { desired: '2', actual: '3' } });
    expect(compare({ replicationFactor: 3 }).replication).toMatchObject({ desired: '3', actual: '2' });
  });

  it.each([
    [{ retentionSeconds: 60 }, 'retention.ms', '60000', 'spec.retentionSeconds'],
    [{ retentionSeconds: -1 }, 'retention.ms', '-1', 'spec.retentionSeconds'],
    [{ cleanupPolicy: 'compact' }, 'cleanup.policy', 'compact', 'spec.cleanupPolicy'],
    [{ config: { 'flush.ms': 5 } }, 'flush.ms', '5', "spec.config['flush.ms']"],
  ])('%j is %s=%s', (spec, name, value, field) => {
    expect(compare(spec, { [name]: 'other' }).configs).toEqual([
      { field, name, value, desired: value, actual: 'other' },
    ]);
    expect(compare(spec, { [name]: value }).configs).toEqual([]);
  });

  it.each([
    ['compact, delete', 'compact,delete'],
    ['TRUE', 'true'],
    ['1000', '1000'],
    [' 5', '5'],
    ['0.40', '0.4'],
    ['+007', '7'],
    ['-0', '0'],
    ['9223372036854775807', '9223372036854775807'],
  ])('takes %j and %j as the same', (desired, present) => {
    expect(compare({ config: { key: desired } }, { key: present }).configs).toEqual([]);
  });

  it.each([
    ['9007199254740993', '9007199254740992'],
    ['0.30000000000000001', '0.3'],
    ['-5', '5'],
    ['1e3', '1000'],
  ])('takes %j and %j as different', (desired, present) => {
    expect(compare({ config: { key: desired } }, { key: present }).configs).toHaveLength(1);
  });

  it('sets a value on the topic that the brokers have by default', () => {
    const { configs } = compare({ retentionSeconds: 1 }, { 'retention.ms': '1000' }, { source: 'Default' });
    expect(configs).toMatchObject([{ name: 'retention.ms', value: '1000', actual: '1000 by default' }]);
  });

  it('knows a value again that the broker shows in another form, until either changes', () => {
    const set = (value: string, shown: string) => ({ config: { key: value }, configShownAs: { key: shown } });
    const compareAgain = (desired: string, present: string) =>
      compare({ config: { key: desired } }, { key: present }, { status: set('٥', '5') }).configs;
    expect(compareAgain('٥', '5')).toEqual([]);
    expect(compareAgain('٥', '6')).toHaveLength(1);
    expect(compareAgain('٦', '5')).toHaveLength(1);
  });

  it('takes back what the operator had set and is no longer declared', () => {
    const status = { config: { 'retention.ms': '1000', 'flush.ms': '5' } };
    const present = { 'retention.ms': '1000', 'flush.ms': '5', 'segment.ms': '7' };
    const { configs } = compare({ config: { 'flush.ms': null } }, present, { status });
    expect(configs).toEqual([
      {
        field: "spec.config['retention.ms']",
        desired: 'the default',
        actual: '1000',
        name: 'retention.ms',
        value: null,
      },
    ]);
    expect(compare({}, present, { status, source: 'Default' }).configs).toEqual([]);
  });

  it.each(['9007199254740992', '9007199254740994'])('tells 9007199254740993 from %j', (present) => {
    const desired = '9007199254740993';
    expect(compare({ config: { key: desired } }, { key: present }).configs).toMatchObject([{ value: desired }]);
    expect(compare({ config: { key: BigInt(desired) } }, { key: desired }).configs).toEqual([]);
  });

  it('leaves alone what is null', () => {
    expect(compare({ config: { 'flush.ms': null } }, { 'flush.ms': '5' }).configs).toEqual([]);
  });
});

describe('the owner of a topic', () => {
  it('of two that came in the same second is the one that has it, and else goes by the name', () => {
    const [first, second] = [topic({}, { name: 'a' }), topic({}, { name: 'b' })];
    expect(ownerOf([second, first])).toBe(first);
    const holder = { ...second, status: { managedTopicId: 'id' } };
    expect(ownerOf([first, holder])).toBe(holder);
    const older = topic({}, { name: 'c', creationTimestamp: '0' });
    expect(ownerOf([first, holder, older])).toBe(older);
  });

  it('is the oldest that manages it, in whatever order they are looked at', () => {
    const claim = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      creationTimestamp: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
      managementPolicy: fc.constantFrom('Manage', 'Observe'),
    });
    fc.assert(
      fc.property(fc.uniqueArray(claim, { selector: ({ name }) => name }), (claims) => {
        const topics = claims.map(({ managementPolicy, ...metadata }) => topic({ managementPolicy }, metadata));
        const owner = ownerOf(topics);
        expect(ownerOf(topics.toReversed())).toBe(owner);
        const managing = topics.filter(({ spec }) => spec.managementPolicy === 'Manage');
        expect(owner === undefined).toBe(managing.length === 0);
        for (const { metadata } of managing) {
          expect(owner!.metadata.creationTimestamp <= metadata.creationTimestamp).toBe(true);
        }
      }),
    );
  });
});
