/**
 * JSON whose integers are exact: one that a JavaScript number cannot hold becomes a bigint, and is written out again by
 * the same digits. Every other value is what JSON.parse and JSON.stringify make of it.
 */

/** As long as the shortest integer beyond 2^53. Written out, because `\d{16}` takes the regular expression engine ten times as long. */
const sixteenDigits = /\d\d\d\d\d\d\d\d\d\d\d\d\d\d\d\d/;

const integer = /^-?\d+$/;

/**
 * Costs a twentieth more than JSON.parse for text without long rows of digits, and about seven times as much otherwise.
 *
 * @throws {SyntaxError} for what is not JSON
 */
export function parseExactJson(text: string): unknown {
  if (!sixteenDigits.test(text)) return JSON.parse(text);
  try {
    return parseWithSource(text, exactly);
  } catch (error) {
    // A reviver goes down as deep as the text does. What is nested thousands of times is read inexactly rather than not
    // at all: it may be one object of hundreds.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

/** @throws {TypeError} for a value that refers to itself */
export function stringifyExactJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // A bigint is the one reason that a replacer does away with. To use it always would cost several times as much.
    if (error instanceof TypeError) return JSON.stringify(value, withDigits);
    throw error;
  }
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Node 24 has both (ECMAScript's JSON.parse source text access); TypeScript's library does not know of them yet. */
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

const exactly: Reviver = (_, value, { source = '' }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && integer.test(source) ? BigInt(source) : value;

const withDigits = (_: string, value: unknown) => (typeof value === 'bigint' ? rawJSON(String(value)) : value);
