import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { scramMechanisms } from './protocol/user-scram-credentials.ts';

export type ScramMechanism = keyof typeof scramMechanisms;

/** RFC 7677 asks for as many; Kafka takes no fewer. */
export const fewestScramIterations = 4096;

const hashes = {
  'SCRAM-SHA-256': { name: 'sha256', bytes: 32 },
  'SCRAM-SHA-512': { name: 'sha512', bytes: 64 },
} as const;

const derive = promisify(pbkdf2);

/** What a broker is given instead of a password (RFC 5802): whoever has it cannot log in with it, nor turn it back. */
export function saltPassword(
  password: string,
  salt: Buffer,
  iterations: number,
  mechanism: ScramMechanism,
): Promise<Buffer> {
  const { name, bytes } = hashes[mechanism];
  return derive(password, salt, iterations, bytes, name);
}
