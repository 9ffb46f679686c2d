import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Client } from 'pg';
import webPush from 'web-push';
import { userIdOf } from '../../../src/chat-api/http/user-id.ts';
import { systemClock, type Clock } from '../../../src/lib/clock.ts';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { bob, MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';
import { openEventStream } from '../../support/event-stream.ts';
import { startPushServiceStandIn, type PushServiceStandIn } from '../../support/push-service-stand-in.ts';
import { until } from '../../support/until.ts';

let postgres: Postgres;
let databaseUri: string;
let api: RunningChatApi;
/** Another replica on the same database. */
let replica: RunningChatApi;
let pushService: PushServiceStandIn;
const pushKeys = { ...webPush.generateVAPIDKeys(), subject: 'mailto:admin@example.org' };
/** By how much the clock of the APIs is ahead. */
let ahead = 0;
const clock: Clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + ahead) };

beforeAll(async () => {
  [postgres, pushService] = await Promise.all([startPostgres(), startPushServiceStandIn()]);
  databaseUri = await postgres.createDatabase();
  const push = { keys: pushKeys, network: pushService.network };
  [api, replica] = await Promise.all([
    startChatApi(databaseUri, new MemoryPublisher(), { push, clock }),
    startChatApi(databaseUri, new MemoryPublisher(), { push, clock }),
  ]);
});
afterAll(async () => {
  await api?.stop();
  await replica?.stop();
  await pushService?.stop();
  await postgres?.stop();
});

async function create(title: string): Promise<string> {
  const { body } = await api.ask('/v1/tasks', { method: 'POST', body: { title } });
  return body.id as string;
}

function reminderFor(user: string, title: string) {
  return {
    event_id: randomUUID(),
    event_type: 'reminder-due' as const,
    event_version: 'v1' as const,
    timestamp: new Date().toISOString(),
    correlation_id: randomUUID(),
    producer: 'reminder-worker' as const,
    payload: {
      task_id: randomUUID(),
      user_id: userIdOf(user),
      title,
      due_date: new Date().toISOString(),
      lead_time_seconds: 0,
    },
  };
}

