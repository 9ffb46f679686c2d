import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createCertificateAuthority } from '../../../localcluster/certificates.ts';
import type { KafkaCluster } from '../../../localcluster/parts/kafka.ts';
import type { KafkaConnection } from '../../../src/kafka/connection.ts';
import { connectionTo, startSecuredKafka, username } from './secured-kafka.ts';

const stranger = await createCertificateAuthority('stranger');
let kafka: KafkaCluster;
beforeAll(async () => {
  kafka = await startSecuredKafka({ tls: true });
});
afterAll(() => kafka?.stop());

async function run(flow: 'administer' | 'sendAndReceive' | 'fail' | 'closeEarly', connection: KafkaConnection) {
  const fixture = fileURLToPath(new URL('quiet.fixture.ts', import.meta.url));
  const options = { timeout: 120_000 };
  return promisify(execFile)(process.execPath, [fixture, flow, JSON.stringify(connection)], options);
}

describe('a program with Kafka', () => {
  it('warns of nothing when it changes topics and brokers refuse some of it', async () => {
    expect(await run('administer', connectionTo(kafka))).toEqual({ stdout: 'done\n', stderr: '' });
  });

  it('warns of nothing when it sends and receives, and another takes over', async () => {
    expect(await run('sendAndReceive', connectionTo(kafka))).toEqual({ stdout: 'done\n', stderr: '' });
  });

  it('ends by itself when it closes what it still asks', async () => {
    const { stdout, stderr } = await run('closeEarly', connectionTo(kafka));
    // A connection that was to be may be given up later.
    expect(stdout).toMatch(/done\n$/);
    expect(stderr).toBe('');
  });

  it.each<[string, Partial<KafkaConnection>]>([
    ['with a wrong password', { sasl: { mechanism: 'PLAIN', username, password: 'wrong' } }],
    ['with a wrong authority', { tls: { ca: stranger.certificate } }],
    ['where nobody listens', { bootstrapServers: ['127.0.0.1:1'] }],
    ['at an address that is none', { bootstrapServers: ['kafka.invalid:9092'] }],
  ])('writes nothing but its log when it is not let in %s', async (_, changes) => {
    const { stdout, stderr } = await run('fail', connectionTo(kafka, changes));
    expect(stdout).toMatch(/^(\{.*\}\n)+done\n$/);
    expect(stderr).toBe('');
  });
});
