import type { V1Secret } from '@kubernetes/client-node';
import type { EventCluster } from '../../../api/event-cluster.ts';
import { isIpAddress } from '../../../lib/ip-address.ts';
import { textOf } from '../../brokers/user-secrets.ts';
import { objectLabels } from '../../pods/labels.ts';
import { brokersServiceName, component, externalHost, secretNames, type ClusterName } from '../names.ts';
import { areCertificates, isAuthority, isKeyPair, splitCertificates, type KeyPair } from './certificates.ts';
import type { Certificates, PresentCertificates } from './rotate-certificates.ts';

/** On the EventCluster, by its owner, and on the Secret of the authority that came of it: any other value asks for the next. */
export const rotateAnnotation = 'kafka-events.dev/rotate-ca';

/** Keys of the Secret that the pods of the brokers mount. Kafka reads a key and its certificates from one file. */
export const brokersSecretKeys = {
  /** What brokers show one another, and the operator. */
  internalCertificate: 'internal.crt',
  internalKey: 'internal.key',
  internalPem: 'internal.pem',
  /** Whom they let in there. */
  trusted: 'trusted.crt',
  /** What they show clients. */
  clientsCertificate: 'clients.crt',
  clientsKey: 'clients.key',
  clientsPem: 'clients.pem',
} as const;

/** In the same Secret, whose certificates clients may show, where the spec names such an authority. */
export const clientAuthoritiesKey = 'client-authorities.crt';

/** What brokers show clients, and what clients verify it with. */
export interface ClientCertificates {
  readonly pair: KeyPair;
  readonly ca: string;
}

/** What is read of a Secret. */
export type SecretData = Pick<V1Secret, 'data'> & { readonly metadata?: V1Secret['metadata'] | object };

/** By which clients reach the brokers: the Service, each broker, and the host outside. A wildcard: more brokers change nothing. */
export function clientHosts({ name, namespace }: ClusterName, { externalAccess }: EventCluster['spec']): string[] {
  const service = `${name}.${namespace}.svc.cluster.local`;
  const brokers = `*.${brokersServiceName({ name, namespace })}.${namespace}.svc.cluster.local`;
  const host = externalAccess && hostsOfAll(externalAccess.host);
  const external = host !== undefined && (isIpAddress(host) || !host.includes(':')) ? [host] : [];
  return [service, brokers, ...external];
}

/** More brokers change nothing here either. */
const hostsOfAll = (host: string) => (externalHost(host, 0) === host ? host : host.replace(/^[^.]*/, '*'));

/** All names that certificates of the operator's are good for: the same, shorter ones, and those for kubectl port-forward. */
export function brokerHosts(cluster: ClusterName, spec: EventCluster['spec']): string[] {
  const { name, namespace } = cluster;
  const shorter = [`${name}.${namespace}.svc`, `${name}.${namespace}`, name];
  return [...clientHosts(cluster, spec), ...shorter, 'localhost', '127.0.0.1'];
}

/**
 * What the Secrets of a cluster hold. What is missing, or somebody has changed so that it cannot be used, is as though it
 * had not been made.
 */
export function readCertificates(read: (name: string) => SecretData | undefined, cluster: ClusterName) {
  const names = secretNames(cluster);
  const pairIn = (name: string, certificateKey: string, privateKeyKey: string): KeyPair | undefined => {
    const secret = read(name);
    // Certificates are compared as texts, and other tools write more around them.
    const [certificate = ''] = splitCertificates(textOf(secret, certificateKey) ?? '');
    const pair = { certificate, privateKey: textOf(secret, privateKeyKey) ?? '' };
    return isKeyPair(pair) ? pair : undefined;
  };
  const { internalCertificate, internalKey, trusted } = brokersSecretKeys;
  const authority = pairIn(names.authority.name, 'ca.crt', 'ca.key');
  const brokers = pairIn(names.brokers.name, internalCertificate, internalKey);
  const operator = pairIn(names.operator.name, 'tls.crt', 'tls.key');
  const annotations = (read(names.authority.name)?.metadata as V1Secret['metadata'])?.annotations;
  const bundle = new Set(splitCertificates(textOf(read(names.brokers.name), trusted) ?? ''));
  return {
    ...(authority && isAuthority(authority) && { authority, rotation: annotations?.[rotateAnnotation] ?? '' }),
    trusted: [...bundle].filter((certificate) => areCertificates([certificate])),
    ...(brokers && { brokers }),
    ...(operator && { operator }),
  } satisfies PresentCertificates;
}

/** What brokers were given last for their clients, as their Secrets have it; undefined where that cannot be used. */
export function readGiven(read: (name: string) => SecretData | undefined, cluster: ClusterName) {
  const names = secretNames(cluster);
  const { clientsCertificate, clientsKey } = brokersSecretKeys;
  const brokers = read(names.brokers.name);
  const pair = {
    certificate: textOf(brokers, clientsCertificate) ?? '',
    privateKey: textOf(brokers, clientsKey) ?? '',
  };
  const ca = textOf(read(names.clientsCa.name), 'ca.crt');
  return {
    clients: ca !== undefined && isKeyPair(pair) ? { pair, ca } : undefined,
    clientAuthorities: textOf(brokers, clientAuthoritiesKey),
  };
}

/**
 * In the order in which they are to be written: the authority first, for all else can be made again with it.
 *
 * @param clientAuthorities PEM of those that sign certificates of clients, where these may show any
 */
export function certificateSecrets(
  cluster: ClusterName,
  { authority, rotation, trusted, brokers, operator }: Certificates,
  clients: ClientCertificates,
  clientAuthorities?: string,
): V1Secret[] {
  const names = secretNames(cluster);
  const bundle = pem(...trusted);
  const keys = brokersSecretKeys;
  return [
    secret(
      cluster,
      names.authority.name,
      { 'ca.crt': authority.certificate, 'ca.key': authority.privateKey },
      {
        [rotateAnnotation]: rotation,
      },
    ),
    secret(cluster, names.clientsCa.name, { 'ca.crt': clients.ca }),
    secret(cluster, names.brokers.name, {
      [keys.internalCertificate]: brokers.certificate,
      [keys.internalKey]: brokers.privateKey,
      [keys.internalPem]: pem(brokers.privateKey, brokers.certificate),
      [keys.trusted]: bundle,
      [keys.clientsCertificate]: clients.pair.certificate,
      [keys.clientsKey]: clients.pair.privateKey,
      [keys.clientsPem]: pem(clients.pair.privateKey, clients.pair.certificate),
      ...(clientAuthorities !== undefined && { [clientAuthoritiesKey]: clientAuthorities }),
    }),
    secret(cluster, names.operator.name, {
      'tls.crt': operator.certificate,
      'tls.key': operator.privateKey,
      'ca.crt': bundle,
    }),
  ];
}

function secret(
  { name: clusterName, namespace }: ClusterName,
  name: string,
  values: Readonly<Record<string, string>>,
  annotations?: Readonly<Record<string, string>>,
): V1Secret {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...{ name, namespace, labels: objectLabels(component, clusterName) },
      ...(annotations && { annotations }),
    },
    type: 'Opaque',
    data: Object.fromEntries(data) as Record<string, string>,
  };
}

const pem = (...texts: readonly string[]) => texts.map((text) => `${text.trim()}\n`).join('');
