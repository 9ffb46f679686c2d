import { ExpectedError } from '../../src/lib/errors.ts';
import type { KafkaConnection } from '../../src/kafka/connection.ts';
import type { Brokers } from '../../src/operator/brokers/brokers.ts';
import { brokerHost } from '../../src/operator/event-cluster/names.ts';
import { fakeBrokers, someAnswers } from '../support/fake-brokers.ts';
import type { BrokerState, FakeKubelet } from './fake-kubelet.ts';
import type { Random } from '../support/random.ts';

/** How long brokers take to notice that one of them is gone, and to be in step again after it came back, at most. */
const noticeMilliseconds = 500;
const catchUpMilliseconds = 2_500;

/** A fake: brokers as the fake kubelet runs them. Those that are somewhere else are asked themselves. */
export function brokersOfPods(kubelet: FakeKubelet, namespace: string, random: Random, others: Brokers): Brokers {
  const catchingUp = new Map<string, { readonly since: number; readonly milliseconds: number }>();

  /** Each return of a broker takes its time, and the same for all who ask. */
  const isInStep = (cluster: string, { index, isUp, since }: BrokerState, now: number): boolean => {
    if (!isUp) return now - since < noticeMilliseconds;
    const key = `${cluster}-${index}`;
    let own = catchingUp.get(key);
    if (own?.since !== since)
      catchingUp.set(key, (own = { since, milliseconds: random.between(0, catchUpMilliseconds) }));
    return now - since >= own.milliseconds;
  };

  const clusterIn = (connection: KafkaConnection) => /^([^.:]+)\./.exec(connection.bootstrapServers[0] ?? '')?.[1];

  return {
    ...fakeBrokers(someAnswers()),
    // One partition on all brokers, of which no two may be out of step.
    describeAvailability: (connection) => {
      const cluster = clusterIn(connection) ?? '';
      const states = kubelet.brokersOf(cluster);
      const up = states.filter(({ isUp }) => isUp);
      if (up.length === 0) {
        return Promise.reject(new ExpectedError('BrokerUnreachable', 'connect ECONNREFUSED', { retryable: true }));
      }
      const now = performance.now();
      const replicas = states.map(({ index }) => index);
      const isr = states.filter((state) => isInStep(cluster, state, now)).map(({ index }) => index);
      const leader = random.pick(up).index;
      return Promise.resolve({
        brokers: up.map(({ index }) => ({ id: index, rack: undefined })),
        topics: [{ name: 'lab', partitions: [{ partition: 0, leader, replicas, isr }] }],
        minInSync: new Map([['lab', replicas.length - 1]]),
        quorum: { leader, voters: replicas.map((id) => ({ id, behindMilliseconds: 0 })) },
      });
    },
    describeCluster: (connection) => {
      const cluster = clusterIn(connection);
      const states = cluster === undefined || /^\d+$/.test(cluster) ? [] : kubelet.brokersOf(cluster);
      if (cluster === undefined || /^\d+$/.test(cluster)) return others.describeCluster(connection);
      const up = states.filter(({ isUp }) => isUp);
      if (up.length === 0) {
        return Promise.reject(new ExpectedError('BrokerUnreachable', 'connect ECONNREFUSED', { retryable: true }));
      }
      const now = performance.now();
      return Promise.resolve({
        clusterId: `lab-${cluster}`,
        controllerId: random.pick(up).index,
        brokers: up.map(({ index }) => ({
          id: index,
          host: brokerHost({ name: cluster, namespace }, index),
          port: 9092,
        })),
        topics: 1,
        partitions: states.length * 4,
        underReplicatedPartitions: states.filter((state) => !isInStep(cluster, state, now)).length * 4,
        leaderlessPartitions: 0,
      });
    },
  };
}
