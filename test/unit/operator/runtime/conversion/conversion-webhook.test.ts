import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import {
  createCertificateAuthority,
  type CertificateAuthority,
  type KeyPair,
} from '../../../../../localcluster/certificates.ts';
import { createLogger } from '../../../../../src/lib/log.ts';
import type { ConversionResponse } from '../../../../../src/operator/runtime/conversion/conversion-review.ts';
import { ConversionWebhook } from '../../../../../src/operator/runtime/conversion/conversion-webhook.ts';
import { eventually } from '../../../../../src/operator/runtime/testing/eventually.ts';
import { ManualClock } from '../../../../../src/operator/runtime/testing/manual-clock.ts';
import { convertibleGreetings } from '../../../../support/greetings.ts';

let authority: CertificateAuthority;
let served: KeyPair | Error;
let clock: ManualClock;
let webhook: ConversionWebhook;
let log: string;

beforeAll(async () => {
  authority = await createCertificateAuthority('test');
});
beforeEach(async () => {
  served = await certificate('first');
  clock = new ManualClock();
  log = '';
  webhook = new ConversionWebhook({
    kinds: [convertibleGreetings],
    port: 0,
    host: '127.0.0.1',
    readCertificate: () => (served instanceof Error ? Promise.reject(served) : Promise.resolve(served)),
    clock,
    logger: createLogger({ name: 'test', level: 'debug', destination: { write: (line) => void (log += line) } }),
  });
  await webhook.start();
});
afterEach(() => webhook.stop());

const certificate = (commonName: string) => authority.issue({ commonName, hosts: ['127.0.0.1'] });

interface Answer {
  readonly status: number;
  readonly body: string;
  /** The common name of the server's certificate. */
  readonly server: string;
}

async function ask(body: string | undefined, options: RequestOptions = {}): Promise<Answer> {
  const address = { hostname: '127.0.0.1', port: webhook.port, ca: authority.certificate, agent: false } as const;
  const outgoing = request({ ...address, method: 'POST', path: '/convert?timeout=30s', ...options });
  // A refusal can come while the body is still being sent.
  outgoing.on('error', () => {}).end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const server = String((response.socket as TLSSocket).getPeerCertificate().subject.CN);
  return { status: response.statusCode!, body: await text(response), server };
}

const review = (objects: readonly unknown[], desiredAPIVersion = 'example.org/v1beta1') => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'ConversionReview',
  request: { uid: 'a-uid', desiredAPIVersion, objects },
});
const object = (spec: object, more: object = {}) => ({
  apiVersion: 'example.org/v1alpha1',
  kind: 'Greeting',
  metadata: { namespace: 'default', name: 'hello' },
  spec,
  ...more,
});
const post = (body: unknown) => ask(JSON.stringify(body));
const responseOf = ({ status, body }: Answer) => {
  expect(status).toBe(200);
  return (JSON.parse(body) as { response: ConversionResponse }).response;
};

