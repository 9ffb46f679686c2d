import { afterEach, describe, expect, it } from '@jest/globals';
import { configMaps } from '../../../../../src/operator/kinds.ts';
import {
  HttpTransport,
  type HttpTransportOptions,
} from '../../../../../src/operator/runtime/transport/http-transport.ts';
import { KubernetesClient } from '../../../../../src/operator/runtime/transport/kubernetes-client.ts';
import { startRogueServer, type RogueAnswer, type RogueServer } from '../../../../support/rogue-server.ts';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
/** What lies in sockets, on both sides, when a connection is closed. */
const inFlight = 8 * mebibyte;

let server: RogueServer;
let transport: HttpTransport;

async function connect(answer: (answer: RogueAnswer) => unknown, options: HttpTransportOptions = {}) {
  server = await startRogueServer(answer);
  transport = new HttpTransport(server.apiServer, options);
  return new KubernetesClient(transport);
}
afterEach(async () => {
  transport.close();
  await server.stop();
});

const key = { namespace: 'tasks', name: 'a' };
const read = (client: KubernetesClient) => client.get(configMaps, key);
const watch = async (client: KubernetesClient) => {
  for await (const event of client.watch(configMaps, 'tasks', '1', new AbortController().signal)) return event;
  return undefined;
};
const item = (name: string) => ({
  metadata: { name, uid: name, resourceVersion: '1' },
  data: { text: 'x'.repeat(999) },
});

describe('an answer without end', () => {
  it('is read up to the limit, and its connection closed', async () => {
    const client = await connect(({ pour }) => pour('x'.repeat(kibibyte)), { answerBytes: mebibyte });
    await expect(read(client)).rejects.toMatchObject({
      code: 'AnswerTooLarge',
      retryable: true,
      message: 'GET /api/v1/namespaces/tasks/configmaps/a: the answer is larger than 1024 KiB and was not read further',
    });
    expect(server.poured).toBeLessThan(mebibyte + inFlight);
  });

  it('is read up to 64 MiB where nothing else is said', async () => {
    const client = await connect(({ pour }) => pour('x'.repeat(mebibyte)));
    await expect(read(client)).rejects.toMatchObject({ code: 'AnswerTooLarge' });
    expect(server.poured).toBeLessThan(64 * mebibyte + inFlight);
  });

  it('ends a watch whose line does not end', async () => {
    const client = await connect(({ pour }) => pour('x'.repeat(64 * kibibyte)));
    await expect(watch(client)).rejects.toMatchObject({ code: 'AnswerTooLarge' });
    expect(server.poured).toBeLessThan(8 * mebibyte + inFlight);
  });

  it.each([
    [500, { code: 'ApiServerFailed', message: expect.stringMatching(/: HTTP status 500$/) }],
    [302, { code: 'Redirected' }],
  ])('of status %i is a refusal, and hardly read', async (status, error) => {
    const client = await connect(({ response, pour }) => pour((response.writeHead(status), 'x'.repeat(kibibyte))));
    await expect(read(client)).rejects.toMatchObject(error);
    expect(server.poured).toBeLessThan(64 * kibibyte + inFlight);
  });

  it('does not delay the attempt that follows a refusal', async () => {
    const client = await connect(({ response, pour }) => {
      if (server.seen.length > 1) return response.end(JSON.stringify(item('a')));
      response.writeHead(401);
      return pour('x'.repeat(kibibyte));
    });
    expect(await read(client)).toMatchObject({ metadata: { name: 'a' } });
    expect(server.poured).toBeLessThan(64 * kibibyte + inFlight);
  });
});

describe('a list page that is too large', () => {
  /** As many items as are asked for, of a hundred. */
  const listing = ({ request, response }: RogueAnswer) => {
    const query = new URL(request.url!, server.apiServer.url).searchParams;
    const start = Number(query.get('continue') ?? 0);
    const end = start + Number(query.get('limit'));
    const items = Array.from({ length: Math.min(end, 100) - start }, (_, index) => item(`item-${start + index}`));
    response.end(
      JSON.stringify({ metadata: { resourceVersion: '7', ...(end < 100 && { continue: String(end) }) }, items }),
    );
  };

  it('is asked for again in smaller ones, until they fit', async () => {
    const client = await connect(listing, { answerBytes: 10 * kibibyte });
    const { items, resourceVersion } = await client.list(configMaps, 'tasks');
    expect(items.map(({ metadata }) => metadata.name)).toEqual(Array.from({ length: 100 }, (_, i) => `item-${i}`));
    expect(resourceVersion).toBe('7');
    const limits = server.seen.map((line) => Number(new URLSearchParams(line.split('?')[1]).get('limit')));
    expect(limits.slice(0, 8)).toEqual([500, 250, 125, 63, 32, 16, 8, 8]);
    expect(new Set(limits.slice(8))).toEqual(new Set([8]));
  });

  it('is an error when even one object does not fit', async () => {
    const client = await connect(listing, { answerBytes: kibibyte });
    await expect(client.list(configMaps, 'tasks')).rejects.toMatchObject({ code: 'AnswerTooLarge' });
    expect(server.seen.at(-1)).toContain('limit=1');
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('of status %i is an error in plain words, and goes nowhere', async (status) => {
    const client = await connect(({ response }) => response.writeHead(status, { location: '/stolen' }).end());
    const refused = {
      code: 'Redirected',
      retryable: false,
      message: expect.stringContaining(`answered with a redirect (HTTP status ${status}). Redirects are not followed`),
    };
    await expect(read(client)).rejects.toMatchObject(refused);
    await expect(watch(client)).rejects.toMatchObject(refused);
    await expect(client.create(configMaps, { metadata: { ...key } })).rejects.toMatchObject(refused);
    expect(server.seen.filter((line) => line.includes('stolen'))).toEqual([]);
    expect(server.seen).toHaveLength(3);
  });
});

describe('an answer that is not JSON', () => {
  it('is an error that does not repeat it', async () => {
    const client = await connect(({ response }) => response.end('password\n'));
    for (const asked of [read(client), watch(client)]) {
      const error: unknown = await asked.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'ApiServerFailed', message: expect.stringContaining('is not JSON') });
      expect(String(error) + String((error as Error).cause)).not.toContain('password');
    }
  });
});
