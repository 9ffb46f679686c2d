import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseExactJson } from '../../../../../src/lib/exact-json.ts';
import { RedpandaAdmin } from '../../../../../src/operator/brokers/redpanda-admin.ts';
import { alignClusterProperties } from '../../../../../src/operator/event-cluster/redpanda/cluster-properties.ts';

type Answer = readonly [status: number, body: string, headers?: Record<string, string>];

/** A fake of the one endpoint of Redpanda's admin API that is used: no broker of it can be had here. */
interface FakeBroker {
  readonly server: Server;
  readonly url: string;
  readonly writes: unknown[];
  get: Answer;
  put: Answer;
}

const open: FakeBroker[] = [];

async function startBroker(answers: Partial<Pick<FakeBroker, 'get' | 'put'>> = {}): Promise<FakeBroker> {
  const server = createServer((request, response) => {
    const answer = ([status, body, headers = {}]: Answer) => response.writeHead(status, headers).end(body);
    if (request.method === 'GET') return void answer(broker.get);
    void text(request).then((body) => {
      broker.writes.push(parseExactJson(body));
      answer(broker.put);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const broker: FakeBroker = {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes: [],
    get: [200, JSON.stringify({ log_segment_size: 128, auto_create_topics_enabled: false, other: 'x' })],
    put: [200, '{"config_version": 2}'],
    ...answers,
  };
  open.push(broker);
  return broker;
}

function stop({ server }: FakeBroker): void {
  server.closeAllConnections();
  server.close();
}

let broker: FakeBroker;
let leads: boolean;
let admin: RedpandaAdmin;

beforeEach(async () => {
  leads = true;
  const beforeWrite = () => {
    if (!leads) throw new Error('somebody else leads');
  };
  admin = new RedpandaAdmin({ beforeWrite, timeoutMilliseconds: 1000 });
  broker = await startBroker();
});
afterEach(() => open.splice(0).forEach(stop));

const align = (wanted: Record<string, unknown>, ...brokers: FakeBroker[]) =>
  alignClusterProperties(
    admin,
    (brokers.length > 0 ? brokers : [broker]).map(({ url }) => url),
    wanted,
  );

describe('cluster properties of running Redpanda brokers', () => {
  it('are set where they differ, and no others', async () => {
    expect(await align({ log_segment_size: 256, auto_create_topics_enabled: false })).toBeUndefined();
    expect(broker.writes).toEqual([{ upsert: { log_segment_size: 256 }, remove: [] }]);
  });

  it('are not written when they are as they should be', async () => {
    await align({ log_segment_size: 128 });
    await align({});
    expect(broker.writes).toEqual([]);
  });

  it('are compared and set exactly, also beyond 2^53', async () => {
    broker.get = [200, '{"retention_bytes": 9007199254740993}'];
    await align({ retention_bytes: 9007199254740993n });
    expect(broker.writes).toEqual([]);
    await align({ retention_bytes: 9007199254740994n });
    expect(broker.writes).toEqual([{ upsert: { retention_bytes: 9007199254740994n }, remove: [] }]);
  });

  it('are not written by an operator that no longer leads', async () => {
    leads = false;
    await expect(align({ log_segment_size: 256 })).rejects.toThrow('somebody else leads');
    expect(broker.writes).toEqual([]);
  });

  it('are reported when the brokers refuse them, with their words up to a bound', async () => {
    broker.put = [400, `log_segment_size: expected type integer${'!'.repeat(5000)}`];
    const problem = await align({ log_segment_size: 'big' });
    expect(problem).toMatchObject({ reason: 'ConfigRefused', failed: true });
    expect(problem?.message).toContain('spec.config (log_segment_size): log_segment_size: expected type integer!');
    expect(problem?.message.length).toBeLessThan(1500);
  });

  it('are reported when they cannot even be read', async () => {
    broker.get = [401, 'unauthorized'];
    expect(await align({ log_segment_size: 1 })).toMatchObject({ reason: 'ConfigRefused', failed: true });
  });

  it.each<[string, Answer]>([
    ['is overloaded', [503, 'busy']],
    ['answers with what is no JSON', [200, '<html>']],
    ['answers with what is no configuration', [200, '[1]']],
    ['answers without end', [200, `{"a": "${'x'.repeat(2 * 1024 * 1024)}"}`]],
    ['sends the operator elsewhere', [302, '', { location: 'http://169.254.169.254/' }]],
  ])('are said to be pending while a broker %s, and are tried with the next', async (_, answer) => {
    broker.get = answer;
    broker.put = answer[0] === 200 ? [503, ''] : answer;
    expect(await align({ log_segment_size: 1 })).toMatchObject({ reason: 'ConfigPending', failed: false });
    const other = await startBroker();
    expect(await align({ log_segment_size: 1 }, broker, other)).toBeUndefined();
    expect(other.writes).toHaveLength(1);
  });

  it('are said to be pending when a change cannot be made, and are not forgotten', async () => {
    broker.put = [500, 'no leader'];
    expect(await align({ log_segment_size: 1 })).toMatchObject({ reason: 'ConfigPending' });
    stop(broker);
    expect(await align({ log_segment_size: 1 })).toMatchObject({ reason: 'ConfigPending' });
  });

  it('are changed by the broker that leads the others, to which they refer', async () => {
    const leader = await startBroker();
    broker.put = [307, '', { location: `${leader.url}/v1/cluster_config` }];
    expect(await align({ log_segment_size: 1 }, broker)).toMatchObject({ reason: 'ConfigPending' });
    expect(leader.writes).toEqual([]);
    expect(await align({ log_segment_size: 1 }, broker, leader)).toBeUndefined();
    expect(leader.writes).toHaveLength(1);
  });
});
