import { createHmac } from 'node:crypto';

/** Before a secret in base64, as Standard Webhooks writes it. */
const secretPrefix = 'whsec_';
/** In bytes, as Standard Webhooks asks for. */
const keyBytes = { least: 24, most: 64 };
/** One in use, one that is coming or going, and some to spare. */
const mostKeys = 4;

/**
 * The keys of a text with one or more secrets, such as `whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw`, with blanks or line
 * breaks between them; undefined for any other text.
 */
export function parseSigningSecrets(text: string): readonly Buffer[] | undefined {
  const keys = text.trim().split(/\s+/).map(parseSecret);
  return keys.length <= mostKeys && keys.every((key) => key !== undefined) ? keys : undefined;
}

function parseSecret(secret: string): Buffer | undefined {
  if (!secret.startsWith(secretPrefix)) return undefined;
  const base64 = secret.slice(secretPrefix.length);
  const key = Buffer.from(base64, 'base64');
  // Node passes over whatever is no base64.
  if (key.toString('base64') !== base64) return undefined;
  return key.length >= keyBytes.least && key.length <= keyBytes.most ? key : undefined;
}

export interface Signable {
  /** The same for every attempt. */
  readonly id: string;
  /** Of this attempt. */
  readonly sentAt: Date;
  readonly body: Buffer;
}

/**
 * The headers by which a receiver knows who has sent a request, when, and whether it had it before
 * (https://www.standardwebhooks.com). There is a signature for each key: the receiver needs to have one of them.
 */
export function signedHeaders(keys: readonly Buffer[], { id, sentAt, body }: Signable): Record<string, string> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1000));
  const signatures = keys.map((key) => {
    const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
    return `v1,${hmac}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
