import { describe, expect, it } from '@jest/globals';
import type { BrokerAccess } from '../../../src/kafka/client/broker-connections.ts';
import { brokerError } from '../../../src/kafka/errors.ts';
import { leaveGroupInTime } from '../../../src/kafka/leave-group.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const sessionMilliseconds = 15_000;
const notAvailable = 15;
const notAuthorized = 30;

/** A member that leaves a group whose coordinator answers in turn as given, and then always as at last. */
function leave(...answers: readonly (() => Promise<{ errorCode: number }>)[]) {
  const clock = new ManualClock();
  const stopping = new AbortController();
  const told = { attempts: 0, isOver: false };
  const withCoordinator = () => answers[Math.min(told.attempts++, answers.length - 1)]!();
  const brokers = { withCoordinator } as unknown as BrokerAccess;
  const member = { groupId: 'readers', memberId: 'one', sessionMilliseconds, clock, logger };
  void leaveGroupInTime(() => brokers, member, stopping.signal).then(() => (told.isOver = true));
  return { clock, stopping, told };
}

const well = () => Promise.resolve({ errorCode: 0 });
const silent = () => new Promise<never>(() => {});
const fails = (code: number) => () => Promise.reject(brokerError(code)!);

describe('a member that leaves', () => {
  it('asks once when it is answered', async () => {
    const { clock, told } = leave(well);
    await clock.advance(0);
    expect(told).toEqual({ attempts: 1, isOver: true });
  });

  it('asks again, of whoever is the coordinator then, when nobody answers', async () => {
    const { clock, told } = leave(silent, fails(notAvailable), well);
    await clock.advance(2_900);
    expect(told).toEqual({ attempts: 1, isOver: false });
    await clock.advance(2_000);
    expect(told).toEqual({ attempts: 3, isOver: true });
  });

  it('leaves it once its session is over, when the group has given up on it', async () => {
    const { clock, told } = leave(silent);
    await clock.advance(sessionMilliseconds - 100);
    expect(told.isOver).toBe(false);
    await clock.advance(4_000);
    expect(told.isOver).toBe(true);
  });

  it('does not ask again when it is refused, or when the consumer stops', async () => {
    const refused = leave(fails(notAuthorized));
    await refused.clock.advance(0);
    expect(refused.told).toEqual({ attempts: 1, isOver: true });
    const stopped = leave(fails(notAvailable), well);
    stopped.stopping.abort();
    await stopped.clock.advance(0);
    expect(stopped.told).toEqual({ attempts: 1, isOver: true });
  });
});
