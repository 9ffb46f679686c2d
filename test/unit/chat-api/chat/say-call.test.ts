import { expect, it } from '@jest/globals';
import { sayCall } from '../../../../src/chat-api/chat/say-call.ts';
import type { ToolCall } from '../../../../src/chat-api/chat/tool-calls.ts';

const id = '0b7dd56e-3a80-4f55-8dd1-5e4f2b0f2c01';

it.each<[ToolCall, string | undefined]>([
  [{ tool: 'create_task', arguments: { title: 'Pay rent' } }, 'Creating "Pay rent"'],
  [{ tool: 'create_tasks', arguments: { tasks: [{ title: 'Milk' }, { title: 'Bread' }] } }, 'Creating 2 tasks'],
  [{ tool: 'complete_task', arguments: { task: 'pay rent' } }, 'Completing "pay rent"'],
  [{ tool: 'delete_task', arguments: { task: 'it' } }, 'Deleting the task'],
  [{ tool: 'snooze_task', arguments: { task: id, by: 'P1D' } }, 'Moving the task'],
  [{ tool: 'list_tasks', arguments: {} }, 'Looking at your tasks'],
  [{ tool: 'help', arguments: {} }, undefined],
])('says what is about to be done, without an id: %j', (call, text) => {
  expect(sayCall(call)).toBe(text);
});
