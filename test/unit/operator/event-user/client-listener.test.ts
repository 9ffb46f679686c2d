import { describe, expect, it } from '@jest/globals';
import type { EventCluster } from '../../../../src/api/event-cluster.ts';
import { seeListener } from '../../../../src/operator/event-user/client-listener.ts';
import type { Caches } from '../../../../src/operator/runtime/cache/caches.ts';

/** Secrets of the namespace of the cluster, by name and key. */
function cachesWith(secrets: Readonly<Record<string, Readonly<Record<string, string>>>>): Caches {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const get = ({ namespace, name }: { namespace: string; name: string }) => {
    const data = namespace === 'shop' ? secrets[name] : undefined;
    return data && { data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, encode(text)])) };
  };
  return { of: () => ({ get }) } as unknown as Caches;
}

function cluster(spec: object): EventCluster {
  const status = { bootstrapServers: 'events.shop.svc.cluster.local:9092' };
  return { metadata: { name: 'events', namespace: 'shop' }, spec, status } as EventCluster;
}

describe('the listener for the clients of a user', () => {
  it("is that of the cluster's clients where the operator has a listener of its own", () => {
    const closed = { engine: 'Kafka', security: { tls: { enabled: true }, authentication: { enabled: true } } };
    const caches = cachesWith({ 'events-ca': { 'ca.crt': 'for clients' }, 'events-operator-tls': { 'ca.crt': 'own' } });
    expect(seeListener(cluster(closed), caches)).toEqual({
      bootstrapServers: 'events.shop.svc.cluster.local:9092',
      tls: { ca: 'for clients' },
      hasPasswords: true,
      hasCertificates: false,
    });
    const clientCertificates = { caSecretRef: { name: 'company-ca', key: 'ca.crt' } };
    const both = { ...closed, security: { ...closed.security, authentication: { enabled: true, clientCertificates } } };
    expect(seeListener(cluster(both), caches)).toMatchObject({ hasPasswords: true, hasCertificates: true });
  });

  it('is the one that the operator uses, too, where somebody else runs the brokers', () => {
    const external = {
      engine: 'External',
      tls: { caSecretRef: { name: 'authority', key: 'ca.crt' } },
      authentication: { mechanism: 'SCRAM-SHA-512', credentialsSecretRef: { name: 'credentials' } },
    };
    const caches = cachesWith({ authority: { 'ca.crt': 'theirs' } });
    expect(seeListener(cluster(external), caches)).toMatchObject({
      tls: { ca: 'theirs' },
      hasPasswords: true,
      hasCertificates: true,
    });
  });

  it('asks nobody for a password where the cluster lets everybody in', () => {
    expect(seeListener(cluster({ engine: 'Kafka' }), cachesWith({}))).toEqual({
      bootstrapServers: 'events.shop.svc.cluster.local:9092',
      hasPasswords: false,
      hasCertificates: false,
    });
  });
});
