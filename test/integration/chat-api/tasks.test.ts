import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { execa } from 'execa';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import webPush from 'web-push';
import { publicPushNetwork } from '../../../src/chat-api/push/push-endpoint.ts';
import type { TaskUpdated } from '../../../src/events/catalogue.ts';
import { decodeEvent } from '../../../src/events/decode.ts';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { bob, MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';
import { documentedCommands } from '../../support/documents.ts';
import { until } from '../../support/until.ts';

let postgres: Postgres;
let api: RunningChatApi;
const publisher = new MemoryPublisher();

beforeAll(async () => {
  postgres = await startPostgres();
  const push = {
    keys: { ...webPush.generateVAPIDKeys(), subject: 'mailto:a@example.org' },
    network: publicPushNetwork,
  };
  api = await startChatApi(await postgres.createDatabase(), publisher, { push });
});
afterAll(async () => {
  await api?.stop();
  await postgres?.stop();
});

const asBob = { Authorization: `Bearer ${bob}` };
const post = (body: unknown, headers = {}) => api.ask('/v1/tasks', { method: 'POST', body, headers });

async function create(fields: Record<string, unknown> = {}) {
  const { body } = await post({ title: 'Pay rent', ...fields });
  return body as { id: string; version: number; due_date: string | null };
}

/** The task's events, in the order of their publishing. */
/** The events of a task by version: each topic has them in this order, and topics do not wait for one another. */
async function published(taskId: unknown, count: number) {
  const sent = () => publisher.sent.filter(({ message }) => message.key === taskId);
  await until(() => sent().length >= count);
  const events = sent().map(({ topic, message }) => ({ topic, ...decodeEvent(message), headers: message.headers }));
  const byVersion = events.toSorted((one, other) => one.version - other.version);
  const ofTopic = (name: string, all: typeof events) => all.filter(({ topic }) => topic === name);
  for (const { topic } of events) expect(ofTopic(topic, events)).toEqual(ofTopic(topic, byVersion));
  return byVersion;
}

describe('a task', () => {
  it('is created with defaults, read, changed and deleted, each with its event', async () => {
    const created = await post({ title: ' Pay rent ', due_date: '2026-12-01T10:00:00+01:00', tags: ['Home', 'home'] });
    expect(created).toMatchObject({
      status: 201,
      body: { title: 'Pay rent', due_date: '2026-12-01T09:00:00.000Z', tags: ['home'], priority: 'MEDIUM', version: 1 },
    });
    const location = created.headers.get('Location')!;
    expect(created.headers.get('ETag')).toBe('"1"');
    expect((await api.ask(location)).body).toEqual(created.body);

    const patched = await api.ask(location, { method: 'PATCH', body: { status: 'IN_PROGRESS', due_date: null } });
    expect(patched.body).toMatchObject({ title: 'Pay rent', status: 'IN_PROGRESS', due_date: null, version: 2 });
    expect((await api.ask(location, { method: 'DELETE' })).status).toBe(204);
    expect((await api.ask(location)).body).toMatchObject({ status: 404, code: 'TaskNotFound' });

    const task_id = created.body.id;
    const events = await published(task_id, 3);
    expect(events).toMatchObject([
      {
        topic: 'task-events',
        version: 1,
        event: { event_type: 'task-created', payload: { task_id, title: 'Pay rent' } },
      },
      {
        topic: 'task-updates',
        version: 2,
        event: {
          event_type: 'task-updated',
          payload: {
            task_id,
            changes: {
              status: { old: 'TODO', new: 'IN_PROGRESS' },
              due_date: { old: '2026-12-01T09:00:00.000Z', new: null },
            },
          },
        },
      },
      { topic: 'task-events', version: 3, event: { event_type: 'task-deleted', payload: { task_id } } },
    ]);
    const { changes } = events[1]!.event.payload as TaskUpdated['payload'];
    expect(Object.keys(changes).toSorted()).toEqual(['due_date', 'status']);
  });

  it('stays as it is, without an event, when a patch says what is so already', async () => {
    const { id } = await create();
    const change = (title: string) => api.ask(`/v1/tasks/${id}`, { method: 'PATCH', body: { title } });
    expect((await change('Pay rent')).body).toMatchObject({ version: 1 });
    await change('Pay the rent');
    expect((await published(id, 2)).map(({ version }) => version)).toEqual([1, 2]);
  });

  it('skips an occurrence, which can be undone, and is done after the last one', async () => {
    const recurrence = { rule: 'FREQ=DAILY;COUNT=3', time_zone: 'UTC' };
    const { id } = await create({ due_date: '2100-01-01T09:00:00Z', recurrence });
    const skip = () => api.ask(`/v1/tasks/${id}/skip`, { method: 'POST' });
    const skipped = await skip();
    expect(skipped.body).toMatchObject({
      due_date: '2100-01-02T09:00:00.000Z',
      recurrence: { ...recurrence, excluded: ['2100-01-01T09:00:00.000Z'] },
    });
    const change = skipped.headers.get('Change-Id');
    const undone = await api.ask('/v1/undo', { method: 'POST', body: { change } });
    expect(undone.body.tasks).toMatchObject([{ id, due_date: '2100-01-01T09:00:00.000Z', recurrence }]);
    expect([(await skip()).body.status, (await skip()).body.due_date]).toEqual(['TODO', '2100-01-03T09:00:00.000Z']);
    expect((await skip()).body).toMatchObject({ status: 'DONE', due_date: '2100-01-03T09:00:00.000Z' });
    const once = await create({ due_date: '2100-01-01T09:00:00Z' });
    expect(await api.ask(`/v1/tasks/${once.id}/skip`, { method: 'POST' })).toMatchObject({
      status: 409,
      body: { code: 'NotRecurring' },
    });
  });

  it('moves to its next occurrence when completed, and is done when it does not recur', async () => {
    const recurrence = { rule: 'FREQ=WEEKLY', time_zone: 'Europe/Berlin' };
    const weekly = await create({ due_date: '2100-03-22T08:00:00Z', recurrence });
    const next = await api.ask(`/v1/tasks/${weekly.id}/complete`, { method: 'POST' });
    // Nine o'clock in Berlin, before and after the clocks change.
    expect(next.body).toMatchObject({ status: 'TODO', due_date: '2100-03-29T07:00:00.000Z' });
    const once = await create();
    expect((await api.ask(`/v1/tasks/${once.id}/complete`, { method: 'POST' })).body).toMatchObject({ status: 'DONE' });
  });

  it('leaves excluded occurrences out, of the series as it began', async () => {
    const excluded = ['2100-01-02T09:00:00Z', '2100-01-02T10:00:00+01:00', '2100-01-04T09:00:00Z'];
    const recurrence = { rule: 'FREQ=DAILY;COUNT=5', time_zone: 'UTC', excluded: excluded.slice(0, 2) };
    const { id } = await create({ due_date: '2100-01-01T09:00:00Z', recurrence });
    const complete = async () => (await api.ask(`/v1/tasks/${id}/complete`, { method: 'POST' })).body;
    const kept = { ...recurrence, excluded: ['2100-01-02T09:00:00.000Z'] };
    expect(await complete()).toMatchObject({ due_date: '2100-01-03T09:00:00.000Z', recurrence: kept });
    const change = (body: object) => api.ask(`/v1/tasks/${id}`, { method: 'PATCH', body });
    expect((await change({ recurrence })).body).toMatchObject({ version: 2 });
    await change({ recurrence: { ...recurrence, excluded } });
    expect(await complete()).toMatchObject({ due_date: '2100-01-05T09:00:00.000Z' });
    expect(await complete()).toMatchObject({ status: 'DONE' });
    const [created, , changed] = await published(id, 5);
    expect(created!.event.payload).toMatchObject({ recurrence: kept });
    expect(changed!.event.payload).toMatchObject({
      changes: {
        recurrence: { old: kept, new: { excluded: ['2100-01-02T09:00:00.000Z', '2100-01-04T09:00:00.000Z'] } },
      },
    });
  });

  it('repeats from the day on which it is done, where the user wants that', async () => {
    const recurrence = { rule: 'FREQ=DAILY;INTERVAL=3', time_zone: 'UTC', from_completion: true };
    const { id } = await create({ due_date: '2020-01-01T09:00:00Z', recurrence });
    const before = Date.now();
    const { body } = await api.ask(`/v1/tasks/${id}/complete`, { method: 'POST' });
    expect(body).toMatchObject({ status: 'TODO', recurrence });
    const days = (Date.parse(String(body.due_date)) - Date.parse('2020-01-01T09:00:00Z')) / 86_400_000;
    const today = Math.floor((before - Date.parse('2020-01-01T00:00:00Z')) / 86_400_000);
    // Midnight may have passed meanwhile.
    expect([today + 3, today + 4]).toContain(days);
    const [created] = await published(id, 1);
    expect(created!.event.payload).toMatchObject({ recurrence });
  });

  it('has reminders of its own, of which its events tell', async () => {
    const { id } = await create({ due_date: '2100-01-01T09:00:00Z', reminders: [3600, 60, 3600] });
    const change = async (body: object) => (await api.ask(`/v1/tasks/${id}`, { method: 'PATCH', body })).body;
    expect((await api.ask(`/v1/tasks/${id}`)).body).toMatchObject({ reminders: [60, 3600] });
    expect(await change({ reminders: [60, 3600] })).toMatchObject({ version: 1 });
    expect(await change({ reminders: [86_400] })).toMatchObject({ version: 2, reminders: [86_400] });
    expect(await change({ reminders: [] })).not.toHaveProperty('reminders');
    const [created, changed, cleared] = await published(id, 3);
    expect(created!.event.payload).toMatchObject({ reminders: [60, 3600] });
    const due = '2100-01-01T09:00:00.000Z';
    expect(changed!.event.payload).toMatchObject({
      changed_fields: ['due_date'],
      changes: { due_date: { old: due, new: due } },
      reminders: [86_400],
    });
    expect(cleared!.event.payload).toMatchObject({ reminders: [] });
  });

  it('belongs to its user alone', async () => {
    const { id } = await create();
    const asked = { headers: asBob };
    expect((await api.ask(`/v1/tasks/${id}`, asked)).status).toBe(404);
    expect((await api.ask(`/v1/tasks/${id}`, { ...asked, method: 'DELETE' })).status).toBe(404);
    expect((await api.ask(`/v1/tasks/${id}`, { ...asked, method: 'PATCH', body: { title: 'x' } })).status).toBe(404);
    expect((await api.ask('/v1/tasks', asked)).body).toEqual({ items: [], next_cursor: null });
    expect((await api.ask(`/v1/tasks/${id}`)).status).toBe(200);
  });

  it('is protected from lost updates by If-Match', async () => {
    const { id } = await create();
    const change = (tag: string) =>
      api.ask(`/v1/tasks/${id}`, { method: 'PATCH', body: { title: tag }, headers: { 'If-Match': tag } });
    expect((await change('"1"')).body).toMatchObject({ version: 2 });
    expect((await change('"1"')).body).toMatchObject({ status: 412, code: 'VersionMismatch' });
    expect((await change('"1", "2"')).body).toMatchObject({ version: 3 });
    // Weak tags match nothing (RFC 9110, 13.1.1), and a tag that no task ever had matches none.
    for (const tag of ['W/"3"', '"abc"', 'W/"a,b", "c,3"']) {
      expect((await change(tag)).body).toMatchObject({ status: 412, code: 'VersionMismatch' });
    }
    expect((await change('three')).body).toMatchObject({ status: 400, errors: [{ field: 'If-Match' }] });
    const unchanged = await api.ask(`/v1/tasks/${id}`, { headers: { 'If-None-Match': '"3"' } });
    expect(unchanged.status).toBe(304);
  });

  it('takes concurrent changes one after the other, each with a version and an event', async () => {
    const { id } = await create();
    const titles = Array.from({ length: 20 }, (_, index) => `Title ${index}`);
    await Promise.all(titles.map((title) => api.ask(`/v1/tasks/${id}`, { method: 'PATCH', body: { title } })));
    const events = await published(id, 21);
    expect(events.map(({ version }) => version)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
  });
});

describe('the list', () => {
  it('comes in pages that together have each task once, the soonest due first', async () => {
    const dates = [null, '2030-01-02T00:00:00.000Z', '2030-01-01T00:00:00.000Z', null, '2030-01-02T00:00:00.000Z'];
    const tag = `t${randomUUID().slice(0, 8)}`;
    for (const due_date of dates) await create({ due_date, tags: [tag] });
    const found: (string | null)[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await api.ask(`/v1/tasks?tag=${tag}&limit=2${cursor && `&cursor=${cursor}`}`);
      const page = body as { items: { due_date: string | null }[]; next_cursor: string | null };
      found.push(...page.items.map(({ due_date }) => due_date));
      cursor = page.next_cursor;
    }
    expect(found).toEqual([dates[2], dates[1], dates[4], null, null]);
  });

  it('is filtered by status, priority, text and due date', async () => {
    const tag = `f${randomUUID().slice(0, 8)}`;
    const one = await create({ title: '100% sure', priority: 'HIGH', due_date: '2031-01-01T00:00:00Z', tags: [tag] });
    const two = await create({ title: 'another', status: 'DONE', tags: [tag] });
    const ids = async (query: string) => {
      const { body } = await api.ask(`/v1/tasks?tag=${tag}&${query}`);
      return (body.items as { id: string }[]).map(({ id }) => id);
    };
    expect(await ids('status=TODO&status=IN_PROGRESS')).toEqual([one.id]);
    expect(await ids('status=TODO&status=DONE')).toEqual([one.id, two.id]);
    expect(await ids('priority=HIGH')).toEqual([one.id]);
    expect(await ids('text=0%25')).toEqual([one.id]);
    expect(await ids('due_from=2031-01-01T00:00:00Z&due_before=2031-01-02T00:00:00Z')).toEqual([one.id]);
    expect(await ids('due_before=2031-01-01T00:00:00Z')).toEqual([]);
  });
});

const recurring = (rule: string) => ({ due_date: '2026-12-01T10:00:00Z', recurrence: { rule, time_zone: 'UTC' } });

describe('a request', () => {
  it('with an Idempotency-Key is run once, even when sent twice at once', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const answers = await Promise.all([post({ title: 'Once' }, headers), post({ title: 'Once' }, headers)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[0].body).toEqual(answers[1].body);
    expect(answers.map((answer) => answer.headers.get('Idempotency-Replayed')).toSorted()).toEqual(
      ['true', null].toSorted(),
    );
    const other = await post({ title: 'Other' }, headers);
    expect(other.body).toMatchObject({ status: 422, code: 'IdempotencyKeyReused' });
    // Another user's keys are another user's.
    expect((await post({ title: 'Other' }, { ...headers, ...asBob })).status).toBe(201);
  });

  it('with the Idempotency-Key of one with another If-Match is another request', async () => {
    const { id } = await create();
    const complete = (tag: string, key: string) =>
      api.ask(`/v1/tasks/${id}/complete`, { method: 'POST', headers: { 'If-Match': tag, 'Idempotency-Key': key } });
    const key = randomUUID();
    expect((await complete('"1"', key)).status).toBe(200);
    expect((await complete('"2"', key)).body).toMatchObject({ status: 422, code: 'IdempotencyKeyReused' });
    expect((await complete('"1"', key)).headers.get('Idempotency-Replayed')).toBe('true');
  });

  it('finds a tag by all forms of its letters', async () => {
    const tag = `İ${randomUUID().slice(0, 8)}`;
    const { id, tags } = (await post({ title: 'Tagged', tags: [tag, 'हिन्दी'] })).body;
    expect(tags).toEqual([tag.toLowerCase(), 'हिन्दी']);
    for (const form of [tag, ...(tags as string[])]) {
      const { body } = await api.ask(`/v1/tasks?tag=${encodeURIComponent(form)}`);
      expect(body.items).toContainEqual(expect.objectContaining({ id }));
    }
    expect((await api.ask(`/v1/tasks/${String(id)}`, { method: 'PATCH', body: { tags } })).status).toBe(200);
  });

  it('that fails does not use its Idempotency-Key up', async () => {
    const headers = { 'Idempotency-Key': randomUUID() };
    const recurrence = { rule: 'FREQ=DAILY', time_zone: 'UTC' };
    expect((await post({ title: 'Daily', recurrence }, headers)).body).toMatchObject({
      code: 'RecurrenceNeedsDueDate',
    });
    expect((await post({ title: 'Daily', recurrence, due_date: '2030-01-01T00:00:00Z' }, headers)).status).toBe(201);
  });

  it('passes its correlation id and trace context on into answer and event', async () => {
    const correlationId = randomUUID();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const answer = await post({ title: 'Traced' }, { 'X-Correlation-ID': correlationId, traceparent });
    expect(answer.headers.get('X-Correlation-ID')).toBe(correlationId);
    const [event] = await published(answer.body.id, 1);
    expect(event!.event.correlation_id).toBe(correlationId);
    expect(event!.headers).toMatchObject({ ce_correlationid: correlationId, traceparent });
  });

  it.each([
    ['no title', {}, 'title'],
    ['an empty title', { title: '  ' }, 'title'],
    ['a title with NUL', { title: 'a\u0000b' }, 'title'],
    ['half a character', { title: 'a\ud800' }, 'title'],
    ['a title that nobody sees', { title: '\u200b' }, 'title'],
    ['a tag that is too long in small letters', { title: 'x', tags: ['İ'.repeat(50)] }, 'tags.0'],
    ['a rule with a comma behind it', { title: 'x', ...recurring('FREQ=WEEKLY;BYDAY=MO,') }, 'recurrence.rule'],
    [
      'a rule that is too long',
      { title: 'x', ...recurring(`FREQ=DAILY;BYHOUR=${'1,'.repeat(300)}1`) },
      'recurrence.rule',
    ],
    [
      'too many excluded occurrences',
      {
        title: 'x',
        recurrence: { rule: 'FREQ=DAILY', time_zone: 'UTC', excluded: Array(101).fill('2030-01-01T00:00:00Z') },
      },
      'recurrence.excluded',
    ],
    ['an offset that no zone has', { title: 'x', due_date: '2026-12-01T10:00:00+23:59' }, 'due_date'],
    ['a fraction of 200 digits', { title: 'x', due_date: `2026-12-01T10:00:00.${'1'.repeat(200)}Z` }, 'due_date'],
    ['an unknown priority', { title: 'x', priority: 'URGENT' }, 'priority'],
    ['a date without a zone', { title: 'x', due_date: '2026-12-01T10:00:00' }, 'due_date'],
    ['a date before all time', { title: 'x', due_date: '0000-01-01T00:00:00Z' }, 'due_date'],
    [
      'a wrong rule',
      { title: 'x', due_date: '2026-12-01T10:00:00Z', recurrence: { rule: 'FREQ=SOMETIMES', time_zone: 'UTC' } },
      'recurrence.rule',
    ],
    [
      'an unknown zone',
      { title: 'x', recurrence: { rule: 'FREQ=DAILY', time_zone: 'Mars/Olympus' } },
      'recurrence.time_zone',
    ],
    ['an unknown field', { title: 'x', colour: 'red' }, 'colour'],
  ])('with %s is refused with a problem that names the field', async (_name, body, field) => {
    const answer = await post(body);
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status: 400, code: 'InvalidRequest', errors: [{ field }] });
  });

  it.each([
    ['no token', {}, { headers: { Authorization: '' } }, 401, 'Unauthenticated'],
    ['a wrong token', {}, { headers: { Authorization: 'Bearer nobody' } }, 401, 'Unauthenticated'],
    ['broken JSON', {}, { body: '{"title":' }, 400, 'InvalidJson'],
    [
      'a form',
      {},
      { body: 'title=x', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      'UnsupportedMediaType',
    ],
    ['a huge body', {}, { body: { title: 'x'.repeat(70_000) } }, 413, 'BodyTooLarge'],
    [
      'a correlation id that is none',
      {},
      { body: { title: 'x' }, headers: { 'X-Correlation-ID': '7' } },
      400,
      'InvalidRequest',
    ],
    ['another method', {}, { method: 'PUT', body: {} }, 405, 'MethodNotAllowed'],
  ])('with %s is refused', async (_name, _path, asking, status, code) => {
    expect((await api.ask('/v1/tasks', { method: 'POST', ...asking })).body).toMatchObject({ status, code });
  });

  const cursorAt = (date: string) => Buffer.from(JSON.stringify([date, randomUUID()])).toString('base64url');

  it.each([
    ['/v1/tasks/not-a-uuid', 'id'],
    ['/v1/tasks/%00', 'id'],
    ['/v1/tasks?limit=0', 'limit'],
    ['/v1/tasks?cursor=abc', 'cursor'],
    ['/v1/tasks?colour=red', 'colour'],
    ['/v1/tasks?text=%00', 'text'],
    ['/v1/tasks?due_from=0000-01-01T00:00:00Z', 'due_from'],
    ['/v1/tasks?due_before=2026-12-01T10:00:00%2B23:59', 'due_before'],
    [`/v1/tasks?due_from=2026-12-01T10:00:00.${'1'.repeat(200)}Z`, 'due_from'],
    [`/v1/tasks?cursor=${cursorAt('0000-01-01T00:00:00Z')}`, 'cursor'],
    [`/v1/tasks?cursor=${cursorAt(`2026-12-01T10:00:00.${'1'.repeat(200)}Z`)}`, 'cursor'],
  ])('for %s is refused with a problem that names %s', async (path, field) => {
    expect((await api.ask(path)).body).toMatchObject({ status: 400, code: 'InvalidRequest', errors: [{ field }] });
  });

  it.each([
    ['a correlation id that is none', { 'X-Correlation-ID': '7' }, { title: 'x' }],
    ['a huge body', {}, { title: 'x'.repeat(70_000) }],
  ])('without a token is refused as such first, with %s, too', async (_name, headers, body) => {
    const unknown = { Authorization: '', ...headers };
    const answer = await api.ask('/v1/tasks', { method: 'POST', body, headers: unknown });
    expect(answer.body).toMatchObject({ status: 401, code: 'Unauthenticated' });
    expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });

  it('that is refused is answered with the security headers', async () => {
    const answer = await api.ask('/v1/tasks', { headers: { 'X-Correlation-ID': '7' } });
    expect(answer.body).toMatchObject({ status: 400, errors: [{ field: 'X-Correlation-ID' }] });
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });

  it('is known by the tokens as they are in the Secret now', async () => {
    const file = join(api.tokensDirectory, 'carol');
    const asCarol = () => api.ask('/v1/tasks', { headers: { Authorization: 'Bearer token-of-carol' } });
    expect((await asCarol()).status).toBe(401);
    await writeFile(file, 'token-of-carol\n');
    await until(async () => (await asCarol()).status === 200);
    await rm(file);
    await until(async () => (await asCarol()).status === 401);
  });
});

describe('the description of the API', () => {
  it('is OpenAPI 3.1 and names every path', async () => {
    const { body } = await api.ask('/openapi.json', { headers: { Authorization: '' } });
    expect(body.openapi).toBe('3.1.0');
    const tasks = ['', '/{id}', '/{id}/complete', '/{id}/skip'].map((path) => `/v1/tasks${path}`);
    const paths = [
      ...['/v1/chat', '/v1/events', '/v1/push', '/v1/push/subscriptions', '/v1/push/subscriptions/{id}', '/v1/redo'],
      ...['/v1/reminders', '/v1/reminders/{id}', '/v1/sign-in'],
      ...[...tasks, '/v1/undo'],
    ];
    expect(Object.keys(body.paths as object).toSorted()).toEqual(paths);
  });
});

describe('the REST reference', () => {
  const commands = documentedCommands()
    .filter(({ document, text }) => document === 'docs/rest-api.md' && text.startsWith('curl '))
    .map(({ text }) => text);

  it('has a command for every operation, each of which works as it is printed', async () => {
    expect(commands).toHaveLength(18);
    for (const command of commands) {
      const recurrence = { rule: 'FREQ=DAILY', time_zone: 'UTC' };
      const { body } = await post({ title: 'Of the reference', due_date: '2030-01-01T09:00:00Z', recurrence }, asBob);
      // Something to undo, and then to redo.
      if (/v1.redo/.test(command)) await api.ask('/v1/undo', { method: 'POST', headers: asBob });
      const { stdout, exitCode } = await execa('bash', ['-c', `${command} --write-out '\\n%{http_code}'`], {
        env: { API: api.url, TOKEN: bob, ID: String(body['id']) },
        reject: false,
      });
      // A stream goes on until curl's time is over.
      expect({ command, exitCode }).toEqual({ command, exitCode: command.includes('--max-time') ? 28 : 0 });
      expect({ command, status: stdout.split('\n').at(-1) }).toEqual({
        command,
        status: expect.stringMatching(/^20[014]$/),
      });
    }
  });
});
