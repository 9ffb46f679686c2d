import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { toolParameters } from '../../../../src/chat-api/chat/tool-calls.ts';
import { readAsTitle } from '../../../../src/chat-api/quick-add/as-title.ts';
import { readCommand, readMessage } from '../../../../src/chat-api/quick-add/command.ts';
import { arbitraryMessage } from '../../../support/arbitrary-message.ts';

const time = { now: new Date('2026-03-10T13:30:00Z'), zone: 'Europe/Berlin' };

it('reads any message as a call that its tool takes, and never throws', () => {
  fc.assert(
    fc.property(arbitraryMessage, (text) => {
      const calls = [
        readCommand(text, time),
        readAsTitle(text, time)?.call ?? { tool: 'undo' as const, arguments: {} },
      ];
      for (const { tool, arguments: parameters } of calls) {
        expect(toolParameters[tool].safeParse(parameters).error).toBeUndefined();
      }
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 1000) },
  );
});

it.each(['toString', 'constructor', '__proto__'])('takes %s, which every object has, for a word of a title', (word) => {
  for (const sentence of [`6pm ${word} buy`, `Call Bob at 6pm, remind me the ${word} before`, `${word} at 5 ${word}`]) {
    const { tool, arguments: parameters } = readCommand(sentence, time);
    expect(parameters).toMatchObject({ title: expect.stringContaining(word) });
    expect(toolParameters[tool].safeParse(parameters).error).toBeUndefined();
  }
});

it('names spans of the message that are in order, do not overlap, and hold no white space at their edges', () => {
  fc.assert(
    fc.property(arbitraryMessage, (text) => {
      for (const reading of [readMessage(text, time), readAsTitle(text, time)]) {
        let from = 0;
        for (const { start, end } of reading?.spans ?? []) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(text.slice(start, end)).toMatch(/^\S(?:[^]*\S)?$/);
          from = end;
        }
      }
    }),
  );
});
