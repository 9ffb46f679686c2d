import { describe, expect, it } from '@jest/globals';
import type { Machine } from '../../../localcluster/machine/machine.ts';
import { kernelFeatures } from '../../../localcluster/machine/kernel.ts';
import { findRefusals, type Needs, type Refusal } from '../../../localcluster/preflight.ts';
import { readSettings } from '../../../localcluster/settings.ts';

const settings = readSettings({ XDG_CACHE_HOME: '/cache', XDG_STATE_HOME: '/state' });
const needs: Needs = { ports: [16_443, 16_444, 16_445], building: true };

/** A machine on which a cluster comes up. */
const fit: Machine = {
  platform: 'linux',
  architecture: 'x64',
  kernelRelease: '6.1.0-49-amd64',
  isRoot: true,
  capabilities: (1n << 41n) - 1n,
  namespaces: new Set(['cgroup', 'ipc', 'mnt', 'net', 'pid', 'user', 'uts']),
  cgroupControllers: new Set(['cpu', 'cpuset', 'io', 'memory', 'pids']),
  kernelFeatures: new Set(kernelFeatures),
  tools: new Set(['apt-cache', 'apt-get', 'dpkg-deb', 'npm', 'nsenter', 'python3', 'tar']),
  disks: [{ folders: [settings.cacheFolder, settings.stateFolder], freeBytes: 50e9 }],
  listeners: new Map(),
};

function refuse(difference: Partial<Machine>, differentNeeds: Partial<Needs> = {}): readonly Refusal[] {
  return findRefusals({ ...fit, ...difference }, settings, { ...needs, ...differentNeeds });
}

function without<T>(set: ReadonlySet<T>, ...missing: T[]): ReadonlySet<T> {
  return new Set([...set].filter((element) => !missing.includes(element)));
}

describe('findRefusals', () => {
  it('finds nothing in the way on a fit machine', () => {
    expect(refuse({})).toEqual([]);
  });

  it.each<[string, Partial<Machine>, Refusal['code'], string]>([
    ['another system', { platform: 'darwin' }, 'NotLinux', 'this is darwin'],
    ['another processor', { architecture: 'arm64' }, 'UnsupportedArchitecture', 'this one is arm64'],
    ['a user', { isRoot: false }, 'NotRoot', 'run make as root'],
    ['a container', { capabilities: 0xa80425fbn }, 'MissingCapability', 'lacks CAP_NET_ADMIN and CAP_SYS_ADMIN'],
    ['an old kernel', { kernelRelease: '5.10.0-30-amd64' }, 'OldKernel', 'is 5.10.0-30-amd64, and 5.13 is the oldest'],
    ['an older kernel', { kernelRelease: '4.19.0' }, 'OldKernel', 'is 4.19.0'],
    ['no namespaces', { namespaces: without(fit.namespaces, 'pid') }, 'MissingNamespace', 'of kind pid'],
    [
      'a controller that is off',
      { cgroupControllers: without(fit.cgroupControllers, 'memory', 'cpuset') },
      'MissingCgroupController',
      'controllers cpuset, memory are missing',
    ],
    ...kernelFeatures.map((feature): [string, Partial<Machine>, Refusal['code'], string] => [
      `no ${feature}`,
      { kernelFeatures: without(fit.kernelFeatures, feature) },
      'MissingKernelFeature',
      `offers no ${feature}`,
    ]),
  ])('refuses %s in one line that names minikube and kind', (_, difference, code, part) => {
    const refusals = refuse(difference);
    expect(refusals).toEqual([{ code, message: expect.stringContaining(part) }]);
    expect(refusals[0]?.message).toMatch(
      /^[^\n]+ use minikube or kind instead: make demo CONTEXT=\S+ kubeconfig context>$/,
    );
  });

  it('takes new kernels', () => {
    for (const kernelRelease of ['5.13.0', '5.15.0-1-generic', '6.0', '10.2.1'])
      expect(refuse({ kernelRelease })).toEqual([]);
  });

  it.each([
    ['npm', 'install Node.js'],
    ['python3', 'apt-get install python3-pip'],
    ['nsenter', 'apt-get install util-linux'],
  ])('says how to install %s', (tool, remedy) => {
    const refusals = refuse({ tools: without(fit.tools, tool) });
    expect(refusals).toEqual([
      { code: 'MissingTool', message: expect.stringMatching(`^${tool} is not installed: .*${remedy}`) },
    ]);
  });

  it('needs Python only to fetch Go with it', () => {
    expect(refuse({ tools: new Set([...without(fit.tools, 'python3'), 'go']) })).toEqual([]);
  });

  it('asks for no compiler and no room for builds when everything is built', () => {
    const built = { tools: new Set(['nsenter']), disks: [{ ...fit.disks[0]!, freeBytes: 2.5e9 }] };
    expect(refuse(built, { building: false })).toEqual([]);
    expect(refuse(built)).not.toEqual([]);
  });

  it('says how much room is missing, on one disk or two', () => {
    expect(
      refuse({ disks: [{ folders: ['/cache/kafka-events', '/state/kafka-events/kafka-events'], freeBytes: 7.2e9 }] }),
    ).toEqual([
      {
        code: 'DiskFull',
        message:
          'The disk of /cache/kafka-events and /state/kafka-events/kafka-events has 7.2 GB free, and 8.0 GB are needed: ' +
          'make room, or choose another disk with XDG_CACHE_HOME and XDG_STATE_HOME',
      },
    ]);
    const cache = { folders: [settings.cacheFolder], freeBytes: 6.5e9 };
    const state = { folders: [settings.stateFolder], freeBytes: 1e9 };
    const refusals = refuse({ disks: [cache, state] });
    expect(refusals).toEqual([
      { code: 'DiskFull', message: expect.stringContaining('has 1.0 GB free, and 2.0 GB are needed') },
    ]);
  });

  it('says who holds a port, once for each holder', () => {
    const listeners = new Map([
      [16_443, 'nginx (process 812)'],
      [16_444, 'another process'],
      [16_445, 'nginx (process 812)'],
    ]);
    const remedy = 'end that, or choose 3 other ports with CLUSTER_PORT=<the first of them>';
    expect(refuse({ listeners }).map((refusal) => refusal.message)).toEqual([
      `Ports 16443, 16445 on 127.0.0.1 are taken by nginx (process 812): ${remedy}`,
      `Port 16444 on 127.0.0.1 is taken by another process: ${remedy}`,
    ]);
  });

  it('says it shortly when another cluster holds all of them', () => {
    const listeners = new Map(needs.ports.map((port) => [port, 'node init node.json (process 7)']));
    expect(refuse({ listeners })[0]?.message).toMatch(/^Ports 16443 to 16445 on 127.0.0.1 are taken by node init /);
  });

  it('tells everything that is wrong at once, unless the first makes the rest idle', () => {
    const wrong = {
      kernelRelease: '5.4.0',
      tools: new Set<string>(),
      listeners: new Map([[16_443, 'another process']]),
    };
    const codes = refuse(wrong).map((refusal) => refusal.code);
    expect(new Set(codes)).toEqual(new Set(['OldKernel', 'MissingTool', 'PortTaken']));
    expect(refuse({ ...wrong, isRoot: false }).map((refusal) => refusal.code)).toEqual(['NotRoot']);
  });
});
