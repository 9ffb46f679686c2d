import { createDecipheriv, hkdfSync, type ECDH } from 'node:crypto';

/** What a browser keeps of its subscription to itself, to read messages with. */
export interface BrowserKeys {
  readonly pair: ECDH;
  readonly auth: Buffer;
}

/** What a record ends with: padding may follow it. */
const lastRecord = 2;

/**
 * Reads a message as a browser does (RFC 8291 and RFC 8188): the one record that it has.
 *
 * @throws {Error} when it is not for this browser, or was changed on the way
 */
export function readPushMessage(body: Buffer, { pair, auth }: BrowserKeys): string {
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const keyLength = body.readUInt8(20);
  const senderPoint = body.subarray(21, 21 + keyLength);
  const sealed = body.subarray(21 + keyLength);
  if (sealed.length > recordSize) throw new Error('A message has one record');
  const derive = (material: Buffer, salted: Buffer, info: Buffer, length: number) =>
    Buffer.from(hkdfSync('sha256', material, salted, info, length));
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), senderPoint]);
  const material = derive(pair.computeSecret(senderPoint), auth, keyInfo, 32);
  const key = derive(material, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(material, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  const text = padded.toString().replace(/\0*$/, '');
  if (text.charCodeAt(text.length - 1) !== lastRecord) throw new Error('The record is not the last one');
  return text.slice(0, -1);
}
