import { createHash } from 'node:crypto';

/** The namespace of our user names: any UUID will do, as long as it never changes. */
const namespace = Buffer.from('6f1c1f0e5d6a4c0f9a3be6b1d0c7a2e4', 'hex');

/** The id of a user: UUID version 5 of the name (RFC 9562, 5.5), so that it is the same in every replica. */
export function userIdOf(name: string): string {
  const hash = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
