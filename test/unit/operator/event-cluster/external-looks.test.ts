import { describe, expect, it } from '@jest/globals';
import { setImmediate as settled } from 'node:timers/promises';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import { ExternalLooks, lookMilliseconds } from '../../../../src/operator/event-cluster/external-looks.ts';
import { fakeBrokers, someAnswers } from '../../../support/fake-brokers.ts';
import { ManualClock } from '../../../../src/operator/runtime/testing/manual-clock.ts';
import { silentLogger } from '../../../support/running-manager.ts';

const connection = { bootstrapServers: ['10.0.0.1:22'], clientId: 'test' };
const kafka = (code: string, message: string) =>
  new ExpectedError(code, message, { retryable: code !== 'KafkaFailed' });

/** What is said, and after how long, of an address where a look ends so. */
async function look(describeCluster: () => Promise<never>) {
  const clock = new ManualClock();
  const context = { clock, logger: silentLogger, signal: new AbortController().signal };
  const looks = new ExternalLooks({ ...fakeBrokers(someAnswers()), describeCluster });
  for (;;) {
    const taken = looks.take('uid', connection, context);
    await settled();
    await clock.advance(500);
    const view = await taken;
    if (!('endsInMilliseconds' in view)) return { view, after: clock.monotonic() - new ManualClock().monotonic() };
    await clock.advance(view.endsInMilliseconds);
  }
}

describe('a look for the brokers at an address that a user wrote', () => {
  it.each<[string, () => Promise<never>]>([
    ['refuses', () => Promise.reject(kafka('BrokerUnreachable', 'connect ECONNREFUSED 10.0.0.1:22'))],
    ['is silent', () => new Promise(() => {})],
    ['is silent until a request times out', () => Promise.reject(kafka('Timeout', 'Request timed out'))],
    ['closes', () => Promise.reject(kafka('BrokerUnreachable', 'Connection closed by 10.0.0.1:22'))],
    ['speaks no Kafka', () => Promise.reject(kafka('KafkaFailed', 'SSH-2.0-OpenSSH_9.6'))],
    ['speaks another version', () => Promise.reject(kafka('UnsupportedVersion', 'api key 3'))],
  ])('says the same, after the same time, of one that %s', async (_, describeCluster) => {
    const { view, after } = await look(describeCluster);
    expect(view).toMatchObject({
      answered: false,
      error: {
        code: 'BrokerUnreachable',
        message: 'No Kafka broker answered at spec.external.bootstrapServers',
        retryable: true,
      },
    });
    expect(after).toBeGreaterThanOrEqual(lookMilliseconds);
    expect(after).toBeLessThanOrEqual(lookMilliseconds + 1000);
  });

  it.each(['AuthenticationFailed', 'NotAuthorized', 'CertificateNotTrusted'])(
    'tells of %s at once, and not in the words of whoever is there',
    async (code) => {
      const { view, after } = await look(() => Promise.reject(kafka(code, 'DNS:internal.example.org')));
      expect(view).toMatchObject({ answered: false, error: { code } });
      expect(JSON.stringify(view)).not.toContain('internal');
      expect(String((view as { error: Error }).error)).not.toContain('internal');
      expect(after).toBeLessThan(1000);
    },
  );

  it('keeps nobody waiting for one that is silent, and does not begin a second look meanwhile', async () => {
    let asked = 0;
    const silence = () => {
      asked += 1;
      return new Promise<never>(() => {});
    };
    const { view } = await look(silence);
    expect(view).toMatchObject({ answered: false });
    expect(asked).toBe(1);
  });
});
