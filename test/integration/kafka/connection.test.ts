import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCertificateAuthority } from '../../../localcluster/certificates.ts';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import type { KafkaConnection, SaslMechanism } from '../../../src/kafka/connection.ts';
import { createConsumer } from '../../../src/kafka/consumer.ts';
import { createGroupAdmin } from '../../../src/kafka/groups.ts';
import { createProducer } from '../../../src/kafka/producer.ts';
import { createTopicAdmin } from '../../../src/kafka/topic-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { until } from '../../support/until.ts';
import { connectionTo, mechanisms, startSecuredKafka, username, password } from './secured-kafka.ts';
import { sendSurely } from './send-surely.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const context = { signal: new AbortController().signal, fail: () => {} };
const times = { requestMilliseconds: 5000, connectMilliseconds: 5000 };

/** Creates a topic, sends a message to it and receives it. */
async function sendAndReceive(connection: KafkaConnection, topic: string): Promise<string> {
  const admin = createTopicAdmin(connection, { logger });
  const producer = createProducer(connection, { logger });
  const received = Promise.withResolvers<string>();
  const consumer = createConsumer(connection, {
    groupId: topic,
    topics: [topic],
    process: ([message]) => Promise.resolve(received.resolve(String(message?.value))),
    logger,
  });
  try {
    expect(await admin.createTopics([{ name: topic, partitions: 1 }])).toEqual(new Map([[topic, undefined]]));
    await sendSurely(producer, topic, [{ key: 'a', value: topic }]);
    await consumer.start(context);
    return await received.promise;
  } finally {
    await Promise.all([consumer.stop(), producer.stop(), admin.close()]);
  }
}

/** What each kind of client says when it is not let in. */
async function troubles(
  connection: KafkaConnection,
): Promise<Record<'admin' | 'groups' | 'producer' | 'consumer', unknown>> {
  const admin = createTopicAdmin(connection, { logger, times });
  const groups = createGroupAdmin(connection, { logger, times });
  const producer = createProducer(connection, { logger, times });
  const consumer = createConsumer(connection, {
    groupId: 'any',
    topics: ['any'],
    process: () => Promise.resolve(),
    logger,
    times,
  });
  const caught = (asked: Promise<unknown>) =>
    asked.then(
      () => 'let in',
      (error: unknown) => error,
    );
  await consumer.start(context);
  try {
    return {
      admin: await caught(admin.describeCluster()),
      groups: await caught(groups.describeGroup('any')),
      producer: await caught(producer.send('any', [{ key: 'a', value: 'b' }])),
      consumer: await troubleOf(() => consumer.check()),
    };
  } finally {
    await Promise.all([consumer.stop(), producer.stop(), groups.close(), admin.close()]);
  }
}

/** What a check says when it has something to say: a consumer that has only just been started has not. */
async function troubleOf(check: () => void): Promise<unknown> {
  let trouble: unknown;
  await until(() => {
    try {
      check();
    } catch (error) {
      trouble = error;
    }
    return trouble instanceof Error && !trouble.message.endsWith(' yet');
  });
  return trouble;
}

/** The same of all clients; what a consumer says has a beginning of its own, and it tries again whatever happens. */
const trouble = (code: string, retryable: boolean, words: RegExp) => {
  const error = expect.objectContaining({ code, retryable, message: expect.stringMatching(words) });
  const message = expect.stringMatching(new RegExp(`^Not in the consumer group any: .*${words.source}`));
  return { admin: error, groups: error, producer: error, consumer: expect.objectContaining({ code, message }) };
};

