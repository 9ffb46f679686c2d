import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { scramMechanisms } from './protocol/user-scram-credentials.ts';

export type ScramMechanism = keyof typeof scramMechanisms;

/** What brokers accept, and what they take as a rule: RFC 7677 asks for 4,096 at the least, Kafka for 16,384 at most. */
export const scramIterations = { least: 4096, most: 16_384 };

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
