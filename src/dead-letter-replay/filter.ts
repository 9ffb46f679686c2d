import type { DeadLetterFilter } from '../api/dead-letter-replay.ts';
import type { Letter } from './letter.ts';

/** Whether a letter is one of those that are meant. */
export function matches(filter: DeadLetterFilter, { message, errorCode }: Letter): boolean {
  const { errorCodes, keys, from, to, offsets } = filter;
  const key = message.key?.toString();
  return (
    (errorCodes === undefined || (errorCode !== undefined && errorCodes.includes(errorCode))) &&
    (keys === undefined || (key !== undefined && keys.includes(key))) &&
    (from === undefined || message.timestamp >= Date.parse(from)) &&
    (to === undefined || message.timestamp < Date.parse(to)) &&
    (offsets === undefined || offsets.some((range) => contains(range, message)))
  );
}

function contains(
  { partition, from = 0, to = Infinity }: NonNullable<DeadLetterFilter['offsets']>[number],
  message: Letter['message'],
): boolean {
  const offset = Number(message.offset);
  return partition === message.partition && from <= offset && offset < to;
}
