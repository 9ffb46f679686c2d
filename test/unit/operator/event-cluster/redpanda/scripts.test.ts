import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { brokerHost } from '../../../../../src/operator/event-cluster/names.ts';
import { planCluster } from '../../../../../src/operator/event-cluster/plan.ts';
import { redpandaPorts, tlsFolder } from '../../../../../src/operator/event-cluster/redpanda/layout.ts';
import { podSpec } from '../../../../../src/operator/event-cluster/redpanda/pod.ts';
import { scripts } from '../../../../../src/operator/event-cluster/redpanda/scripts.ts';
import { makeCertificates } from '../../../../support/certificates.ts';
import { fileIn } from '../../../../support/pod-files.ts';
import { RedpandaStandIn, type StandInBroker, type StandInStart } from '../../../../support/redpanda-stand-in.ts';
import { anEventCluster } from '../../../../support/resources.ts';

const nothing = { statefulSet: undefined, firstClaim: undefined };
const plan = planCluster(anEventCluster(), 3, nothing, { tls: true, authentication: true, certificatesHash: '' });
const openPlan = planCluster(anEventCluster(), 3, nothing);
const hosts = [0, 1, 2].map((index) => brokerHost(plan, index));

let standIn: RedpandaStandIn;
let broker: StandInBroker;

let folder: string;
let adminTls: NonNullable<StandInStart['adminTls']>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redpanda-tls-'));
  const { secrets } = await makeCertificates(plan);
  const read = (name: string) => fileIn(podSpec(plan), 'redpanda', `${tlsFolder}/${name}`, secrets);
  adminTls = { cert: read('internal.crt'), key: read('internal.key'), ca: read('trusted.crt') };
  for (const name of ['internal.crt', 'internal.key', 'trusted.crt']) await writeFile(join(folder, name), read(name));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  standIn = await RedpandaStandIn.of(hosts, { adminTls });
  broker = standIn.brokers[0]!;
});
afterEach(() => standIn.close());

interface RunOptions {
  readonly of?: StandInBroker;
  /** Its own, where it is not the one of closed brokers. */
  readonly plan?: typeof plan;
  /** Seconds in place of the 45 that hooks have. */
  readonly seconds?: number;
}

async function run(
  name: string,
  { of = broker, seconds = 15, plan: ofPlan = plan }: RunOptions = {},
): Promise<number | undefined> {
  const script = scripts(ofPlan)
    [name]!.replaceAll(`:${redpandaPorts.admin}`, `:${of.port}`)
    .replaceAll(tlsFolder, folder)
    .replace(/timeout \d+/, `timeout ${seconds}`);
  const env = { RPC_HOST: of.start.rpcHost };
  return (await execa('bash', ['-c', script], { env, reject: false, timeout: 20_000 })).exitCode;
}

const maintenance = (method: string, { nodeId }: StandInBroker) => `${method} /v1/brokers/${nodeId}/maintenance`;

