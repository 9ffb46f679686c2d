import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { planCluster } from '../../../../../src/operator/event-cluster/plan.ts';
import { redpandaPorts } from '../../../../../src/operator/event-cluster/redpanda/layout.ts';
import { scripts } from '../../../../../src/operator/event-cluster/redpanda/scripts.ts';
import { anEventCluster } from '../../../../support/resources.ts';

const plan = planCluster(anEventCluster(), 3, { statefulSet: undefined, firstClaim: undefined });

/** A fake of the admin API of broker 1: no real one can be had here. Broker 7 is what broker 0 was on a lost volume. */
let server: Server;
let status: string;
let draining: boolean;
let changes: string[];

beforeEach(async () => {
  [status, draining, changes] = ['ready', false, []];
  server = createServer(({ method, url = '' }, response) => {
    const [, id, maintenance] = /^\/v1\/brokers\/(\d+)(\/maintenance)?$/.exec(url) ?? [];
    if (maintenance) {
      changes.push(`${method} ${id}`);
      draining = method === 'PUT';
    }
    response.end(JSON.stringify(maintenance ? {} : answer(url, Number(id))));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function answer(url: string, id: number): unknown {
  if (url === '/v1/status/ready') return { status };
  if (url === '/v1/node_config') return { node_id: 1, data_directory: '/data' };
  return url === '/v1/brokers' ? [1, 2, 7].map(broker) : broker(id);
}

const broker = (id: number) => ({
  node_id: id,
  internal_rpc_address: id === 7 ? 'events-0.brokers.' : `events-${id}.brokers.`,
  membership_status: 'active',
  is_alive: id !== 7,
  maintenance_status: { draining, finished: draining, errors: false },
});

async function run(name: string): Promise<number | undefined> {
  const { port } = server.address() as AddressInfo;
  const script = scripts(plan)[name]!.replaceAll(`:${redpandaPorts.admin}`, `:${port}`);
  const env = { RPC_HOST: 'events-0.brokers.' };
  return (await execa('bash', ['-c', script], { env, reject: false, timeout: 20_000 })).exitCode;
}

describe('the scripts in the pods of Redpanda', () => {
  it('tell when a broker has started', async () => {
    expect(await run('is-started.sh')).toBe(0);
    status = 'booting';
    expect(await run('is-started.sh')).not.toBe(0);
  });

  it('hand over before a stop, during which the broker is not ready, and take back after the next start', async () => {
    expect(await run('is-ready.sh')).toBe(0);
    expect(await run('pre-stop.sh')).toBe(0);
    expect(await run('is-ready.sh')).not.toBe(0);
    expect(await run('post-start.sh')).toBe(0);
    expect(await run('is-ready.sh')).toBe(0);
    expect(changes).toEqual(['PUT 1', 'DELETE 1', 'DELETE 7']);
  });
});
