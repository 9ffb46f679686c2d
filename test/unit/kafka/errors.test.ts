import { describe, expect, it } from '@jest/globals';
import { KafkaJSConnectionError, KafkaJSNumberOfRetriesExceeded, KafkaJSProtocolError } from 'kafkajs';
import { brokerError, kafkaError } from '../../../src/kafka/errors.ts';
import { ExpectedError } from '../../../src/lib/errors.ts';

describe('kafkaError', () => {
  it("tells a broker's error by its name in the protocol", () => {
    const error = new KafkaJSProtocolError(Object.assign(new Error('x'), { type: 'TOPIC_AUTHORIZATION_FAILED' }));
    expect(kafkaError(error)).toMatchObject({ code: 'NotAuthorized', retryable: false, cause: error });
  });

  it('looks into what kafkajs wraps when it gives up', () => {
    const refused = new KafkaJSConnectionError('Connection error: connect ECONNREFUSED');
    const wrapped = new KafkaJSNumberOfRetriesExceeded(refused, { retryCount: 2, retryTime: 100 });
    expect(kafkaError(wrapped)).toMatchObject({
      code: 'BrokerUnreachable',
      retryable: true,
      message: 'Connection error: connect ECONNREFUSED',
      cause: wrapped,
    });
  });

  it('says whose certificate is not trusted, and why, without advice to programmers', () => {
    const words =
      'Connection error: unable to verify the first certificate; if the root CA is installed locally, try x';
    const details = { broker: 'kafka:9093', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' };
    expect(kafkaError(new KafkaJSConnectionError(words, details))).toMatchObject({
      code: 'CertificateNotTrusted',
      retryable: true,
      message: 'The certificate of kafka:9093 is not trusted: unable to verify the first certificate',
    });
  });

  it('says what a closed connection may mean', () => {
    const closed = new KafkaJSConnectionError('Closed connection', { broker: 'kafka:9092' });
    Object.assign(closed, { name: 'KafkaJSConnectionClosedError' }); // of a class that is not exported
    expect(kafkaError(closed)).toMatchObject({
      code: 'BrokerUnreachable',
      message: expect.stringMatching(/^Connection closed by kafka:9092, .* TLS or a password/),
    });
  });

  it('leaves our own errors as they are', () => {
    const error = new ExpectedError('Timeout', 'late', { retryable: true });
    expect(kafkaError(error)).toBe(error);
  });

  it('does not retry what it does not know', () => {
    expect(kafkaError(new TypeError('x is not a function'))).toMatchObject({ code: 'KafkaFailed', retryable: false });
    expect(kafkaError('text')).toMatchObject({ code: 'KafkaFailed', retryable: false, message: 'text' });
  });
});

describe('brokerError', () => {
  it("has the broker's own words, where it has any", () => {
    expect(brokerError(40, 'Unknown topic config name: x')).toMatchObject({
      code: 'InvalidConfig',
      message: 'Unknown topic config name: x',
      retryable: false,
      details: { kafkaErrorCode: 40 },
    });
    expect(brokerError(36, null)?.message).toMatch(/already exists/);
  });

  it('is none for success', () => {
    expect(brokerError(0, null)).toBeUndefined();
  });

  it('tells what passes from what does not', () => {
    expect([3, 5, 7, 19, 29, 37, 44].map((code) => [brokerError(code)?.code, brokerError(code)?.retryable])).toEqual([
      ['UnknownTopic', true],
      ['BrokerUnreachable', true],
      ['Timeout', true],
      ['NotEnoughReplicas', true],
      ['NotAuthorized', false],
      ['InvalidPartitions', false],
      ['PolicyViolation', false],
    ]);
  });

  it('says of one that has no name here what the protocol says: whether it passes', () => {
    const [corrupt, noListener, notYet, invalid] = [2, 72, 78, 42].map((code) => brokerError(code)?.retryable);
    expect([corrupt, noListener, notYet, invalid]).toEqual([true, true, true, false]);
  });

  it('has an answer to codes that are newer than it', () => {
    expect(brokerError(9999, 'something new')).toMatchObject({ code: 'KafkaFailed', message: 'something new' });
  });
});
