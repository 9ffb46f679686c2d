import type { Tokens } from '../grammar/token.ts';

/** Behind the words that were left at this place, if they were. */
export type ReadLeft = (tokens: Tokens, index: number, read: Phrases) => number | undefined;

export interface Phrases {
  /** Whether the token belongs to a phrase that counts, or that the answer names. */
  readonly isTaken: (index: number) => boolean;
  readonly starts: ReadonlySet<number>;
  readonly ends: ReadonlySet<number>;
  readonly hasMeant: boolean;
  readonly hasClock: boolean;
  readonly isRecurring: boolean;
}
