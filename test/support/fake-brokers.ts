import type { ClusterAvailability } from '../../src/kafka/describe-replicas.ts';
import type { GroupLook } from '../../src/kafka/look-at-group.ts';
import type { Brokers, ReplicaAdmin } from '../../src/operator/brokers/brokers.ts';
import { ExpectedError } from '../../src/lib/errors.ts';

/** What the fake answers; a test changes it as it goes. */
export interface FakeAnswers {
  away: boolean;
  members: number;
  controllerId: number;
  underReplicatedPartitions: number;
  /** Brokers without which a partition of the topic "tasks" could not be written. */
  needed: number[];
  /** Brokers that have the replicas of each partition of the topic "tasks". */
  replicas: number[][];
  /** Ids of brokers that the cluster knows; those that are not members are away. */
  registered: number[];
  cordoned: number[];
  /** Of the disk of each broker. */
  freePercent: number;
  /** Where replicas were asked to be. */
  moves: number[][];
  missing: string[];
  lag: Record<string, number>;
  partitions: number;
  deadLetters: number;
  group: GroupLook;
  /** Groups that there are none of, whatever `group` says. */
  absentGroups: string[];
  deletedGroups: string[];
  removedUsers: string[];
  /** Questions that brokers refuse to answer, by the method's name. */
  denied: (keyof Brokers)[];
}

/** A fake, for brokers that would run in pods: where tests have an API server without nodes, no pod ever runs. */
export function fakeBrokers(answers: FakeAnswers, host = (id: number) => `broker-${id}`): Brokers {
  const answer = <T>(question: keyof Brokers, value: () => T): Promise<T> => {
    if (answers.away) return Promise.reject(unreachable());
    return answers.denied.includes(question) ? Promise.reject(denied()) : Promise.resolve(value());
  };
  return {
    describeCluster: () =>
      answer('describeCluster', () => ({
        clusterId: 'fake-cluster',
        controllerId: answers.controllerId,
        brokers: Array.from({ length: answers.members }, (_, id) => ({ id, host: host(id), port: 9092 })),
        topics: 1,
        partitions: answers.partitions,
        underReplicatedPartitions: answers.underReplicatedPartitions,
        leaderlessPartitions: 0,
      })),
    describeAvailability: () => answer('describeAvailability', () => availabilityOf(answers)),
    replicas: () => fakeReplicas(answers),
    missingTopics: (_, topics) =>
      answer('missingTopics', () => topics.filter((topic) => answers.missing.includes(topic))),
    lookAtGroup: (_, group) =>
      answer('lookAtGroup', () => (answers.absentGroups.includes(group) ? noGroup : answers.group)),
    groupLag: () =>
      answer('groupLag', () => ({
        byTopic: new Map(Object.entries(answers.lag)),
        partitions: answers.partitions,
      })),
    messageCount: () => answer('messageCount', () => answers.deadLetters),
    deleteGroup: (_, group) => answer('deleteGroup', () => void answers.deletedGroups.push(group)),
    removeUser: (_, user) => answer('removeUser', () => void answers.removedUsers.push(user)),
  };
}

/** Brokers that take whatever moves they are asked for, and never end one; a test says what is left on which broker. */
function fakeReplicas(answers: FakeAnswers): ReplicaAdmin {
  const done = <T>(value: T) => (answers.away ? Promise.reject(unreachable()) : Promise.resolve(value));
  const throttle = { unavailable: undefined, ratesOfOthers: [], unreachable: [] };
  return {
    describeReplicas: () => {
      const partitions = answers.replicas.map((replicas, partition) => {
        return { partition, leader: replicas[0] ?? -1, replicas, isr: replicas };
      });
      const brokers = Array.from({ length: answers.members }, (_, id) => ({ id, rack: undefined }));
      return done({ brokers, topics: [{ name: 'tasks', partitions }] });
    },
    describeBrokers: () => done(answers.registered.map((id) => ({ id, fenced: id >= answers.members }))),
    unregisterBroker: (id) => done(void (answers.registered = answers.registered.filter((other) => other !== id))),
    setCordon: (id, cordoned) => {
      if (answers.cordoned.includes(id) === cordoned) return done('unchanged');
      answers.cordoned = [...answers.cordoned.filter((other) => other !== id), ...(cordoned ? [id] : [])];
      return done('changed');
    },
    describeDisk: () => done({ totalBytes: 100, usableBytes: answers.freePercent }),
    electPreferredLeaders: () => done(undefined),
    reassignPartitions: (assignments) => {
      answers.moves.push(...assignments.flatMap(({ partitions }) => partitions.map(({ replicas }) => [...replicas])));
      return done(new Map());
    },
    cancelReassignments: () => done(new Map()),
    listReassignments: () => done(new Map()),
    throttleReplication: () => done(throttle),
    unthrottleReplication: () => done(throttle),
  };
}

/** A partition for each broker that is needed, whose other replica is not in sync. */
function availabilityOf({ members, controllerId, needed }: FakeAnswers): ClusterAvailability {
  const ids = Array.from({ length: members }, (_, id) => id);
  const partitions = needed.map((id, partition) => {
    const replicas = [id, (id + 1) % members];
    return { partition, leader: id, replicas, isr: [id] };
  });
  return {
    brokers: ids.map((id) => ({ id, rack: undefined })),
    topics: [{ name: 'tasks', partitions }],
    minInSync: new Map([['tasks', 1]]),
    quorum: { leader: controllerId, voters: ids.slice(0, 3).map((id) => ({ id, behindMilliseconds: 0 })) },
  };
}

const unreachable = () => new ExpectedError('BrokerUnreachable', 'connect ECONNREFUSED', { retryable: true });
const denied = () => new ExpectedError('NotAuthorized', 'Not authorized');

/** A group with these members, or without any. */
export const aGroup = (...clientIds: string[]): GroupLook => ({
  clusterId: 'fake-cluster',
  state: clientIds.length > 0 ? 'Stable' : 'Empty',
  existence: 'used',
  clientIds,
});

export const noGroup: GroupLook = { clusterId: 'fake-cluster', state: 'Dead', existence: 'absent', clientIds: [] };

export const someAnswers = (): FakeAnswers => ({
  away: false,
  members: 3,
  controllerId: 0,
  underReplicatedPartitions: 0,
  needed: [],
  replicas: [],
  registered: [0, 1, 2],
  cordoned: [],
  freePercent: 50,
  moves: [],
  missing: [],
  lag: {},
  partitions: 6,
  deadLetters: 0,
  group: noGroup,
  absentGroups: [],
  deletedGroups: [],
  removedUsers: [],
  denied: [],
});
