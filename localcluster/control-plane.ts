import { join } from 'node:path';

/** A program to run: the first argument names one of the programs in the `kube` binary. */
export interface ProcessSpec {
  readonly name: string;
  readonly args: readonly string[];
}

/** Where a control plane keeps its files and listens. All of it is loopback but for the API server's address. */
export interface ControlPlaneOptions {
  /** Holds the credentials (credentials.ts) and etcd's data. */
  readonly folder: string;
  /** The address that the API server listens on; loopback where there are no pods to reach it. */
  readonly address: string;
  readonly ports: { readonly apiServer: number; readonly etcdClient: number; readonly etcdPeer: number };
  readonly serviceCidr: string;
  /** Writes a JSON line a request to this file, by the policy. */
  readonly audit?: { readonly policyFile: string; readonly logFile: string };
}

export const serviceAccountIssuer = 'https://kubernetes.default.svc.cluster.local';

export function etcd({ folder, ports }: ControlPlaneOptions): ProcessSpec {
  const clientUrl = `https://127.0.0.1:${ports.etcdClient}`;
  const peerUrl = `https://127.0.0.1:${ports.etcdPeer}`;
  const file = (name: string) => join(folder, 'pki', name);
  return {
    name: 'etcd',
    args: [
      'etcd',
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${clientUrl}`,
      `--advertise-client-urls=${clientUrl}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
      `--cert-file=${file('etcd.crt')}`,
      `--key-file=${file('etcd.key')}`,
      `--trusted-ca-file=${file('etcd-ca.crt')}`,
      '--client-cert-auth',
      `--peer-cert-file=${file('etcd.crt')}`,
      `--peer-key-file=${file('etcd.key')}`,
      `--peer-trusted-ca-file=${file('etcd-ca.crt')}`,
      '--peer-client-cert-auth',
      // What is written outlives a crash of any process, and only a machine that loses its power can lose it.
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
  };
}

export function kubeApiServer({ folder, address, ports, serviceCidr, audit }: ControlPlaneOptions): ProcessSpec {
  const file = (name: string) => join(folder, 'pki', name);
  const loopback = address === '127.0.0.1';
  return {
    name: 'kube-apiserver',
    args: [
      'kube-apiserver',
      `--bind-address=${address}`,
      `--advertise-address=${address}`,
      // Nobody can be sent to a loopback address, so the `kubernetes` Service gets no endpoint then.
      ...(loopback ? ['--endpoint-reconciler-type=none'] : []),
      `--secure-port=${ports.apiServer}`,
      `--tls-cert-file=${file('kube-apiserver.crt')}`,
      `--tls-private-key-file=${file('kube-apiserver.key')}`,
      `--client-ca-file=${file('ca.crt')}`,
      '--anonymous-auth=false',
      '--authorization-mode=Node,RBAC',
      '--enable-admission-plugins=NodeRestriction',
      `--etcd-servers=https://127.0.0.1:${ports.etcdClient}`,
      `--etcd-cafile=${file('etcd-ca.crt')}`,
      `--etcd-certfile=${file('etcd-client.crt')}`,
      `--etcd-keyfile=${file('etcd-client.key')}`,
      `--kubelet-certificate-authority=${file('ca.crt')}`,
      `--kubelet-client-certificate=${file('kubelet-client.crt')}`,
      `--kubelet-client-key=${file('kubelet-client.key')}`,
      '--kubelet-preferred-address-types=InternalIP',
      `--service-account-issuer=${serviceAccountIssuer}`,
      `--service-account-key-file=${file('service-account.pub')}`,
      `--service-account-signing-key-file=${file('service-account.key')}`,
      `--service-cluster-ip-range=${serviceCidr}`,
      '--allow-privileged',
      '--profiling=false',
      ...(audit ? [`--audit-policy-file=${audit.policyFile}`, `--audit-log-path=${audit.logFile}`] : []),
    ],
  };
}

export function kubeControllerManager({ folder }: ControlPlaneOptions): ProcessSpec {
  return {
    name: 'kube-controller-manager',
    args: [
      'kube-controller-manager',
      `--kubeconfig=${join(folder, 'controller-manager.kubeconfig')}`,
      `--root-ca-file=${join(folder, 'pki', 'ca.crt')}`,
      `--service-account-private-key-file=${join(folder, 'pki', 'service-account.key')}`,
      '--use-service-account-credentials',
      '--leader-elect=false',
      '--secure-port=0',
    ],
  };
}

export function kubeScheduler({ folder }: ControlPlaneOptions): ProcessSpec {
  return {
    name: 'kube-scheduler',
    args: [
      'kube-scheduler',
      `--kubeconfig=${join(folder, 'scheduler.kubeconfig')}`,
      '--leader-elect=false',
      '--secure-port=0',
    ],
  };
}
