/** Every address inside a node. Each cluster's node has a network of its own, so that all clusters use the same ones. */
export const addresses = {
  node: '10.201.0.2',
  nodeCidr: '10.201.0.2/24',
  podCidr: '10.244.0.0/24',
  serviceCidr: '10.96.0.0/16',
  /** By convention the tenth service address. */
  clusterDns: '10.96.0.10',
  /** The first service address, which is the API server's. */
  kubernetesService: '10.96.0.1',
} as const;

export const apiServerPort = 6443;

/** The node ports that can be reached from the machine: the cluster's first port + 1 leads to the first of these, and so on. */
export const forwardedNodePorts = [30_001, 30_002, 30_003, 30_004, 30_005, 30_006, 30_007, 30_008, 30_009] as const;
