import type { ReplicaAdmin } from '../../brokers/brokers.ts';
import { refuseDrain, type DrainOrder, type DrainStep } from '../scale.ts';
import { movesOf, planDrain } from './drain.ts';
import { beginMoves, endThrottle, lookAtReplicas, throwFailure } from './move-replicas.ts';

/**
 * Takes the next step by which brokers are emptied. Every step can be taken twice, and what comes next is decided by what
 * the brokers say: whoever goes on after this process needs to know nothing of it.
 *
 * @param bytesPerSecond most that moves may take of a broker; 0 for no limit
 * @throws {ExpectedError} with a KafkaErrorCode: then the step is taken once more later
 */
export async function drainBrokers(admin: ReplicaAdmin, order: DrainOrder, bytesPerSecond: number): Promise<DrainStep> {
  const { leaving, staying } = order;
  const look = await lookAtReplicas(admin);
  const { tooLarge, left, begin, missing } = planDrain({ ...look, ...order });
  if (tooLarge) return refuseDrain(tooLarge, staying);
  const running = look.replicas.brokers.map(({ id }) => id);
  // What was placed on them until then may not be seen yet, so nothing is concluded from this look.
  if (
    await cordon(
      admin,
      leaving.filter((id) => running.includes(id)),
    )
  ) {
    return { step: 'moving', message: describeProgress(left, missing) };
  }
  // The controller ends a move a moment after the replica is gone.
  if (left === 0 && movesOf(look.moves, 'removing', leaving).length === 0) {
    await endThrottle(admin, look, bytesPerSecond);
    return { step: 'empty', from: staying };
  }
  // As after brokers were added, and are not wanted after all.
  const coming = movesOf(look.moves, 'adding', leaving);
  if (coming.length > 0) throwFailure(await admin.cancelReassignments(coming));
  await beginMoves(admin, begin, { brokers: running, bytesPerSecond });
  return { step: 'moving', message: describeProgress(left, missing) };
}

/**
 * Ends the emptying of brokers that are to stay: what has moved stays where it is, and what moves goes back.
 *
 * @throws {ExpectedError} with a KafkaErrorCode: then it is to be called once more
 */
export async function restoreBrokers(
  admin: ReplicaAdmin,
  brokers: readonly number[],
  bytesPerSecond: number,
): Promise<void> {
  const leaving = movesOf(await admin.listReassignments(), 'removing', brokers);
  throwFailure(await admin.cancelReassignments(leaving));
  for (const id of brokers) await admin.setCordon(id, false);
  await endThrottle(admin, await lookAtReplicas(admin), bytesPerSecond);
}

/** @returns whether any of them took new replicas until now */
async function cordon(admin: ReplicaAdmin, brokers: readonly number[]): Promise<boolean> {
  let changed = false;
  for (const id of brokers) if ((await admin.setCordon(id, true)) === 'changed') changed = true;
  return changed;
}

function describeProgress(left: number, missing: readonly number[]): string {
  const replicas = left === 1 ? '1 replica is' : `${left} replicas are`;
  const waits =
    missing.length === 0
      ? ''
      : `, and ${missing.length === 1 ? 'broker' : 'brokers'} ${missing.join(', ')} must come back`;
  return `${replicas} still to be moved away${waits}`;
}
