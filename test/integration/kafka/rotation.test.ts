import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificateAuthority, type CertificateAuthority } from '../../../localcluster/certificates.ts';
import { startKafka, type KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { AdminClients } from '../../../src/operator/brokers/admin-clients.ts';
import { ManualClock } from '../../../src/operator/runtime/testing/manual-clock.ts';
import { until } from '../../support/until.ts';
import { connectionTo, password, setPassword, startSecuredKafka, username } from './secured-kafka.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let clock: ManualClock;
let clients: AdminClients;

beforeEach(() => {
  clock = new ManualClock();
  clients = new AdminClients({ clock, logger });
});
afterEach(() => clients.stop());

/** As a controller does with what it has read in Secrets: with a connection that is made anew each time. */
const ask = (connection: KafkaConnection) => clients.topicAdmin(structuredClone(connection)).describeCluster();

const isLetIn = (connection: KafkaConnection) =>
  ask(connection).then(
    () => true,
    () => false,
  );

async function restart(kafka: KafkaCluster): Promise<void> {
  for (const broker of kafka.brokers) {
    await broker.stop();
    await broker.start();
  }
}

/** Of this file: sockets of files before it may close meanwhile. */
const sockets: Socket[] = [];
const noteSocket = (message: unknown) => void sockets.push((message as { readonly socket: Socket }).socket);
beforeAll(() => subscribe('net.client.socket', noteSocket));
afterAll(() => void unsubscribe('net.client.socket', noteSocket));

/** Sockets that are open to brokers, in use or not. */
const openSockets = () => sockets.filter(({ destroyed }) => !destroyed).length;

describe('a password that changes', () => {
  let kafka: KafkaCluster;
  beforeAll(async () => {
    kafka = await startSecuredKafka({});
  });
  afterAll(() => kafka?.stop());

  const connection = (secret: string): KafkaConnection =>
    connectionTo(kafka, { sasl: { mechanism: 'SCRAM-SHA-256', username, password: secret } });

  it('lets in those who know the new one, at once, and not those who know the old one', async () => {
    await until(() => isLetIn(connection(password)));
    await setPassword(kafka, 'SCRAM-SHA-256', 'changed');
    // The broker learns of it from the controller a moment after the tool is told that it is done.
    await until(() => isLetIn(connection('changed')));
    await restart(kafka);
    await until(() => isLetIn(connection('changed')));
    await expect(ask(connection(password))).rejects.toMatchObject({ code: 'AuthenticationFailed', retryable: false });
  });

  it('lets in those who were refused, once it is theirs', async () => {
    await expect(ask(connection('theirs'))).rejects.toMatchObject({ code: 'AuthenticationFailed' });
    await setPassword(kafka, 'SCRAM-SHA-256', 'theirs');
    await until(() => isLetIn(connection('theirs')));
  });

  it('leaves the client that knows the old one idle, and it is closed', async () => {
    await setPassword(kafka, 'SCRAM-SHA-256', 'old');
    await until(() => openSockets() === 0);
    await until(() => isLetIn(connection('old')));
    await setPassword(kafka, 'SCRAM-SHA-256', 'new');
    await until(() => isLetIn(connection('new')));
    await until(() => openSockets() === 2);
    await clock.advance(4 * 60_000);
    expect(await isLetIn(connection('new'))).toBe(true);
    await clock.advance(2 * 60_000);
    expect(await isLetIn(connection('new'))).toBe(true);
    await until(() => openSockets() === 1);
    await clients.stop();
    await until(() => openSockets() === 0);
  });
});

describe('a certificate that changes', () => {
  let folder: string;
  let first: CertificateAuthority;
  let second: CertificateAuthority;
  let kafka: KafkaCluster;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kafka-events-test-'));
    [first, second] = await Promise.all([createCertificateAuthority('first'), createCertificateAuthority('second')]);
    await issue(first);
    kafka = await startKafka({ tls: true, properties: { 'ssl.keystore.location': keystore() } });
  });
  afterAll(async () => {
    await kafka?.stop();
    await rm(folder, { recursive: true });
  });

  const keystore = () => join(folder, 'keystore.pem');

  /** Makes a certificate for the broker, which reads it when it starts. */
  async function issue(authority: CertificateAuthority): Promise<void> {
    const { privateKey, certificate } = await authority.issue({ commonName: 'kafka', hosts: ['127.0.0.1'] });
    await writeFile(keystore(), `${privateKey}\n${certificate}`);
  }

  const trusting = (...authorities: CertificateAuthority[]): KafkaConnection => ({
    bootstrapServers: kafka.bootstrapServers.split(','),
    clientId: 'test',
    tls: { ca: authorities.map(({ certificate }) => certificate).join('\n') },
  });

  it('goes unnoticed while its authority stays', async () => {
    expect(await isLetIn(trusting(first))).toBe(true);
    await issue(first);
    await restart(kafka);
    await until(() => isLetIn(trusting(first)));
  });

  it('is trusted by those who know its authority beforehand, and by others once they do', async () => {
    expect(await isLetIn(trusting(first))).toBe(true);
    expect(await isLetIn(trusting(first, second))).toBe(true);
    await issue(second);
    await restart(kafka);
    await until(() => isLetIn(trusting(first, second)));
    await expect(ask(trusting(first))).rejects.toMatchObject({ code: 'CertificateNotTrusted', retryable: true });
    expect(await isLetIn(trusting(second))).toBe(true);
  });
});
