import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { createCertificateAuthority } from '../../../localcluster/certificates.ts';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import { createGuardedFolder } from '../../../localcluster/parts/guard.ts';
import type { ReminderDue } from '../../../src/events/catalogue.ts';
import { encodeEvent } from '../../../src/events/encode.ts';
import { startProgram, type ProgramProcess } from '../../support/program-process.ts';
import { openTaskStream, type TaskStream } from '../../support/task-stream.ts';
import { until } from '../../support/until.ts';
import { startReceiver, type WebhookReceiver } from '../../support/webhook-receiver.ts';

const program = join(import.meta.dirname, '../../../src/bin/reminder-webhook.ts');
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const newSecret = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;

let kafka: KafkaCluster;
let stream: TaskStream;
let receiver: WebhookReceiver;
let webhooks: ProgramProcess[];

beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(() => kafka.stop());

beforeEach(async () => {
  webhooks = [];
  receiver = await startReceiver();
  stream = await openTaskStream(kafka.bootstrapServers);
});
afterEach(async () => {
  await Promise.all(webhooks.map((webhook) => webhook.leave()));
  await receiver.close();
  await stream.close();
});

async function startWebhook(environment: Readonly<Record<string, string>> = {}): Promise<ProgramProcess> {
  const { topics } = stream;
  const webhook = await startProgram('reminder-webhook', program, {
    KAFKA_BOOTSTRAP_SERVERS: kafka.bootstrapServers,
    REMINDERS_TOPIC: topics.reminders,
    DEAD_LETTER_TOPIC: topics.deadLetters,
    GROUP_ID: `${topics.reminders}.webhook`,
    WEBHOOK_URI: `http://127.0.0.1:${receiver.port}/hook?token=s3cret`,
    ALLOW_HTTP: 'true',
    ALLOWED_CIDRS: '127.0.0.0/8',
    SIGNING_KEY: secret,
    RETRY_INITIAL_DELAY_MILLISECONDS: '20',
    RETRY_MAX_DELAY_MILLISECONDS: '200',
    ...environment,
  });
  webhooks.push(webhook);
  return webhook;
}

/** @returns the ids of new reminders, which lie in the topic */
async function remind(count = 1, timestamp = new Date()): Promise<string[]> {
  const ids = Array.from({ length: count }, () => crypto.randomUUID());
  await Promise.all(ids.map((eventId) => stream.sendRaw(stream.topics.reminders, reminder(eventId, timestamp))));
  return ids;
}

function reminder(eventId: string, timestamp: Date) {
  const event: ReminderDue = {
    ...{ event_id: eventId, event_type: 'reminder-due', event_version: 'v1', producer: 'reminder-worker' },
    ...{ timestamp: timestamp.toISOString(), correlation_id: crypto.randomUUID() },
    payload: {
      ...{ task_id: crypto.randomUUID(), user_id: crypto.randomUUID(), title: 'Pay the rent — 1 000 €' },
      ...{ due_date: timestamp.toISOString(), lead_time_seconds: 0 },
    },
  };
  const { key, value, headers } = encodeEvent(event, 1);
  return { key, value: Buffer.from(value), headers: { ...headers } };
}

const requestsOf = (id: string) => receiver.requests.filter((request) => request.id === id);
const received = () => new Set(receiver.requests.map(({ id }) => id));
const haveArrived = (ids: readonly string[]) => until(() => ids.every((id) => received().has(id)));
const metricOf = async (webhook: ProgramProcess, line: string) =>
  (await webhook.get('/metrics')).body
    .split('\n')
    .find((one) => one.startsWith(`${line} `))
    ?.split(' ')[1];
const requestMetric = (webhook: ProgramProcess, result: string) =>
  metricOf(webhook, `reminder_webhook_requests_total{result="${result}",program="reminder-webhook"}`);
const lagMetric = (webhook: ProgramProcess) => {
  const { reminders } = stream.topics;
  const labels = `consumergroup="${reminders}.webhook",topic="${reminders}",program="reminder-webhook"`;
  return metricOf(webhook, `kafka_consumergroup_lag_sum{${labels}}`);
};

