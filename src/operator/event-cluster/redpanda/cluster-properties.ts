import { z } from 'zod';
import { parseExactJson, stringifyExactJson } from '../../../lib/exact-json.ts';
import { brokerHost, type ClusterName } from '../names.ts';
import { redpandaPorts } from './layout.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';

const timeoutMilliseconds = 5_000;

type Properties = Readonly<Record<string, unknown>>;

/** The admin API of the first broker; each of them answers for the whole cluster. */
export const adminUrl = (cluster: ClusterName) => `http://${brokerHost(cluster, 0)}:${redpandaPorts.admin}`;

/**
 * Sets cluster properties that are not as they should be, and leaves all others alone. Brokers take most of them in as
 * they run; of the few that want a restart, `rpk cluster config status` tells.
 *
 * @returns why the brokers refuse them; nothing when they cannot be asked now, which is tried again
 */
export async function alignClusterProperties(admin: string, wanted: Properties): Promise<Problem | undefined> {
  if (Object.keys(wanted).length === 0) return undefined;
  const present = await request(admin, 'GET');
  if (!present?.ok) return undefined;
  const upsert = differing(wanted, z.record(z.string(), z.unknown()).parse(parseExactJson(await present.text())));
  if (Object.keys(upsert).length === 0) return undefined;
  const answer = await request(admin, 'PUT', stringifyExactJson({ upsert, remove: [] }));
  if (!answer || answer.ok || answer.status >= 500) return undefined;
  const message =
    `The brokers refuse ${Object.keys(upsert).join(', ')} of spec.config: ${await answer.text()}. ` +
    `Correct them, or leave them out.`;
  return { reason: 'ConfigRefused', message, failed: true };
}

function differing(wanted: Properties, present: Properties): Properties {
  const entries = Object.entries(wanted).filter(([name, value]) => String(present[name]) !== String(value));
  return Object.fromEntries(entries);
}

/** Undefined where nobody answers: whether brokers can be reached, another check tells. */
async function request(admin: string, method: 'GET' | 'PUT', body?: string): Promise<Response | undefined> {
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const options = { method, headers, signal, ...(body !== undefined && { body }) };
  return fetch(`${admin}/v1/cluster_config`, options).catch(() => undefined);
}
