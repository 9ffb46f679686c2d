import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type ConnectionOptions } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import {
  covers,
  createAuthority,
  isIssuedBy,
  isKeyPair,
  issueCertificate,
  splitCertificates,
} from '../../../../../src/operator/event-cluster/security/certificates.ts';

const now = new Date();
const hosts = ['events.tasks.svc.cluster.local', '*.events-brokers.tasks.svc.cluster.local', '10.0.0.7', 'localhost'];

describe('certificates of a cluster', () => {
  it('are good in the eyes of openssl, under their own authority only', async () => {
    const [authority, stranger] = [await createAuthority(now), await createAuthority(now)];
    const server = await issueCertificate(authority, { commonName: 'brokers', hosts }, now);
    const folder = await mkdtemp(join(tmpdir(), 'kafka-events-test-'));
    try {
      const file = async (name: string, text: string) => {
        await writeFile(join(folder, name), text);
        return join(folder, name);
      };
      const certificate = await file('server.crt', server.certificate);
      const verify = (trusted: string, ...more: string[]) =>
        promisify(execFile)('openssl', ['verify', '-x509_strict', '-CAfile', trusted, ...more, certificate]);
      const own = await file('own.crt', authority.certificate);
      const both = await file('both.crt', `${stranger.certificate}\n${authority.certificate}`);
      for (const trusted of [own, both])
        for (const purpose of ['sslserver', 'sslclient'])
          await verify(
            trusted,
            '-purpose',
            purpose,
            '-verify_hostname',
            'events-2.events-brokers.tasks.svc.cluster.local',
          );
      await expect(verify(await file('stranger.crt', stranger.certificate))).rejects.toThrow(
        /unable to get local issuer/,
      );
      await expect(verify(own, '-verify_hostname', 'events.other.svc.cluster.local')).rejects.toThrow(/mismatch/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('let brokers and operator know each other, and nobody else', async () => {
    const [authority, stranger] = [await createAuthority(now), await createAuthority(now)];
    const server = await issueCertificate(authority, { commonName: 'brokers', hosts }, now);
    const client = await issueCertificate(authority, { commonName: 'operator', hosts: [] }, now);
    const listener = createServer({
      ...{ cert: server.certificate, key: server.privateKey, ca: authority.certificate },
      ...{ requestCert: true, rejectUnauthorized: true },
    });
    const greeted = async (options: ConnectionOptions) => {
      const { port } = listener.address() as AddressInfo;
      const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ...options });
      try {
        // With TLS 1.3, a server that lets nobody in ends the connection after the client's handshake.
        const refused = once(socket, 'close').then(() => Promise.reject(new Error('closed')));
        const [data] = (await Promise.race([once(socket, 'data'), refused])) as [Buffer];
        refused.catch(() => {});
        return data.toString();
      } finally {
        socket.destroy();
      }
    };
    listener.on('secureConnection', (socket) => socket.end(String(socket.getPeerCertificate().subject.CN)));
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    try {
      const ca = authority.certificate;
      expect(await greeted({ ca, cert: client.certificate, key: client.privateKey })).toBe('operator');
      await expect(greeted({ ca })).rejects.toThrow();
      await expect(greeted({ ca: stranger.certificate })).rejects.toThrow(
        /self-signed certificate in certificate chain/,
      );
      const foreign = await issueCertificate(stranger, { commonName: 'operator', hosts: [] }, now);
      await expect(greeted({ ca, cert: foreign.certificate, key: foreign.privateKey })).rejects.toThrow();
    } finally {
      listener.close();
    }
  });

  it('never outlive their authority', async () => {
    const authority = await createAuthority(new Date('2020-01-01'));
    const server = await issueCertificate(authority, { commonName: 'brokers', hosts }, new Date('2024-12-01'));
    expect(new X509Certificate(server.certificate).validTo).toBe(new X509Certificate(authority.certificate).validTo);
  });

  it('are read back: hosts, issuer and key', async () => {
    const [authority, stranger] = [await createAuthority(now), await createAuthority(now)];
    const server = await issueCertificate(authority, { commonName: 'brokers', hosts }, now);
    expect(covers(server.certificate, hosts)).toBe(true);
    expect(covers(server.certificate, ['10.0.0.8'])).toBe(false);
    expect(covers(server.certificate, ['kafka.example.org'])).toBe(false);
    expect(isIssuedBy(server.certificate, authority.certificate)).toBe(true);
    expect(isIssuedBy(server.certificate, stranger.certificate)).toBe(false);
    expect(isKeyPair(server)).toBe(true);
    expect(isKeyPair({ ...server, privateKey: authority.privateKey })).toBe(false);
    expect(isKeyPair({ certificate: 'none', privateKey: '' })).toBe(false);
    expect(splitCertificates(`${server.certificate}\n${authority.certificate}\n`)).toHaveLength(2);
  });
});
