import type { DeadLetterFilter } from '../api/dead-letter-replay.ts';
import type { Sending } from '../kafka/transactional-producer.ts';
import { matches } from './filter.ts';
import { returned, type Letter } from './letter.ts';

export interface Rules {
  readonly filter: DeadLetterFilter;
  /** A letter that went back so often stays. */
  readonly maxReturns: number;
  /** Those that letters may go to: whoever can write a letter could name any. */
  readonly topics: readonly string[];
}

/** What becomes of a letter: it goes back, or it is meant and stays, or it is not meant. */
export type Judgement = Sending | 'kept' | 'unmatched';

export function judge(letter: Letter, { filter, maxReturns, topics }: Rules): Judgement {
  if (!matches(filter, letter)) return 'unmatched';
  const { topic, isCut, returns } = letter;
  const mayReturn = topic !== undefined && topics.includes(topic) && !isCut && returns < maxReturns;
  return mayReturn ? returned(letter, topic) : 'kept';
}
