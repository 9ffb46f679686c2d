import { describe, expect, it } from '@jest/globals';
import { tidyMembers } from '../../../../../src/operator/event-cluster/kafka/tidy-members.ts';
import { fakeBrokers, someAnswers } from '../../../../support/fake-brokers.ts';

const connection = { bootstrapServers: ['events:9092'], clientId: 'test' };
const pods = (...indexes: number[]) => indexes.map((index) => ({ index, ready: true, starting: false, ending: false }));

/** Brokers 0 to 2 run, 3 and 4 are registered and away. */
async function tidy(replicas: number[][], members: Parameters<typeof tidyMembers>[1]) {
  const answers = { ...someAnswers(), registered: [0, 1, 2, 3, 4], replicas };
  const tidied = await tidyMembers(fakeBrokers(answers).replicas(connection), members);
  return { ...tidied, registered: answers.registered };
}

describe('the list of brokers that a Kafka cluster has', () => {
  it('loses those that were taken away, once they have neither a pod nor replicas', async () => {
    expect(await tidy([[0, 1]], { staying: 3, running: 3, pods: pods(0, 1, 2, 3) })).toEqual({
      registered: [0, 1, 2, 3],
      problem: undefined,
    });
  });

  it('keeps those that are to come back, and those that are being emptied', async () => {
    const registered = [0, 1, 2, 3, 4];
    expect(await tidy([[0, 1]], { staying: 5, running: 5, pods: pods(0, 1, 2) })).toMatchObject({ registered });
    expect(await tidy([[4, 3]], { staying: 3, running: 5, pods: pods(0, 1, 2) })).toEqual({
      registered,
      problem: undefined,
    });
  });

  it('names those that hold replicas and are not run', async () => {
    expect(await tidy([[0, 4]], { staying: 3, running: 3, pods: pods(0, 1, 2) })).toMatchObject({
      registered: [0, 1, 2, 4],
      problem: {
        reason: 'BrokersMissing',
        message: expect.stringMatching(/^Broker 4 has replicas, but no pod: .* 5 /),
      },
    });
  });
});
