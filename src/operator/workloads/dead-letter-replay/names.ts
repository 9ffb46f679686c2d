import type { DeadLetterReplay } from '../../../api/dead-letter-replay.ts';

export const component = 'dead-letter-replay';

/**
 * Of the consumer group that notes how far a replay is, and of its transactions. With the uid in it, it is nobody
 * else's, and a later replay of the same name begins anew.
 */
export const replayId = ({ metadata }: DeadLetterReplay) =>
  `${metadata.namespace}.${metadata.name}.replay.${metadata.uid}`;
