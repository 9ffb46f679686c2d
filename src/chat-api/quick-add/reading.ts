import type { ToolCall } from '../chat/tool-calls.ts';
import type { TextSpan } from './text-span.ts';

/** What a message asks for, and what of it was read as what. */
export interface Reading {
  readonly call: ToolCall;
  /** What else it asks for, in its order: all of it is done, or none. */
  readonly also?: readonly ToolCall[];
  readonly spans: readonly TextSpan[];
}

/** An answer in place of a change: what was not understood. */
export function explained(problem: string): Reading {
  return { call: { tool: 'help', arguments: { problem } }, spans: [] };
}
