import { stringify } from 'yaml';
import type { KeyPair } from './certificates.ts';

/** How a client reaches an API server and proves who it is. */
export interface Access {
  /** The name of the context, cluster and user in the file. */
  readonly name: string;
  /** https://host:port */
  readonly server: string;
  /** The authority that the server's certificate is verified with, PEM. */
  readonly certificateAuthority: string;
  readonly client: KeyPair;
}

/** A kubeconfig file's text; everything is within it, so that it can be copied and mounted anywhere. */
export function renderKubeconfig({ name, server, certificateAuthority, client }: Access): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(certificateAuthority) } }],
    users: [
      {
        name,
        user: {
          'client-certificate-data': base64(client.certificate),
          'client-key-data': base64(client.privateKey),
        },
      },
    ],
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
