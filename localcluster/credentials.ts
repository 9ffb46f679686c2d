import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  createCertificateAuthority,
  createSigningKeys,
  type CertificateAuthority,
  type KeyPair,
} from './certificates.ts';
import { renderKubeconfig } from './kubeconfig.ts';

/** Who is issued a kubeconfig: the file's name, and the user and groups that RBAC's default bindings know. */
const clients = {
  admin: { commonName: 'kafka-events-admin', organizations: ['system:masters'] },
  'controller-manager': { commonName: 'system:kube-controller-manager' },
  scheduler: { commonName: 'system:kube-scheduler' },
  proxy: { commonName: 'system:kube-proxy' },
  'storage-provisioner': { commonName: 'kafka-events:storage-provisioner' },
} as const;

/** What the credentials are made for. */
export interface CredentialsOptions {
  /** The name of the context in the kubeconfigs. */
  readonly clusterName: string;
  /** Where the cluster's own programs reach the API server: https://host:port */
  readonly server: string;
  /** Every name and address that the API server answers to. */
  readonly hosts: readonly string[];
  /** The node's name and address, where there is a node. */
  readonly node?: { readonly name: string; readonly address: string };
}

/**
 * Every key, certificate and kubeconfig of a cluster, by path below one folder. etcd has an authority of its own, so
 * that a client of the API server is none of etcd's. The authorities' private keys are not among the files: nothing
 * more can be issued once this is done.
 */
export async function createCredentials(options: CredentialsOptions): Promise<ReadonlyMap<string, string>> {
  const [authority, etcdAuthority] = await Promise.all([
    createCertificateAuthority(options.clusterName),
    createCertificateAuthority(`${options.clusterName}-etcd`),
  ]);
  const serviceAccount = await createSigningKeys();
  const files = new Map([
    ['pki/ca.crt', authority.certificate],
    ['pki/etcd-ca.crt', etcdAuthority.certificate],
    ['pki/service-account.pub', serviceAccount.publicKey],
    ['pki/service-account.key', serviceAccount.privateKey],
  ]);
  const add = (name: string, pair: KeyPair): void => {
    files.set(`pki/${name}.crt`, pair.certificate).set(`pki/${name}.key`, pair.privateKey);
  };
  const loopback = ['127.0.0.1', 'localhost'];
  add('etcd', await etcdAuthority.issue({ commonName: 'etcd', hosts: loopback }));
  add('etcd-client', await etcdAuthority.issue({ commonName: 'kube-apiserver' }));
  add(
    'kube-apiserver',
    await authority.issue({ commonName: 'kube-apiserver', hosts: [...loopback, ...options.hosts] }),
  );
  add('kubelet-client', await authority.issue({ commonName: 'kube-apiserver', organizations: ['system:masters'] }));
  for (const [name, subject] of Object.entries(clients)) {
    files.set(`${name}.kubeconfig`, await kubeconfig(authority, options, subject));
  }
  if (options.node) {
    const { name, address } = options.node;
    add('kubelet', await authority.issue({ commonName: name, hosts: [name, address] }));
    const subject = { commonName: `system:node:${name}`, organizations: ['system:nodes'] };
    files.set('kubelet.kubeconfig', await kubeconfig(authority, options, subject));
  }
  return files;
}

async function kubeconfig(
  authority: CertificateAuthority,
  { clusterName, server }: CredentialsOptions,
  subject: { readonly commonName: string; readonly organizations?: readonly string[] },
): Promise<string> {
  const client = await authority.issue(subject);
  return renderKubeconfig({ name: clusterName, server, certificateAuthority: authority.certificate, client });
}

/** Writes the files below a folder, readable by their owner alone. */
export async function writeCredentials(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(folder, path), text, { mode: 0o600 });
  }
}
