import { createHash, X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';

/**
 * Writes the certificate authorities that Node trusts, and with it npm, in Java's own format (JKS): Debian makes this file
 * when its packages are installed, which they are not here.
 */
export async function writeTrustStore(path: string): Promise<void> {
  const authorities = new Set([...getCACertificates('default'), ...getCACertificates('system')]);
  const entries = [...authorities].flatMap((pem, index) => entry(`authority-${index}`, new X509Certificate(pem).raw));
  const store = Buffer.concat([number(magic), number(2), number(authorities.size), ...entries]);
  await writeFile(path, Buffer.concat([store, seal(store)]));
}

const magic = 0xfeedfeed;
const trustedCertificate = 2;

function entry(alias: string, certificate: Buffer): Buffer[] {
  const never = Buffer.alloc(8);
  return [number(trustedCertificate), text(alias), never, text('X.509'), number(certificate.length), certificate];
}

/** Java asks for it only where a password is given. */
function seal(store: Buffer): Buffer {
  const password = Buffer.from('changeit', 'utf16le').swap16();
  return createHash('sha1').update(password).update('Mighty Aphrodite').update(store).digest();
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
