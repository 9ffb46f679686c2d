import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { render } from '../../../../../src/operator/event-cluster/kafka/properties.ts';

/** As the specification of java.util.Properties.load(InputStream) says: bytes are Latin-1 characters. */
function load(bytes: Buffer): Record<string, string> {
  const properties: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of logicalLines(bytes.toString('latin1'))) {
    const end = keyEnd(line);
    const separator = /^[ \t\f]*[=:]?[ \t\f]*/.exec(line.slice(end))![0];
    properties[unescape(line.slice(0, end))] = unescape(line.slice(end + separator.length));
  }
  return properties;
}

/** A line whose end is escaped goes on in the next, without the blanks that begin it. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let unfinished: string | undefined;
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line = natural.replace(/^[ \t\f]+/, '');
    if (unfinished === undefined && (line === '' || line.startsWith('#') || line.startsWith('!'))) continue;
    const whole: string = (unfinished ?? '') + line;
    const goesOn = /\\*$/.exec(line)![0].length % 2 === 1;
    unfinished = goesOn ? whole.slice(0, -1) : undefined;
    if (!goesOn) lines.push(whole);
  }
  return unfinished === undefined ? lines : [...lines, unfinished];
}

function keyEnd(line: string): number {
  for (let index = 0; index < line.length; index += 1) {
    if (line[index] === '\\') index += 1;
    else if (/[=: \t\f]/.test(line[index]!)) return index;
  }
  return line.length;
}

const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescape(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code: string | undefined, character: string) =>
    code === undefined ? (controls[character] ?? character) : String.fromCharCode(parseInt(code, 16)),
  );
}

const readBack = (properties: Record<string, string>) => ({ ...load(Buffer.from(render(properties), 'utf8')) });

describe('server.properties', () => {
  it.each([
    ['a bare carriage return', 'a\rlisteners=PLAINTEXT://:1'],
    ['a line break', 'a\r\nb\nc'],
    ['blanks at its beginning', ' \t\fa '],
    ['a backslash at its end', 'a\\'],
    ['characters beyond Latin-1', 'ü€𝄞'],
    ['what separates and comments', '=:#!'],
  ])('hold a value with %s as it is, in one line', (_, value) => {
    expect(render({ key: value }).split(/[\r\n]/)).toHaveLength(2);
    expect(readBack({ key: value })).toEqual({ key: value });
  });

  it('are read back by Java exactly as they were given, whatever they hold', () => {
    const special = fc.constantFrom('\r', '\n', '\f', '\t', ' ', '\\', '=', ':', '#', '!', 'u0041', 'ü', '€', '\0');
    const unit = fc.oneof(fc.string({ unit: 'binary' }), special);
    const text = fc.array(unit, { maxLength: 8 }).map((parts) => parts.join(''));
    const key = text.filter((name) => name !== '' && name !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(key, text, { noNullPrototype: true }), (properties) => {
        expect(readBack(properties)).toEqual(properties);
      }),
      { numRuns: 1000 },
    );
  });

  it('leave usual values as a person would write them', () => {
    expect(render({ listeners: 'INTERNAL://:9092', 'log.dirs': '/a', count: 3 })).toBe(
      'listeners=INTERNAL://:9092\nlog.dirs=/a\ncount=3\n',
    );
  });
});
