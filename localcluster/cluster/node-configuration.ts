import { join } from 'node:path';
import { etcd, kubeApiServer, kubeControllerManager, kubeScheduler, type ProcessSpec } from '../control-plane.ts';
import type { Settings } from '../settings.ts';
import { addresses, apiServerPort, forwardedNodePorts } from './addresses.ts';
import { nodeFiles, paths } from './node-files.ts';

/** The folders of the cache that a node is made from. */
export interface NodeFolders {
  /** Holds `kube`. */
  readonly programs: string;
  /** The root file system. */
  readonly root: string;
}

/** A cluster's one node has the cluster's name. */
export function nodeName(settings: Settings): string {
  return settings.clusterName;
}

/** The path of all of the node's cgroups, below each hierarchy's root. */
export function nodeCgroup(settings: Settings): string {
  return `kafka-events/${settings.clusterName}`;
}

const forwardedPorts = [apiServerPort, ...forwardedNodePorts];

/** The ports on the machine's 127.0.0.1 that lead into the node: to the API server, then to the forwarded node ports. */
export function machinePorts(settings: Settings): number[] {
  return forwardedPorts.map((_, index) => settings.firstPort + index);
}

/** What the node program (localcluster/node) is told; the shape is its Configuration. */
export function nodeConfiguration(settings: Settings, folders: NodeFolders): object {
  const state = (name: string) => join(settings.stateFolder, name);
  return {
    hostname: nodeName(settings),
    root: folders.root,
    mounts: [
      { source: folders.programs, target: paths.programs, readOnly: true },
      { source: state('kubernetes'), target: paths.kubernetes, readOnly: false },
      ...['containerd', 'kubelet', 'volumes'].map((name) => ({
        source: state(name),
        target: `/var/lib/${name}`,
        readOnly: false,
      })),
    ],
    files: nodeFiles(nodeName(settings), nodeCgroup(settings)),
    // kubelet insists on these values of settings that the whole machine shares.
    kernelSettings: { 'vm/overcommit_memory': '1', 'kernel/panic': '10', 'kernel/panic_on_oops': '1' },
    cgroup: nodeCgroup(settings),
    network: { address: addresses.nodeCidr, routes: [addresses.serviceCidr] },
    forwards: machinePorts(settings).map((port, index) => ({
      listen: `127.0.0.1:${port}`,
      to: `${addresses.node}:${forwardedPorts[index]}`,
    })),
    logFolder: state('logs'),
    processes: nodeProcesses(nodeName(settings)),
  };
}

const apiServerSocket = `tcp:${addresses.node}:${apiServerPort}`;
const etcdPort = 2379;

function nodeProcesses(name: string): object[] {
  const options = {
    folder: paths.kubernetes,
    address: addresses.node,
    ports: { apiServer: apiServerPort, etcdClient: etcdPort, etcdPeer: 2380 },
    serviceCidr: addresses.serviceCidr,
  };
  const kubernetes = (spec: ProcessSpec, waitFor: readonly string[]) => ({
    name: spec.name,
    command: [`${paths.programs}/kube`, ...spec.args],
    environment: {},
    waitFor,
  });
  return [
    { name: 'containerd', command: ['/usr/bin/containerd'], environment: {}, waitFor: [] },
    kubernetes(etcd(options), []),
    kubernetes(kubeApiServer(options), [`tcp:127.0.0.1:${etcdPort}`]),
    kubernetes(kubeControllerManager(options), [apiServerSocket]),
    kubernetes(kubeScheduler(options), [apiServerSocket]),
    kubernetes(kubelet(name), [`unix:${paths.containerdSocket}`, apiServerSocket]),
    kubernetes(kubeProxy(), [apiServerSocket]),
    kubernetes(storageProvisioner(), [apiServerSocket]),
  ];
}

function kubelet(name: string): ProcessSpec {
  return {
    name: 'kubelet',
    args: [
      'kubelet',
      '--config=/etc/kubelet.yaml',
      `--kubeconfig=${paths.kubernetes}/kubelet.kubeconfig`,
      `--hostname-override=${name}`,
      `--node-ip=${addresses.node}`,
    ],
  };
}

function kubeProxy(): ProcessSpec {
  return { name: 'kube-proxy', args: ['kube-proxy', '--config=/etc/kube-proxy.yaml'] };
}

function storageProvisioner(): ProcessSpec {
  return {
    name: 'storage-provisioner',
    args: [
      'storage-provisioner',
      `--kubeconfig=${paths.kubernetes}/storage-provisioner.kubeconfig`,
      `--root=${paths.volumes}`,
    ],
  };
}
