import type { Brokers } from '../../src/operator/brokers/brokers.ts';
import { ExpectedError } from '../../src/lib/errors.ts';

/** What the fake answers; a test changes it as it goes. */
export interface FakeAnswers {
  away: boolean;
  members: number;
  controllerId: number;
  underReplicatedPartitions: number;
  missing: string[];
  lag: Record<string, number>;
  partitions: number;
  deadLetters: number;
  deletedGroups: string[];
}

/** A fake, for brokers that would run in pods: where tests have an API server without nodes, no pod ever runs. */
export function fakeBrokers(answers: FakeAnswers, host = (id: number) => `broker-${id}`): Brokers {
  const answer = <T>(value: () => T): Promise<T> => {
    const error = new ExpectedError('BrokerUnreachable', 'connect ECONNREFUSED', { retryable: true });
    return answers.away ? Promise.reject(error) : Promise.resolve(value());
  };
  return {
    describeCluster: () =>
      answer(() => ({
        clusterId: 'fake-cluster',
        controllerId: answers.controllerId,
        brokers: Array.from({ length: answers.members }, (_, id) => ({ id, host: host(id), port: 9092 })),
        underReplicatedPartitions: answers.underReplicatedPartitions,
        leaderlessPartitions: 0,
      })),
    missingTopics: (_, topics) => answer(() => topics.filter((topic) => answers.missing.includes(topic))),
    groupProgress: () =>
      answer(() => ({
        state: 'Stable',
        lagByTopic: new Map(Object.entries(answers.lag)),
        partitions: answers.partitions,
      })),
    messageCount: () => answer(() => answers.deadLetters),
    deleteGroup: (_, group) => answer(() => void answers.deletedGroups.push(group)),
  };
}

export const someAnswers = (): FakeAnswers => ({
  away: false,
  members: 3,
  controllerId: 0,
  underReplicatedPartitions: 0,
  missing: [],
  lag: {},
  partitions: 6,
  deadLetters: 0,
  deletedGroups: [],
});