describe('GET /v1/events', () => {
  it('tells changes of tasks on every replica', async () => {
    const streams = await Promise.all([openEventStream(api.url), openEventStream(replica.url)]);
    await Promise.all(streams.map((stream) => stream.next('ready')));
    const id = await create('Live');
    for (const stream of streams) {
      expect((await stream.next('task')).data).toMatchObject({ task: { id, title: 'Live', version: 1 } });
    }
    await api.ask(`/v1/tasks/${id}`, { method: 'DELETE' });
    for (const stream of streams) {
      expect((await stream.next('task')).data).toEqual({ deleted: { id, version: 2 } });
      stream.close();
    }
  });

  it('goes on after Last-Event-ID, with each task as it is now', async () => {
    const stream = await openEventStream(api.url);
    const { id: position } = await stream.next('ready');
    stream.close();
    await stream.ended;
    const kept = await create('Kept');
    const gone = await create('Gone');
    await api.ask(`/v1/tasks/${gone}`, { method: 'DELETE' });
    await api.ask(`/v1/tasks/${kept}`, { method: 'PATCH', body: { title: 'Kept still' } });
    const again = await openEventStream(replica.url, position);
    expect((await again.next('task')).data).toEqual({ deleted: { id: gone, version: 2 } });
    expect((await again.next('task')).data).toMatchObject({ task: { id: kept, title: 'Kept still', version: 2 } });
    again.close();
  });

  it('tells reminders to their user only, and those missed when it connects again', async () => {
    const [ofAlice, ofBob] = await Promise.all([openEventStream(api.url), openEventStream(api.url, undefined, bob)]);
    await Promise.all([ofAlice.next('ready'), ofBob.next('ready')]);
    await api.reminders.add([reminderFor('alice', 'Pay rent'), reminderFor('bob', 'Call Ann')]);
    const reminder = await ofAlice.next('reminder');
    expect(reminder.data).toMatchObject({ title: 'Pay rent', lead_time_seconds: 0 });
    expect((await ofBob.next('reminder')).data).toMatchObject({ title: 'Call Ann' });
    ofAlice.close();
    ofBob.close();
    const missed = reminderFor('alice', 'Missed');
    await api.reminders.add([missed]);
    await api.reminders.add([missed, missed]); // Kafka delivers at least once
    const again = await openEventStream(api.url, reminder.id);
    expect((await again.next('reminder')).data).toMatchObject({ title: 'Missed' });
    await create('After the reminder');
    await again.next('task');
    expect(again.received.filter(({ event }) => event === 'reminder')).toHaveLength(1);
    again.close();
  });

  it('goes on after a reminder that was fired by a clock an hour ahead, also from a replica that starts later', async () => {
    const stream = await openEventStream(api.url);
    await stream.next('ready');
    const timestamp = new Date(Date.now() + 3_600_000).toISOString();
    await api.reminders.add([{ ...reminderFor('alice', 'Early'), timestamp }]);
    const early = () => stream.received.find(({ data }) => data.title === 'Early');
    await until(() => early() !== undefined);
    const position = early()!.id;
    stream.close();
    await replica.reminders.add([reminderFor('alice', 'On time')]);
    const later = await startChatApi(databaseUri, new MemoryPublisher());
    for (const { url } of [api, replica, later]) {
      const again = await openEventStream(url, position);
      expect((await again.next('reminder')).data).toMatchObject({ title: 'On time' });
      again.close();
    }
    await later.stop();
  });

  it('begins anew after a position that this database has not given', async () => {
    await api.reminders.add([reminderFor('bob', 'From before')]);
    const stream = await openEventStream(api.url, `900.${Date.now()}`, bob);
    const { data } = await stream.next('ready');
    expect(data.revision).toBeLessThan(900);
    expect((await stream.next('reminder')).data).toMatchObject({ title: 'Call Ann' });
    expect((await stream.next('reminder')).data).toMatchObject({ title: 'From before' });
    stream.close();
  });

  it('counts neither HEAD requests nor streams whose client has gone', async () => {
    const { port } = new URL(api.url);
    const request = `GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${bob}\r\n\r\n`;
    for (let count = 0; count < 25; count++) {
      const head = await api.ask('/v1/events', { method: 'HEAD', headers: { Authorization: `Bearer ${bob}` } });
      expect(head.status).toBe(200);
      expect(head.headers.get('Content-Type')).toBe('text/event-stream');
      // Half closed: it says no more, but would go on listening.
      const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
      socket.write(request);
      await once(socket, 'data');
      socket.end();
      await once(socket.resume(), 'end');
    }
    await until(async () => {
      const stream = await openEventStream(api.url, undefined, bob);
      stream.close();
      return stream.status === 200;
    });
  });

  it('ends its streams when the program stops, and answers what is under way', async () => {
    const stopping = await startChatApi(databaseUri, new MemoryPublisher());
    const stream = await openEventStream(stopping.url);
    await stream.next('ready');
    const id = await create('Held up');
    const holding = new Client({ connectionString: databaseUri });
    await holding.connect();
    await holding.query('BEGIN');
    await holding.query('SELECT 1 FROM chat.tasks WHERE id = $1 FOR UPDATE', [id]);
    const asked = stopping.ask(`/v1/tasks/${id}`, { method: 'PATCH', body: { title: 'Late' } });
    await until(async () => {
      // Within a transaction, what a first look saw is shown again and again.
      await holding.query('SELECT pg_stat_clear_snapshot()');
      const { rowCount } = await holding.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`);
      return rowCount === 1;
    });
    const stopped = stopping.stop();
    await stream.ended;
    await holding.query('COMMIT');
    await holding.end();
    expect(await asked).toMatchObject({ status: 200, body: { title: 'Late' } });
    await stopped;
  });
});

describe('/v1/reminders', () => {
  it('lists what fired, also days ago while nobody was there to hear it, until it is dismissed', async () => {
    const list = async (from: RunningChatApi = api) => {
      const { items } = (await from.ask('/v1/reminders')).body as { items: { id: string; title: string }[] };
      return items;
    };
    const dismiss = (path: string) => api.ask(`/v1/reminders${path}`, { method: 'DELETE' });
    expect((await dismiss('')).status).toBe(204);
    expect(await list()).toEqual([]);
    const daysAgo = (days: number) => ({ timestamp: new Date(Date.now() - days * 24 * 3_600_000).toISOString() });
    const fired = [
      { ...reminderFor('alice', 'Forgotten'), ...daysAgo(8) },
      { ...reminderFor('alice', 'Old'), ...daysAgo(6) },
      reminderFor('alice', 'One'),
      reminderFor('alice', 'Two'),
      reminderFor('bob', 'Not hers'),
    ];
    await api.reminders.add(fired);
    expect((await list(replica)).map(({ title }) => title)).toEqual(['Two', 'One', 'Old']);
    const [two, one, old] = await list();
    expect((await dismiss(`/${one!.id}`)).status).toBe(204);
    expect((await dismiss(`/${one!.id}`)).status).toBe(204);
    await api.reminders.add([fired[2]!]); // Kafka delivers at least once
    expect(await list(replica)).toEqual([two, old]);
    // What fires after the page was drawn has not been seen.
    await api.reminders.add([reminderFor('alice', 'Unseen')]);
    expect((await dismiss(`?up_to=${two!.id}`)).status).toBe(204);
    expect(await list()).toMatchObject([{ title: 'Unseen' }]);
    expect((await dismiss(`/${fired[4]!.event_id}`)).status).toBe(204);
    const ofBob = await api.ask('/v1/reminders', { headers: { Authorization: `Bearer ${bob}` } });
    expect(ofBob.body.items).toContainEqual(expect.objectContaining({ title: 'Not hers' }));
    expect(await dismiss('/nonsense')).toMatchObject({ status: 400, body: { code: 'InvalidRequest' } });
  });
});

describe('Web Push', () => {
  const subscribe = async (headers = {}) => {
    const subscription = pushService.subscribe(pushKeys.publicKey);
    const body = { ...subscription, expirationTime: null };
    const answer = await api.ask('/v1/push/subscriptions', { method: 'POST', body, headers });
    expect(answer.status).toBe(201);
    return { id: answer.body.id as string, ...subscription };
  };
  const received = (endpoint: string) =>
    pushService.received
      .filter((pushed) => pushed.endpoint === endpoint)
      .map(({ message }) => (message as { title: string }).title);
  const query = async (text: string, values: unknown[] = []) => {
    const database = new Client(databaseUri);
    await database.connect();
    const { rows } = await database.query<Record<string, unknown>>(text, values);
    await database.end();
    return rows;
  };
  const known = async () => {
    const rows = await query('SELECT endpoint FROM chat.push_subscriptions');
    return rows.map(({ endpoint }) => endpoint);
  };

  it('sends each reminder once to every browser of its user, signed and for its eyes only', async () => {
    expect((await api.ask('/v1/push')).body).toEqual({ public_key: pushKeys.publicKey });
    await api.reminders.add([reminderFor('alice', 'From before')]);
    const [desk, phone] = [await subscribe(), await subscribe()];
    const ofBob = await subscribe({ Authorization: `Bearer ${bob}` });
    const titles = Array.from({ length: 9 }, (_, index) => `Reminder ${index}`);
    await Promise.all(
      titles.map((title, index) => (index % 2 ? api : replica).reminders.add([reminderFor('alice', title)])),
    );
    await until(() => [desk, phone].every(({ endpoint }) => received(endpoint).length >= titles.length));
    // Whoever looked now, would find nothing left to send.
    await api.reminders.add([reminderFor('bob', 'Only for Bob')]);
    await until(() => received(ofBob.endpoint).length > 0);
    expect(received(desk.endpoint).toSorted()).toEqual(titles);
    expect(received(phone.endpoint).toSorted()).toEqual(titles);
    expect(received(ofBob.endpoint)).toEqual(['Only for Bob']);
    const { claims, headers } = pushService.received[0]!;
    expect(claims.sub).toBe(pushKeys.subject);
    expect(headers).toMatchObject({ urgency: 'high', topic: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(Number(headers.ttl)).toBeGreaterThan(3500);
    expect(pushService.complaints).toEqual([]);
    for (const { id } of [desk, phone]) await api.ask(`/v1/push/subscriptions/${id}`, { method: 'DELETE' });
    expect(await known()).toEqual([ofBob.endpoint]);
  });

  it('tries again what failed, forgets a browser that is gone, and goes on after what is refused', async () => {
    const [gone, unknown, busy, strict] = await Promise.all([subscribe(), subscribe(), subscribe(), subscribe()]);
    pushService.expire(gone.endpoint);
    pushService.answer(unknown.endpoint, { status: 404 });
    pushService.answer(busy.endpoint, { status: 503 });
    pushService.answer(strict.endpoint, { status: 413 });
    await api.reminders.add([reminderFor('alice', 'One')]);
    await until(async () => {
      const left = await known();
      return ![gone, unknown].some(({ endpoint }) => left.includes(endpoint));
    });
    await api.reminders.add([reminderFor('alice', 'Two')]);
    await until(() => received(strict.endpoint).length === 1);
    expect(received(strict.endpoint)).toEqual(['Two']);
    expect(received(busy.endpoint)).toEqual([]);
    ahead += 60_000;
    await api.reminders.add([reminderFor('bob', 'Makes it look')]);
    await until(() => received(busy.endpoint).length === 2);
    expect(received(busy.endpoint)).toEqual(['One', 'Two']);
  });

  it('leaves a browser alone for as long as its push service asks, and sends it nothing that is stale by then', async () => {
    const busy = await subscribe();
    pushService.answer(busy.endpoint, { status: 429, retryAfter: '1200' });
    await api.reminders.add([reminderFor('alice', 'Patient')]);
    const pause = async () => {
      const [row] = await query('SELECT next_at FROM chat.push_subscriptions WHERE id = $1 AND failures = 1', [
        busy.id,
      ]);
      return row && ((row.next_at as Date).getTime() - clock.now().getTime()) / 1000;
    };
    await until(async () => (await pause()) !== undefined);
    expect(await pause()).toBeGreaterThan(1100);
    expect(await pause()).toBeLessThanOrEqual(1200);
    ahead += 1_200_000;
    await api.reminders.add([reminderFor('bob', 'Makes it look')]);
    await until(() => received(busy.endpoint).length === 1);
    // For as long as the reminder is news, and no longer.
    const { headers } = pushService.received.findLast(({ endpoint }) => endpoint === busy.endpoint)!;
    expect(Number(headers.ttl)).toBeLessThanOrEqual(2400);
    expect(pushService.complaints).toEqual([]);
  });

  it('shows a browser that was off line the last reminder of a task only, whatever its title is made of', async () => {
    const phone = await subscribe();
    pushService.disconnect(phone.endpoint);
    const of = (title: string) => reminderFor('alice', title);
    const [first, second] = [of('Tomorrow'), of(`a${'👩‍👩‍👧‍👦'.repeat(45)}`)];
    const events = [first, { ...second, payload: { ...second.payload, task_id: first.payload.task_id } }, of('Other')];
    await api.reminders.add(events);
    await until(async () => {
      const [row] = await query(
        `SELECT FROM chat.push_subscriptions WHERE id = $1 AND reminder = (SELECT max(number) FROM chat.reminders)`,
        [phone.id],
      );
      return row !== undefined;
    });
    pushService.connect(phone.endpoint);
    const [title, other, ...more] = received(phone.endpoint);
    expect([other, ...more]).toEqual(['Other']);
    // Cut between characters: half of one is none.
    expect(title).toMatch(/^a(?:👩‍👩‍👧‍👦)+…$/u);
    expect(pushService.complaints).toEqual([]);
  });

  it.each([
    ['of a host in the cluster', 'http://10.0.0.1/push'],
    ['of nobody known', 'https://example.org/push'],
  ])('takes no endpoint %s', async (_, endpoint) => {
    const body = { ...pushService.subscribe(pushKeys.publicKey), endpoint };
    const answer = await api.ask('/v1/push/subscriptions', { method: 'POST', body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'endpoint' }] } });
  });

  it('takes no keys that nothing can be encrypted with', async () => {
    const { endpoint, keys } = pushService.subscribe(pushKeys.publicKey);
    const body = { endpoint, keys: { ...keys, p256dh: Buffer.alloc(65, 4).toString('base64url') } };
    const answer = await api.ask('/v1/push/subscriptions', { method: 'POST', body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'keys.p256dh' }] } });
  });
});