describe.each([
  ['over TLS', true],
  ['in plain text', false],
])('a cluster that asks for passwords %s', (_, tls) => {
  let kafka: KafkaCluster;
  beforeAll(async () => {
    kafka = await startSecuredKafka({ tls });
  });
  afterAll(() => kafka?.stop());

  it.each(mechanisms)('takes messages from, and gives them to, those who know one, by %s', async (mechanism) => {
    const connection = connectionTo(kafka, { sasl: { mechanism, username, password } });
    expect(await sendAndReceive(connection, `by-${mechanism}`)).toBe(`by-${mechanism}`);
  });

  it.each<[SaslMechanism, RegExp]>([
    ['PLAIN', /SASL PLAIN authentication failed: .*Invalid username or password/],
    ['SCRAM-SHA-256', /SASL SCRAM SHA256 authentication failed: .*invalid credentials/],
    ['SCRAM-SHA-512', /SASL SCRAM SHA512 authentication failed: .*invalid credentials/],
  ])('refuses a wrong password, by %s, which no retry mends', async (mechanism, words) => {
    const connection = connectionTo(kafka, { sasl: { mechanism, username, password: 'wrong' } });
    expect(await troubles(connection)).toEqual(trouble('AuthenticationFailed', false, words));
  });

  it('refuses a user that it does not know', async () => {
    const sasl = { mechanism: 'SCRAM-SHA-256', username: 'nobody', password } as const;
    expect(await troubles(connectionTo(kafka, { sasl }))).toEqual(
      trouble('AuthenticationFailed', false, /invalid credentials/),
    );
  });

  it('closes the connection of those who give none, who are told what that may mean', async () => {
    const { sasl: _sasl, ...connection } = connectionTo(kafka);
    expect(await troubles(connection)).toEqual(
      trouble('BrokerUnreachable', true, /Connection closed by 127\.0\.0\.1:\d+, .* TLS or a password/),
    );
  });
});

describe('a cluster that speaks TLS', () => {
  let kafka: KafkaCluster;
  beforeAll(async () => {
    kafka = await startKafka({ tls: true });
  });
  afterAll(() => kafka?.stop());

  const connection = (changes: Partial<KafkaConnection>): KafkaConnection => ({
    bootstrapServers: kafka.bootstrapServers.split(','),
    clientId: 'test',
    ...changes,
  });
  const { source: notTrusted } = /The certificate of 127\.0\.0\.1:\d+ is not trusted: /;

  it('lets in whoever trusts its authority, among others', async () => {
    const { certificate } = await createCertificateAuthority('another');
    const ca = `${certificate}\n${kafka.certificateAuthority}`;
    expect(await sendAndReceive(connection({ tls: { ca } }), 'trusted')).toBe('trusted');
  });

  it('is not trusted by those who know another authority, or only those of the system', async () => {
    const { certificate } = await createCertificateAuthority('another');
    const expected = trouble('CertificateNotTrusted', true, new RegExp(`${notTrusted}unable to verify[^;]*$`));
    expect(await troubles(connection({ tls: { ca: certificate } }))).toEqual(expected);
    expect(await troubles(connection({ tls: {} }))).toEqual(expected);
    expect(await troubles(connection({ tls: { ca: 'no certificate' } }))).toEqual(expected);
  });

  it('is not trusted under a name that is not in its certificate', async () => {
    // As good as 127.0.0.1, to all but the certificate.
    const bootstrapServers = [kafka.bootstrapServers.replace('127.0.0.1', '127.1')];
    expect(await troubles(connection({ bootstrapServers, tls: { ca: kafka.certificateAuthority! } }))).toEqual(
      trouble('CertificateNotTrusted', true, /The certificate of 127\.1:\d+ is not trusted: .*127\.1/),
    );
  });

  it('is recognised by those who speak none', async () => {
    expect(await troubles(connection({}))).toEqual(trouble('BrokerUnreachable', true, /speaks TLS/));
  });
});

describe('a cluster in plain text', () => {
  let kafka: KafkaCluster;
  beforeAll(async () => {
    kafka = await startKafka();
  });
  afterAll(() => kafka?.stop());

  it('has those told who speak TLS, or give a password', async () => {
    const { sasl, ...plain } = connectionTo(kafka);
    expect(await troubles({ ...plain, tls: {} })).toEqual(
      trouble('BrokerUnreachable', true, /No TLS with 127\.0\.0\.1:\d+/),
    );
    expect(await troubles({ ...plain, sasl: sasl! })).toEqual(
      trouble('AuthenticationFailed', false, /takes no username and password/),
    );
  });
});
