import type { Present } from './moment-form.ts';
import type { Tokens } from './token.ts';

/**
 * Words about time that mean nothing exact, or nothing that a task can have. They stay in the title, and the answer names
 * them. Each reader returns the index behind the words.
 */
export type ReadWords = (tokens: Tokens, start: number, present: Present) => number | undefined;
