import { withoutSlip } from '../vocabulary/misspellings.ts';

/** A piece of a sentence that the grammar looks at as a whole. */
export interface Token {
  /** `opaque` is what no grammar reads: quotations, addresses, paths. `end` stands behind the last token. */
  readonly kind: 'word' | 'number' | 'mark' | 'opaque' | 'end';
  /** In lower case, and as it is spelled. */
  readonly text: string;
  readonly raw: string;
  readonly start: number;
  readonly end: number;
  /** Whether white space, or nothing, is before it. */
  readonly isSpaced: boolean;
}

export type Tokens = readonly Token[];

/** Something that was read, up to the token before `end`. */
export interface Read<Value> {
  readonly value: Value;
  readonly end: number;
}

const pieces =
  /(?<=\d)[ap]m(?=[a-z]*day\b|tomorrow\b|tonight\b|tmr|next\b)|every(?=(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|week|month|year|morning|evening|night)s?\b)|(?:tomorrow|today|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?=at\d|\d|(?:morning|afternoon|evening|night|noon)\b)|\p{L}[\p{L}\p{M}'’]*|\d+|\uFFFC+|./gisu;

/** Splits a text in one pass: words, numbers and single marks; "9amtomorrow" has two words. */
export function tokenize(text: string): Tokens {
  const tokens: Token[] = [];
  for (const { 0: chunk, index } of text.matchAll(/\S+/g)) {
    if (isOpaque(chunk)) {
      tokens.push(toToken('opaque', chunk, index, true));
      continue;
    }
    for (const match of chunk.matchAll(pieces)) {
      tokens.push(toToken(kindOf(match[0]), match[0], index + match.index, match.index === 0));
    }
  }
  return tokens;
}

function toToken(kind: Token['kind'], raw: string, start: number, isSpaced: boolean): Token {
  const lower = raw.length > 60 ? raw : raw.toLowerCase().replaceAll('’', "'");
  const text = kind === 'word' ? (withoutSlip(lower) ?? lower) : lower;
  return { kind, text, raw, start, end: start + raw.length, isSpaced };
}

function kindOf(piece: string): Token['kind'] {
  if (piece.startsWith('\uFFFC')) return 'opaque';
  if (/^\d/.test(piece)) return 'number';
  return /^\p{L}/u.test(piece) ? 'word' : 'mark';
}

/** Addresses and paths. */
function isOpaque(chunk: string): boolean {
  if (chunk.includes('://') || chunk.startsWith('www.') || chunk.startsWith('~/') || isPath(chunk)) return true;
  const at = chunk.indexOf('@');
  return at > 0 && /^[a-z]/i.test(chunk.slice(at + 1, at + 2)) && chunk.includes('.', at);
}

/** "/etc/hosts", "/notes.txt"; but "/tomorrow" and "//tomorrow" have a date behind a mark. */
function isPath(chunk: string): boolean {
  return chunk.startsWith('/') && (chunk.indexOf('/', 2) > 0 || chunk.includes('.'));
}

const end: Token = { kind: 'end', text: '', raw: '', start: Infinity, end: Infinity, isSpaced: true };

export function at(tokens: Tokens, index: number): Token {
  return tokens[index] ?? end;
}

/** Whether the token is one of these words or marks. */
export function isOneOf(tokens: Tokens, index: number, words: ReadonlySet<string>): boolean {
  return words.has(at(tokens, index).text);
}

/** Behind the word, if it is there. */
export function skip(tokens: Tokens, index: number, ...words: readonly string[]): number {
  return words.includes(at(tokens, index).text) ? index + 1 : index;
}

/** Whether a mark or number follows without white space. */
export function isGlued(tokens: Tokens, index: number, text?: string): boolean {
  const token = at(tokens, index);
  return !token.isSpaced && token.kind !== 'end' && (text === undefined || token.text === text);
}

const punctuation = new Set('.,;!?):-–…。，！？；'.split(''));

/** Whether nothing but punctuation follows. */
export function isPunctuation(tokens: Tokens, index: number): boolean {
  let next = index;
  while (punctuation.has(at(tokens, next).text)) next++;
  return at(tokens, next).kind === 'end';
}

/** Reads the longest row of a table whose words are there; a hyphen may stand between them. */
export function phrases<Meaning>(rows: Readonly<Record<string, Meaning>>) {
  const byFirst = new Map<string, { readonly words: readonly string[]; readonly meaning: Meaning }[]>();
  for (const [phrase, meaning] of Object.entries(rows)) {
    const words = phrase.split(' ');
    byFirst.set(words[0]!, [...(byFirst.get(words[0]!) ?? []), { words, meaning }]);
  }
  for (const row of byFirst.values()) row.sort((a, b) => b.words.length - a.words.length);
  return (tokens: Tokens, index: number): Read<Meaning> | undefined => {
    for (const { words, meaning } of byFirst.get(at(tokens, index).text) ?? []) {
      const end = follow(tokens, index, words);
      if (end !== undefined) return { value: meaning, end };
    }
    return undefined;
  };
}

function follow(tokens: Tokens, index: number, words: readonly string[]): number | undefined {
  let next = index;
  for (const [position, word] of words.entries()) {
    if (position > 0 && isGlued(tokens, next, '-')) next++;
    if (at(tokens, next).text !== word) return undefined;
    next++;
  }
  return next;
}
