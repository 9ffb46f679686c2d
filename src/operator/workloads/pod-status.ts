import { readText } from '../../lib/bounded-text.ts';
import { metricsPort } from './deployment.ts';

/** Reads the JSON that a pod answers at /status; rejects when it answers none, or too much of it. */
export type ReadPodStatus = (podIp: string) => Promise<unknown>;

/** From the connection to the last byte. */
const timeoutMilliseconds = 2_000;
/** A status has some hundred bytes. */
const longestBytes = 64 * 1024;

/** The address is what somebody wrote into a pod's status, so that nothing behind it is trusted to be one of ours. */
export const readPodStatus: ReadPodStatus = (podIp) => readStatusAt(podIp, metricsPort);

export async function readStatusAt(ip: string, port: number): Promise<unknown> {
  const host = ip.includes(':') ? `[${ip}]` : ip;
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const { body } = await fetch(`http://${host}:${port}/status`, { signal, redirect: 'error' });
  return JSON.parse(await readText((body ?? []) as AsyncIterable<Uint8Array>, longestBytes));
}
