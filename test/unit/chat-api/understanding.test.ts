import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createUnderstanding } from '../../../src/chat-api/understanding.ts';
import { createLogger } from '../../../src/lib/log.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const time = { now: new Date('2026-11-24T15:30:00Z'), zone: 'Europe/Berlin' };

// Stands for a language model, none of which can run in a test: it answers what it was told to, and keeps the question.
let model: Server;
let answer: { status: number; body: unknown };
let asked: { tools: { function: { name: string } }[]; messages: { content: string }[] };

beforeEach(async () => {
  model = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      asked = JSON.parse(text) as typeof asked;
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  }).listen(0, '127.0.0.1');
  await once(model, 'listening');
});
afterEach(() => {
  model.closeAllConnections();
  model.close();
});

const understand = async (message: string) => {
  const baseUrl = `http://127.0.0.1:${(model.address() as AddressInfo).port}/v1`;
  const { call } = await createUnderstanding({ baseUrl, model: 'any', apiKey: undefined }, logger)(message, time);
  return call;
};
const calls = (name: string, parameters: string) => ({
  status: 200,
  body: { choices: [{ message: { tool_calls: [{ function: { name, arguments: parameters } }] } }] },
});

describe('a language model', () => {
  it('chooses the tool, and is told the time of the user', async () => {
    answer = calls('create_task', '{"title":"Miete zahlen","due":"2026-11-25T09:00"}');
    expect(await understand('Morgen um neun Miete zahlen')).toEqual({
      tool: 'create_task',
      arguments: { title: 'Miete zahlen', due: '2026-11-25T09:00' },
    });
    expect(asked.tools.map((tool) => tool.function.name)).toContain('reschedule_task');
    expect(asked.messages[0]!.content).toContain('2026-11-24T16:30:00+01:00[Europe/Berlin]');
  });

  it.each([
    ['answers with an error', { status: 500, body: {} }],
    ['answers something else', { status: 200, body: { choices: [] } }],
    ['calls what is no tool', calls('drop_table', '{}')],
    ['gives a tool what it does not take', calls('create_task', '{"title":""}')],
    ['gives no JSON', calls('create_task', 'title')],
  ])('that %s leaves the message to the grammar', async (_name, wrong) => {
    answer = wrong;
    expect(await understand('Pay rent')).toEqual({ tool: 'create_task', arguments: { title: 'Pay rent' } });
  });
});