describe('the reminder webhook', () => {
  it('delivers each reminder once, over TLS, signed so that receivers can verify it', async () => {
    const authority = await createCertificateAuthority('receivers');
    const { certificate: cert, privateKey: key } = await authority.issue({ commonName: 'hooks', hosts: ['localhost'] });
    const folder = await createGuardedFolder('receiver');
    const ca = join(folder.path, 'ca.crt');
    await writeFile(ca, authority.certificate);
    await receiver.close();
    receiver = await startReceiver({ cert, key });
    const webhook = await startWebhook({
      WEBHOOK_URI: `https://localhost:${receiver.port}/hook?token=s3cret`,
      ALLOW_HTTP: 'false',
      ALLOWED_CIDRS: '127.0.0.0/8,::1/128',
      NODE_EXTRA_CA_CERTS: ca,
      SIGNING_KEY: `${secret}\n${newSecret}\n`,
      LOG_LEVEL: 'trace',
    });
    const ids = await remind(5);
    await haveArrived(ids);
    await until(async () => (await lagMetric(webhook)) === '0');
    expect(receiver.requests).toHaveLength(5);
    for (const { body, headers, path } of receiver.requests) {
      for (const one of [secret, newSecret]) {
        const verified = new Webhook(one).verify(body, headers as Record<string, string>);
        expect(verified).toMatchObject({ event_id: headers['webhook-id'], event_type: 'reminder-due' });
      }
      expect(path).toBe('/hook?token=s3cret');
      expect(headers['content-type']).toBe('application/json');
    }
    expect(await requestMetric(webhook, '204')).toBe('5');
    expect(await webhook.process.readLog()).not.toMatch(/s3cret|whsec|hook\?/);
    await folder.remove();
  });

  it('tries again after failures, by the same id, as late as the target asks for', async () => {
    const answers = [{ status: 500 }, { status: 503, headers: { 'retry-after': '1' } }, { status: 200 }];
    receiver.answer = () => answers.shift();
    const webhook = await startWebhook();
    const [id = ''] = await remind();
    await until(() => receiver.requests.length === 3);
    expect(requestsOf(id)).toHaveLength(3);
    expect(receiver.requests[2]!.at - receiver.requests[1]!.at).toBeGreaterThan(950);
    await until(async () => (await lagMetric(webhook)) === '0');
    expect(stream.deadLetters()).toEqual([]);
  });

  it('gives up what the target refuses, follows no redirection, and delivers the others', async () => {
    const [gone = '', moved = '', fine = '', poisonous = ''] = Array.from({ length: 4 }, () => crypto.randomUUID());
    const elsewhere = `http://127.0.0.1:${receiver.port}/elsewhere`;
    receiver.answer = ({ id }) => {
      if (id === gone) return { status: 410 };
      if (id === moved) return { status: 307, headers: { location: elsewhere } };
      return { status: id === poisonous ? 500 : 200 };
    };
    await startWebhook({ RETRY_MAX_ATTEMPTS: '3' });
    const { topics } = stream;
    for (const id of [gone, moved, fine, poisonous]) await stream.sendRaw(topics.reminders, reminder(id, new Date()));
    await stream.sendRaw(topics.reminders, { key: null, value: Buffer.from('?') });
    await haveArrived([gone, moved, fine, poisonous]);
    await until(() => stream.deadLetters().length === 4);
    const letters = stream.deadLetters().map(({ headers }) => [headers['ce_id'], headers['__dlq.errors.code']]);
    const sorted = (pairs: (string | undefined)[][]) => pairs.map(String).sort();
    expect(sorted(letters)).toEqual(
      sorted([
        [gone, 'TargetRefused'],
        [moved, 'TargetRefused'],
        [poisonous, 'TargetFailed'],
        [undefined, 'SchemaInvalid'],
      ]),
    );
    expect(requestsOf(gone)).toHaveLength(1);
    expect(requestsOf(poisonous)).toHaveLength(3);
    expect(receiver.requests.map(({ path }) => path)).not.toContain('/elsewhere');
    const headers = stream.deadLetters().find((letter) => letter.headers['ce_id'] === gone)!.headers;
    expect(headers).toMatchObject({
      '__dlq.errors.topic': topics.reminders,
      '__dlq.errors.group': `${topics.reminders}.webhook`,
      '__dlq.errors.message': 'The target refuses the reminder with 410',
    });
  });

  it('delivers everything although it is stopped in the middle', async () => {
    let isSlow = true;
    receiver.answer = async () => {
      if (isSlow) await new Promise((resolve) => setTimeout(resolve, 20));
      return { status: 200 };
    };
    const webhook = await startWebhook();
    const sent = remind(100);
    await until(() => receiver.requests.length > 20);
    await webhook.process.stop();
    const ids = await sent;
    isSlow = false;
    await webhook.process.start();
    await haveArrived(ids);
    await until(async () => (await lagMetric(webhook)) === '0');
    expect(stream.deadLetters()).toEqual([]);
  });

  it('finishes what is on its way when it is stopped, and does not send it again', async () => {
    let answer = () => {};
    receiver.answer = () => new Promise((resolve) => (answer = () => resolve({ status: 200 })));
    const webhook = await startWebhook();
    const [first = ''] = await remind();
    await until(() => received().has(first));
    const stopped = webhook.process.stop();
    await until(async () => (await webhook.process.readLog()).includes('Got a signal to stop'));
    answer();
    await stopped;
    receiver.answer = () => ({ status: 200 });
    const [second = ''] = await remind();
    await webhook.process.start();
    await haveArrived([second]);
    await until(async () => (await lagMetric(webhook)) === '0');
    expect(requestsOf(first)).toHaveLength(1);
  });

  it('connects to no address inside, keeps what it cannot send, and sends it once that is allowed', async () => {
    const closed = { ALLOWED_CIDRS: '', WEBHOOK_URI: `http://localhost:${receiver.port}/` };
    const webhook = await startWebhook(closed);
    const [id = ''] = await remind();
    await until(async () => Number(await requestMetric(webhook, 'AddressRefused')) > 2);
    expect(await webhook.process.readLog()).toMatch(/localhost is at .*127\.0\.0\.1.*spec\.webhook\.allowedCidrs/);
    expect(stream.deadLetters()).toEqual([]);
    await until(async () => (await lagMetric(webhook)) === '1');
    expect(JSON.parse((await webhook.get('/status')).body)).toEqual({
      trouble: expect.stringMatching(/^localhost is at/),
    });
    await webhook.process.stop();

    await startWebhook({ WEBHOOK_URI: closed.WEBHOOK_URI });
    await haveArrived([id]);
    expect(receiver.requests).toHaveLength(1);
  });

  it('gives up what is too old, and does not send what fired before there was a webhook', async () => {
    const hour = 3_600_000;
    const [early = ''] = await remind(1, new Date(Date.now() - 3 * hour));
    const [old = ''] = await remind(1, new Date(Date.now() - hour));
    const since = new Date(Date.now() - 2 * hour).toISOString();
    await startWebhook({ ALLOWED_CIDRS: '', DELIVER_SINCE: since, RETRY_MAX_AGE_SECONDS: '600' });
    await until(() => stream.deadLetters().length === 1);
    expect(stream.deadLetters()[0]!.headers).toMatchObject({ ce_id: old, '__dlq.errors.code': 'AddressRefused' });
    expect([...received()]).not.toContain(early);
  });

  it('leaves a target that hangs, and does not wait for the end of a body', async () => {
    receiver.answer = () => undefined;
    const webhook = await startWebhook({ TIMEOUT_MILLISECONDS: '300', MAX_IN_FLIGHT: '2' });
    const ids = await remind(3);
    await until(async () => Number(await requestMetric(webhook, 'TargetTimeout')) >= 4);
    receiver.answer = () => ({ status: 200, headers: { 'content-length': '1000000' } });
    await until(async () => (await lagMetric(webhook)) === '0');
    expect([...received()].sort()).toEqual([...ids].sort());
    expect(stream.deadLetters()).toEqual([]);
  });
});
