import { inOrder, type Span, type TextSpan } from './text-span.ts';

// A quotation holds no other one's beginning: thousands of beginnings would each be followed to the end.
const quotations = /"[^"]+"|“[^“”]+”|«[^«»]+»|(?<![\p{L}\p{N}])'[^']+'(?![\p{L}\p{N}])/gu;

/** Stands for a quoted character: no grammar reads it as a word, and it is no space either. */
const quoted = '\u{FFFC}';

/**
 * A user's text while it is being understood: what was read as a date, a tag and so on is taken out, quotations are
 * hidden from the grammar, and what remains in the end is the title.
 */
export class WorkingText {
  /** Of the same length as the original: quotations hidden, taken pieces blank. */
  readonly visible: string;
  readonly #original: string;
  readonly #taken: readonly TextSpan[];

  constructor(original: string, taken: readonly TextSpan[] = []) {
    this.#original = original;
    this.#taken = taken;
    const hidden = original.replace(quotations, (quotation) => quoted.repeat(quotation.length));
    this.visible = blank(hidden, taken, ' ');
  }

  /** Whether a part of it is in quotation marks. */
  get hasQuotation(): boolean {
    return this.visible.includes(quoted);
  }

  /** The text without these pieces. */
  take(...spans: readonly TextSpan[]): WorkingText {
    return new WorkingText(this.#original, [...this.#taken, ...spans]);
  }

  /** What the user wrote there, quotations included. */
  slice(start: number, end?: number): string {
    return this.#original.slice(start, end);
  }

  /** What was taken, and what remains as the title, from left to right. */
  get spans(): readonly TextSpan[] {
    // A date can have a tag in its middle, which was taken before it.
    return inOrder(this.#original, [...this.#taken, { start: 0, end: this.#original.length, means: 'title' }]);
  }

  /** What remains, as one line; a title that is quoted as a whole loses its quotation marks. */
  get rest(): string {
    const rest = blank(this.#original, this.#taken, '\u0000');
    const hasTaken = this.#taken.length > 0;
    return unquote(
      rest
        .replaceAll('\u0000', ' ')
        .replace(/\s+/g, ' ')
        .replace(/ ?(?:\([ ,;]+\)|\[[ ,;]+\]|< +>)/g, hasTaken ? '' : '$&')
        .replace(/ (?=[)\]])/g, hasTaken ? '' : '$&')
        .replace(/ [,;:.!?…。，！？；]+$/, hasTaken ? '' : '$&')
        .replace(/(?: (?:[|/→➔➜@=]|[-=]{1,2}>))+\s*$/, hasTaken ? '' : '$&')
        .replace(/ (?=[,;:.!?] )/g, hasTaken ? '' : ' ')
        .replace(/(?<=[,;:])[,;](?= )/g, hasTaken ? '' : '$&')
        .replace(/^[\s,;:–—-]+|(?<![\s,;:–—-])[\s,;:–—-]+$/g, ''),
    );
  }
}

/** The text without the quotation marks around the whole of it. */
export function unquote(text: string): string {
  const trimmed = text.trim();
  const [first] = trimmed.matchAll(quotations);
  return first?.[0].length === trimmed.length ? trimmed.slice(1, -1).trim() : trimmed;
}

function blank(text: string, spans: readonly Span[], filler: string): string {
  const characters = text.split('');
  for (const { start, end } of spans) characters.fill(filler, start, end);
  return characters.join('');
}