describe('the scripts in the pods of Redpanda', () => {
  it('tell when a broker has started', async () => {
    expect(await run('is-started.sh')).toBe(0);
    broker.ill = () => [200, { status: 'booting' }];
    expect(await run('is-started.sh')).not.toBe(0);
    standIn.stop(broker);
    expect(await run('is-started.sh')).not.toBe(0);
  });

  it('end the maintenance of a broker that started too late for the hook', async () => {
    broker.inMaintenance = true;
    expect(await run('is-started.sh')).toBe(0);
    expect(broker.inMaintenance).toBe(false);
  });

  it('hand over before a stop, during which the broker is not ready, and take back after the next start', async () => {
    expect(await run('is-ready.sh')).toBe(0);
    expect(await run('pre-stop.sh')).toBe(0);
    expect(broker.looksToHandOver).toBe(0);
    expect(await run('is-ready.sh')).not.toBe(0);
    expect(await run('post-start.sh')).toBe(0);
    expect(await run('is-ready.sh')).toBe(0);
    expect(standIn.writes).toEqual([maintenance('PUT', broker), maintenance('DELETE', broker)]);
  });

  it('wait with the handing over while another broker is in maintenance', async () => {
    const other = standIn.brokers[1]!;
    other.inMaintenance = true;
    const stopping = run('pre-stop.sh');
    await run('is-ready.sh');
    expect(broker.inMaintenance).toBe(false);
    other.inMaintenance = false;
    expect(await stopping).toBe(0);
    expect(broker.inMaintenance).toBe(true);
  });

  it('do not ask again where the cluster knows no such broker', async () => {
    let asked = 0;
    broker.ill = (method) => {
      if (method !== 'PUT') return undefined;
      asked += 1;
      return [404, {}];
    };
    expect(await run('pre-stop.sh', { seconds: 5 })).toBe(0);
    expect(asked).toBe(1);
  });

  it('end the maintenance of what the broker was before it lost its volume, once it is known to be dead', async () => {
    const before = broker;
    before.inMaintenance = true;
    before.healthLag = 2;
    standIn.stop(before);
    const others = standIn.brokers[2]!;
    standIn.stop(others);
    const now = await standIn.start(before.start);
    expect(await run('post-start.sh', { of: now })).toBe(0);
    expect(before.inMaintenance).toBe(false);
    // A broker that is dead and has another name comes back, and ends its own.
    expect(standIn.writes).toEqual([maintenance('DELETE', now), maintenance('DELETE', before)]);
  });

  it('ask nothing of others where nobody could take over, or of a broker that never joined', async () => {
    const two = await RedpandaStandIn.of(hosts.slice(0, 2), { adminTls });
    try {
      expect(await run('pre-stop.sh', { of: two.brokers[0]! })).toBe(0);
      expect(two.writes).toEqual([]);
    } finally {
      two.close();
    }
    broker.nodeId = undefined;
    expect(await run('pre-stop.sh')).toBe(0);
    expect(standIn.writes).toEqual([]);
  });

  // A hook that fails makes the kubelet kill the container; five such starts, and the broker does not start for an hour.
  it.each(['post-start.sh', 'pre-stop.sh'])('end well and in time, whatever the broker does: %s', async (name) => {
    broker.ill = () => [503, ''];
    expect(await run(name, { seconds: 1 })).toBe(0);
    standIn.brokers[1]!.inMaintenance = true;
    broker.ill = () => undefined;
    expect(await run(name, { seconds: 1 })).toBe(0);
    standIn.stop(broker);
    expect(await run(name, { seconds: 1 })).toBe(0);
  });

  it('ask brokers that are open in plain text, and those that are closed with a certificate', async () => {
    expect(await run('is-ready.sh', { plan: openPlan })).not.toBe(0);
    const open = await RedpandaStandIn.of(hosts);
    try {
      const of = open.brokers[0]!;
      for (const name of ['is-started.sh', 'is-ready.sh', 'pre-stop.sh', 'post-start.sh'])
        expect(await run(name, { of, plan: openPlan })).toBe(0);
      expect(open.writes).toEqual([maintenance('PUT', of), maintenance('DELETE', of)]);
    } finally {
      open.close();
    }
  });

  it("are run as they are by the hooks, which have half of the pod's grace", () => {
    const { containers, terminationGracePeriodSeconds } = podSpec(plan);
    const { postStart, preStop } = containers[0]!.lifecycle!;
    expect(postStart?.exec?.command).toEqual(['bash', '/etc/kafka-events/post-start.sh']);
    expect(preStop?.exec?.command).toEqual(['bash', '/etc/kafka-events/pre-stop.sh']);
    expect(terminationGracePeriodSeconds).toBe(90);
    for (const name of ['post-start.sh', 'pre-stop.sh']) {
      expect(scripts(plan)[name]).toMatch(/\ntimeout 45 bash -c [a-z_]+\ntrue\n$/);
    }
  });
});
