import type { CertificateIssuer, EventCluster } from '../../../api/event-cluster.ts';
import { isIpAddress } from '../../../lib/ip-address.ts';
import { applyOwned } from '../../apply-owned.ts';
import { objectLabels } from '../../pods/labels.ts';
import type { ObjectKind } from '../../runtime/object-kind.ts';
import type { KubernetesObject, Manifest } from '../../runtime/objects.ts';
import type { Context } from '../../runtime/reconcile/controller.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { hasCode } from '../../runtime/transport/kubernetes-error.ts';
import { clientsCertificateName, component } from '../names.ts';
import { clientHosts } from './secrets.ts';

/** Of cert-manager, as far as the operator goes by it. Nobody watches it: not every Kubernetes cluster has the kind. */
export interface Certificate extends KubernetesObject {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

export const certificates: ObjectKind<Certificate> = {
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  plural: 'certificates',
};

/**
 * Asks cert-manager for what brokers show to clients, and keeps the request as the spec has it.
 *
 * @returns why there may be no certificate yet: what cert-manager says of the request, or that it is not there
 * @throws {ExpectedError} NameTaken, or a KubernetesErrorCode
 */
export async function requestCertificate(context: Context<EventCluster>, issuer: CertificateIssuer): Promise<Problem> {
  try {
    const { metadata, status } = await applyOwned(context, certificates, manifestOf(context.object, issuer));
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    const said = ready?.message ?? 'cert-manager has not looked at it yet.';
    const message = `Certificate ${metadata.name} is not issued yet: ${said}`;
    return { reason: 'CertificateNotIssued', message, failed: false, needsPerson: ready?.status === 'False' };
  } catch (error) {
    if (!hasCode(error, 'NotFound')) throw error;
    const message =
      'spec.security.tls.certificates.issuerRef: this Kubernetes cluster has no Certificates of cert-manager. Install ' +
      'cert-manager; the operator looks again every 30 seconds.';
    return { reason: 'CertManagerMissing', message, failed: false, needsPerson: true };
  }
}

function manifestOf({ metadata, spec }: EventCluster, { name, kind, group }: CertificateIssuer): Manifest {
  const hosts = clientHosts(metadata, spec);
  const addresses = hosts.filter(isIpAddress);
  const certificate = {
    apiVersion: certificates.apiVersion,
    kind: certificates.kind,
    metadata: {
      ...{ name: clientsCertificateName(metadata), namespace: metadata.namespace },
      labels: objectLabels(component, metadata.name),
    },
    spec: {
      secretName: clientsCertificateName(metadata),
      issuerRef: { name, kind, group },
      dnsNames: hosts.filter((host) => !isIpAddress(host)),
      ...(addresses.length > 0 && { ipAddresses: addresses }),
      // Kafka reads no other encoding of a key.
      privateKey: { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8', rotationPolicy: 'Always' },
      usages: ['digital signature', 'key encipherment', 'server auth'],
    },
  };
  return certificate;
}
