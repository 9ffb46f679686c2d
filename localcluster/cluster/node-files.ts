import { stringify } from 'yaml';
import { images } from '../images/images.ts';
import { addresses } from './addresses.ts';

/** Where things are inside the node. */
export const paths = {
  kubernetes: '/etc/kubernetes',
  programs: '/opt/kubernetes',
  volumes: '/var/lib/volumes',
  containerdSocket: '/run/containerd/containerd.sock',
} as const;

/** The configuration files of what runs on a node, by their path there. */
export function nodeFiles(nodeName: string, cgroup: string): Record<string, string> {
  return {
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    '/etc/group': 'root:x:0:\n',
    '/etc/hosts': `127.0.0.1 localhost\n${addresses.node} ${nodeName}\n`,
    '/etc/resolv.conf': '',
    '/etc/containerd/config.toml': containerdConfiguration,
    '/etc/cni/net.d/10-bridge.conflist': JSON.stringify(podNetwork),
    '/etc/kubelet.yaml': stringify(kubeletConfiguration(cgroup)),
    '/etc/kube-proxy.yaml': stringify(kubeProxyConfiguration(nodeName)),
  };
}

const containerdConfiguration = `
version = 2
[grpc]
  address = "${paths.containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${images.pause.reference}"
  # The root of a container or a virtual machine may be unable to lower an OOM score.
  restrict_oom_score_adj = true
  disable_apparmor = true
  tolerate_missing_hugetlb_controller = true
  stream_server_address = "127.0.0.1"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "/usr/sbin/runc"
      SystemdCgroup = false
`;

// hairpinMode lets a pod reach itself through a Service.
const podNetwork = {
  cniVersion: '0.4.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      hairpinMode: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: addresses.podCidr }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
  ],
};

function kubeletConfiguration(cgroup: string): object {
  const pki = `${paths.kubernetes}/pki`;
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: addresses.node,
    healthzBindAddress: '127.0.0.1',
    readOnlyPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: `${pki}/ca.crt` },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: `${pki}/kubelet.crt`,
    tlsPrivateKeyFile: `${pki}/kubelet.key`,
    containerRuntimeEndpoint: `unix://${paths.containerdSocket}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    clusterDNS: [addresses.clusterDns],
    clusterDomain: 'cluster.local',
    // Pods resolve names of the cluster and no others: there is nothing else that they could reach.
    resolvConf: '',
    // Images cannot be pulled again, so none is ever collected, and the node's disk is the machine's to watch.
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '500Mi', 'imagefs.available': '500Mi' },
    maxOpenFiles: 20_000,
    serializeImagePulls: false,
    registerWithTaints: [],
  };
}

function kubeProxyConfiguration(nodeName: string): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig: `${paths.kubernetes}/proxy.kubeconfig` },
    mode: 'nftables',
    clusterCIDR: addresses.podCidr,
    hostnameOverride: nodeName,
    // These settings belong to the whole machine.
    conntrack: { maxPerCore: 0, min: 0 },
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
  };
}
