import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stringifyExactJson } from '../../../../../src/lib/exact-json.ts';
import { alignClusterProperties } from '../../../../../src/operator/event-cluster/redpanda/cluster-properties.ts';

/** A fake of the one endpoint of Redpanda's admin API that is used: no broker of it can be had here. */
let server: Server;
let admin: string;
let properties: Record<string, unknown>;
let writes: string[];
let refusal: string | undefined;

beforeEach(async () => {
  properties = { log_segment_size: 128, auto_create_topics_enabled: false, other: 'x' };
  writes = [];
  refusal = undefined;
  server = createServer((request, response) => {
    if (request.method === 'GET') return void response.end(stringifyExactJson(properties));
    void text(request).then((body) => {
      writes.push(body);
      response.statusCode = refusal ? 400 : 200;
      response.end(refusal ?? '{"config_version": 2}');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  admin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('cluster properties of running Redpanda brokers', () => {
  it('are set where they differ, and no others', async () => {
    const wanted = { log_segment_size: 256, auto_create_topics_enabled: false };
    expect(await alignClusterProperties(admin, wanted)).toBeUndefined();
    expect(writes).toEqual(['{"upsert":{"log_segment_size":256},"remove":[]}']);
  });

  it('are not written when they are as they should be', async () => {
    await alignClusterProperties(admin, { log_segment_size: 128 });
    await alignClusterProperties(admin, {});
    expect(writes).toEqual([]);
  });

  it('are compared and set exactly, also beyond 2^53', async () => {
    properties['retention_bytes'] = 9007199254740993n;
    await alignClusterProperties(admin, { retention_bytes: 9007199254740993n });
    expect(writes).toEqual([]);
    await alignClusterProperties(admin, { retention_bytes: 9007199254740992n });
    expect(writes).toEqual(['{"upsert":{"retention_bytes":9007199254740992},"remove":[]}']);
  });

  it('are told when the brokers refuse them', async () => {
    refusal = 'log_segment_size: expected type integer';
    expect(await alignClusterProperties(admin, { log_segment_size: 'big' })).toMatchObject({
      reason: 'ConfigRefused',
      failed: true,
      message: expect.stringContaining(
        'refuse log_segment_size of spec.config: log_segment_size: expected type integer',
      ),
    });
  });

  it('wait when nobody answers', async () => {
    server.close();
    server.closeAllConnections();
    expect(await alignClusterProperties(admin, { log_segment_size: 1 })).toBeUndefined();
  });
});