describe('a conversion webhook', () => {
  it('answers every object in order, with the uid of the review', async () => {
    const { result, ...response } = responseOf(await post(review([object({ name: 'Ada' }), object({ name: 'Bob' })])));
    expect(result).toEqual({ status: 'Success' });
    expect(response).toMatchObject({
      uid: 'a-uid',
      convertedObjects: [{ spec: { recipient: { name: 'Ada' } } }, { spec: { recipient: { name: 'Bob' } } }],
    });
  });

  it('answers a failure with object, field and reason, and no object at all', async () => {
    const apiVersion = 'example.org/v1beta1';
    const fine = object({ recipient: { name: 'Ada' } }, { apiVersion });
    const poetic = object({ recipient: { name: 'Ada' }, tone: 'Poetic' }, { apiVersion });
    const message =
      'cannot convert Greeting default/hello from example.org/v1beta1 to example.org/v1alpha1: ' +
      'spec.tone: v1alpha1 knows no "Poetic" greetings';
    expect(responseOf(await post(review([fine, poetic], 'example.org/v1alpha1')))).toEqual({
      uid: 'a-uid',
      result: {
        status: 'Failure',
        reason: 'Invalid',
        code: 422,
        message,
        details: { causes: [{ reason: 'CannotConvert', field: 'spec.tone', message }] },
      },
    });
  });

  it('answers a failure when a conversion has a mistake, and logs its stack once', async () => {
    const broken = review([object({}, { spec: null })]);
    for (let time = 0; time < 3; time++) {
      const { result } = responseOf(await post(broken));
      expect(result).toMatchObject({ status: 'Failure', message: expect.stringMatching(/cannot convert.*null/) });
    }
    const levels = log.split('\n').filter((line) => line.includes('Conversion failed'));
    expect(levels.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(['error', 'debug', 'debug']);
    expect(levels[0]).toContain('greetings.ts');
  });

  it.each([
    ['another kind', object({}, { kind: 'Farewell' })],
    ['a kind of the same name in another group', object({}, { apiVersion: 'example.com/v1' })],
  ])('answers a failure for %s', async (_, stranger) => {
    expect(responseOf(await post(review([stranger]))).result).toMatchObject({ status: 'Failure' });
  });

  it('passes on whole numbers that JavaScript cannot hold', async () => {
    const body = JSON.stringify(review([object({ name: 'Ada', luckyNumber: 0 })]));
    const answer = await ask(body.replace('"luckyNumber":0', '"luckyNumber":9223372036854775807'));
    expect(answer.body).toContain('"luckyNumber":9223372036854775807');
  });

  it.each([
    ['no JSON', 'hello', /JSON/],
    ['nothing', '', /JSON/],
    ['JSON without end', '['.repeat(1_000_000), /./],
    ['another kind', JSON.stringify({ ...review([]), kind: 'AdmissionReview' }), /must be a ConversionReview/],
    ['another version', JSON.stringify({ ...review([]), apiVersion: 'apiextensions.k8s.io/v1beta1' }), /v1\n/],
    ['no request', JSON.stringify({ ...review([]), request: null }), /request: must be set/],
    ['no uid', JSON.stringify({ ...review([]), request: { ...review([]).request, uid: 1 } }), /request.uid/],
    ['no objects', JSON.stringify(review([null])), /request.objects/],
    ['no metadata', JSON.stringify(review([{ apiVersion: 'v1', kind: 'x' }])), /request.objects/],
    ['labels that are none', JSON.stringify(review([object({}, { metadata: { labels: 1 } })])), /request.objects/],
  ])('refuses %s in words', async (_, body, words) => {
    const answer = await ask(body);
    expect(answer).toMatchObject({ status: 400, body: expect.stringMatching(words) });
  });

  it('refuses another path and another method', async () => {
    expect(await ask('{}', { path: '/' })).toMatchObject({ status: 404 });
    expect(await ask(undefined, { method: 'GET' })).toMatchObject({ status: 405 });
  });

  it('takes an object as large as the API server does, and no larger one, announced or not', async () => {
    const body = (length: number) => JSON.stringify(review([object({ name: 'a'.repeat(length) })]));
    const [large, tooLarge] = [body(3 * 1024 ** 2), body(3 * 1024 ** 2 + 65 * 1024)];
    expect((await ask(large)).status).toBe(200);
    expect((await ask(tooLarge)).status).toBe(413);
    expect((await ask(tooLarge, { headers: { 'transfer-encoding': 'chunked' } })).status).toBe(413);
  });

  it('shows a certificate that was replaced, and keeps the one it has while none can be read', async () => {
    const server = async () => (await post(review([]))).server;
    expect(await server()).toBe('first');
    served = new Error('no such file');
    await clock.advance(60_000);
    expect(await server()).toBe('first');
    served = await certificate('second');
    await clock.advance(60_000);
    await eventually(async () => expect(await server()).toBe('second'));
    expect(log).toContain('the previous one stays');
  });

  it('does not start without a certificate', async () => {
    const logger = createLogger({ name: 'test', level: 'silent' });
    const readCertificate = () => Promise.resolve({ certificate: 'none', privateKey: 'none' });
    const broken = new ConversionWebhook({ kinds: [], port: 0, clock, logger, readCertificate });
    await expect(broken.start()).rejects.toThrow();
    await broken.stop();
  });

  it('closes a connection that says nothing', async () => {
    const socket = connect(webhook.port, '127.0.0.1');
    await once(socket.resume(), 'close');
  });

  it('answers what is under way before it stops', async () => {
    const body = JSON.stringify(review([object({ name: 'Ada' })]));
    const address = { hostname: '127.0.0.1', port: webhook.port, ca: authority.certificate };
    const outgoing = request({ ...address, method: 'POST', path: '/convert', headers: { expect: '100-continue' } });
    outgoing.write(body.slice(0, 10));
    await once(outgoing, 'continue');
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    const stopped = webhook.stop();
    outgoing.end(body.slice(10));
    const [response] = await answered;
    expect(response.statusCode).toBe(200);
    response.resume();
    await stopped;
  });
});
